package dev.telltale.series;

import dev.telltale.http.Conditions;
import dev.telltale.http.EntityTag;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/// Annotations of series, on disk when a method has returned. They go with their series. A change is made
/// only if the annotations of its series, all sets together, meet the conditions then.
public interface AnnotationStore {

    /// Annotations that one series may have, all its sets together.
    int MOST_OF_A_SERIES = 10_000;

    /// A place in the list of a series' annotations: behind the one of this start and id.
    record Place(long start, long id) {

        public static final Place FIRST = new Place(Long.MIN_VALUE, 0);

        static Place behind(Annotation annotation) {
            return new Place(annotation.start(), annotation.id());
        }
    }

    /// Those that the filter lets pass in the order of their starts, from `place` on, at most `limit`.
    List<Annotation> list(long seriesId, AnnotationFilter filter, Place place, int limit);

    Optional<Annotation> find(long seriesId, long id);

    /// Names the state of a series' annotations, those of all its sets together.
    EntityTag tag(long seriesId);

    /// Adds one; its id is ignored and given anew.
    ///
    /// @throws dev.telltale.problem.Problem if the series is not there or has as many as it may
    Annotation add(long seriesId, Annotation annotation, Conditions conditions);

    /// As `add`, whatever is there.
    default Annotation add(long seriesId, Annotation annotation) {
        return add(seriesId, annotation, Conditions.NONE);
    }

    /// As `add`, in a transaction of the caller's; nothing where the series is not there.
    Optional<Annotation> add(Connection connection, long seriesId, Annotation annotation) throws SQLException;

    /// Replaces all annotations of one set; ids in `annotations` are ignored and given anew.
    ///
    /// @throws dev.telltale.problem.Problem if the series is not there or would have more than it may
    List<Annotation> replace(long seriesId, String set, List<Annotation> annotations, Conditions conditions);

    /// As `replace`, whatever is there.
    default List<Annotation> replace(long seriesId, String set, List<Annotation> annotations) {
        return replace(seriesId, set, annotations, Conditions.NONE);
    }

    /// Removes one; false if the series has none of this id.
    boolean delete(long seriesId, long id, Conditions conditions);

    /// As `delete`, whatever is there.
    default boolean delete(long seriesId, long id) {
        return delete(seriesId, id, Conditions.NONE);
    }

    /// As `delete`, in a transaction of the caller's.
    boolean delete(Connection connection, long seriesId, long id) throws SQLException;

    /// Annotations of one set of a series in the order of their starts.
    default List<Annotation> of(long seriesId, String set) {
        return list(seriesId, AnnotationFilter.ofSet(set), Place.FIRST, MOST_OF_A_SERIES);
    }
}
