package dev.telltale.series;

import java.util.Optional;

/// What other rooms know of samples, to be read beside them: `?with=score:cpu`.
public interface SampleColumn {

    /// What it is asked for by, before the colon: `score`.
    String name();

    /// Its values beside the samples of a series.
    ///
    /// @param of what stands behind the colon, such as a detector's name
    /// @param start time of the first sample that is asked for, epoch milliseconds UTC
    /// @throws dev.telltale.problem.Problem if it knows nothing of that series, or there is no such thing
    Values values(String of, Series series, long start);

    /// Values beside samples.
    interface Values {

        /// The value beside the sample at a time; asked for in the order of time.
        Optional<Double> at(long time);
    }
}
