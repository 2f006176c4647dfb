package dev.telltale.series;

import java.util.Optional;

/// Which annotations of a series are meant.
///
/// @param set of this label set only, if given
/// @param verdict with this verdict only, if given
/// @param start those that end before this time, epoch milliseconds UTC, are left out
/// @param end those that start after this time are left out
public record AnnotationFilter(Optional<String> set, Optional<Annotation.Verdict> verdict, long start, long end) {

    public static final AnnotationFilter ALL =
            new AnnotationFilter(Optional.empty(), Optional.empty(), Long.MIN_VALUE, Long.MAX_VALUE);

    static AnnotationFilter ofSet(String set) {
        return new AnnotationFilter(Optional.of(set), Optional.empty(), Long.MIN_VALUE, Long.MAX_VALUE);
    }
}
