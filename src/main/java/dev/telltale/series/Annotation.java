package dev.telltale.series;

import java.util.Optional;

/// What somebody says of a time range of a series.
///
/// @param id given by the server
/// @param start first moment, epoch milliseconds UTC
/// @param end last moment, inclusive, not before `start`
/// @param set name of the label set it belongs to, `default` if none was named
public record Annotation(
        long id, long start, long end, Verdict verdict, String set, Source source, Optional<String> note) {

    public enum Verdict {
        ANOMALOUS,
        NORMAL
    }

    public enum Source {
        USER,
        DATASET,
        FEEDBACK
    }

    public boolean covers(long time) {
        return start <= time && time <= end;
    }
}
