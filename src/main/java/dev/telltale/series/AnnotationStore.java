package dev.telltale.series;

import java.util.List;

/// Annotations of series, on disk when a method has returned.
public interface AnnotationStore {

    /// Annotations of one set of a series in the order of their starts.
    List<Annotation> of(long seriesId, String set);

    /// Annotations of all sets of a series in the order of their starts.
    List<Annotation> of(long seriesId);

    /// Replaces all annotations of one set; ids in `annotations` are ignored and given anew.
    List<Annotation> replace(long seriesId, String set, List<Annotation> annotations);
}
