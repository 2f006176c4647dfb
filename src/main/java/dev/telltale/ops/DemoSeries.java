package dev.telltale.ops;

import dev.telltale.series.Samples;
import java.util.List;

/// A made-up series and what was planted in it.
///
/// @param name of the series
/// @param model name of the model that is trained on it
/// @param unit of its values
/// @param incidents in the order of time, none touching another
record DemoSeries(String name, String model, String unit, Samples samples, List<Incident> incidents) {

    /// A stretch of time in which something goes wrong.
    ///
    /// @param start first moment, epoch milliseconds UTC
    /// @param end last moment, inclusive
    /// @param what goes wrong, in a few words
    record Incident(long start, long end, String what) {

        boolean covers(long time) {
            return start <= time && time <= end;
        }
    }
}
