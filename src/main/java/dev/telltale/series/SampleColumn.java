package dev.telltale.series;

import java.util.Optional;

/// What other rooms know of samples, to be read beside them: `?with=score:cpu`.
public interface SampleColumn {

    /// What it is asked for by, before the colon: `score`.
    String name();

    /// Its values over a range of a series.
    ///
    /// @param of what stands behind the colon, such as a detector's name
    /// @param start first time of the samples, epoch milliseconds UTC
    /// @param end last time, inclusive
    /// @throws dev.telltale.problem.Problem if it knows nothing of that series, or there is no such thing
    Values values(String of, Series series, long start, long end);

    /// Values beside samples.
    interface Values {

        /// The value of the sample at a time; asked for in the order of time.
        Optional<Double> at(long time);
    }
}
