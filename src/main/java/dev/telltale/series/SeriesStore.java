package dev.telltale.series;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// Series and their samples. What a method has returned from is on disk and survives the end of the
/// process.
public interface SeriesStore {

    /// The series of this identity, made if there is none.
    ///
    /// @throws dev.telltale.problem.Problem if the limit of series is reached
    Series findOrCreate(SeriesKey key);

    Optional<Series> find(SeriesKey key);

    Optional<Series> find(long id);

    /// All series with this metric name, by id.
    List<Series> named(String name);

    /// All series that the selector matches, by id, those above `afterId` only, at most `limit`.
    List<Series> select(Selector selector, long afterId, int limit);

    /// Changes what may change of a series.
    Series describe(long id, Optional<String> unit, Optional<Duration> interval);

    /// Stores a batch whole or not at all. Within one batch a time may stand once per series.
    ///
    /// @throws dev.telltale.problem.Problem with the conflicts, if one is refused
    Acceptance append(SampleBatch batch, OnConflict onConflict);

    /// Stores samples of one series whole or not at all; many are stored without passing through the
    /// journal.
    ///
    /// @throws dev.telltale.problem.Problem with the conflicts, if one is refused
    Acceptance append(long seriesId, Samples samples, OnConflict onConflict);

    /// Samples from `start` to `end`, both inclusive.
    Samples read(long seriesId, long start, long end);

    /// Hands samples from `start` to `end`, both inclusive, to `page` in order, some thousands at a time.
    default void scan(long seriesId, long start, long end, Consumer<Samples> page) {
        scanWhile(seriesId, start, end, samples -> {
            page.accept(samples);
            return true;
        });
    }

    /// As `scan`, until `wantsMore` has said no: nothing behind that page is read.
    void scanWhile(long seriesId, long start, long end, Predicate<Samples> wantsMore);

    /// Forgets the series with its samples and annotations; false if there is none of this id.
    boolean delete(long id);
}
