package dev.telltale.attention;

import dev.telltale.signal.Scaling;
import java.util.Arrays;

/// The last window of a stored series.
///
/// @param times of its rows, epoch milliseconds UTC
/// @param values of its rows, in units of the series
/// @param scaling their mean and standard deviation, which become 0 and 1
@SuppressWarnings("ArrayRecordComponent") // handed from one step to the next, compared by nobody
record StoredWindow(long[] times, double[] values, Scaling scaling) {

    /// The rows as a network would see them.
    double[] scaled() {
        return Arrays.stream(values).map(value -> scaling.scale(0, value)).toArray();
    }
}
