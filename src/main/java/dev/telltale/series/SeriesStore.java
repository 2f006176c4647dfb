package dev.telltale.series;

import dev.telltale.database.SqlWork;
import dev.telltale.http.EntityTag;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/// Series and their samples. What a method has returned from is on disk and survives the end of the
/// process.
public interface SeriesStore {

    /// The series of this identity, made if there is none.
    ///
    /// @throws dev.telltale.problem.Problem if the limit of series is reached
    default Series findOrCreate(SeriesKey key) {
        return find(key).or(() -> create(key)).or(() -> find(key)).orElseGet(() -> findOrCreate(key));
    }

    /// The series of this identity, made by this call; empty if it was there.
    ///
    /// @throws dev.telltale.problem.Problem if the limit of series is reached
    Optional<Series> create(SeriesKey key);

    /// The series of these identities in their order. Those that are missing are made together.
    ///
    /// @param made is told of those that this call made
    /// @throws dev.telltale.problem.Problem if the limit of series is reached; none was made then
    List<Series> findOrCreate(List<SeriesKey> keys, Consumer<Series> made);

    /// The series of these identities in their order. Those that are missing are made together, the first of
    /// them as far as there is room.
    ///
    /// @return empty where the limit of series is reached
    List<Optional<Series>> findOrCreateThatFit(List<SeriesKey> keys);

    Optional<Series> find(SeriesKey key);

    /// The series of this identity if this process has heard of it, which costs nothing. What another made a moment ago
    /// may be missing.
    Optional<Series> known(SeriesKey key);

    /// The series of these identities in their order, empty where there is none.
    List<Optional<Series>> find(List<SeriesKey> keys);

    Optional<Series> find(long id);

    /// Of these ids those of series that were deleted in the last hour; none where the store does not note that.
    Map<Long, GoneSeries> gone(Collection<Long> ids);

    /// The partition in which a series lies, from 0; it stays the same for as long as there is the series. 0 where the
    /// store has no partitions.
    ///
    /// @throws dev.telltale.problem.Problem if there is none of this id
    int partition(long id);

    /// All series with this metric name, by id.
    List<Series> named(String name);

    /// All series that the selector matches, by id, those above `afterId` only, at most `limit`.
    List<Series> select(Selector selector, long afterId, int limit);

    /// Names the state of a series as callers see it. Its first part stays while unit and interval do; its
    /// second changes with the samples. Processes that share a store name it alike; where one has it for itself, it
    /// changes when that begins anew too.
    ///
    /// @throws dev.telltale.problem.Problem if there is none of this id
    EntityTag tag(long id);

    /// Changes what may change of a series: unit and interval. What `change` throws leaves them as they are.
    Series describe(long id, UnaryOperator<Series> change);

    /// Stores a batch whole or not at all. Within one batch a time may stand once per series.
    ///
    /// @throws dev.telltale.problem.Problem with the conflicts, if one is refused
    Acceptance append(SampleBatch batch, OnConflict onConflict);

    /// Stores the samples of a batch that contradict no stored one. Within one batch a time may stand once per
    /// series.
    Kept appendConsistent(SampleBatch batch);

    /// As `append(batch, onConflict)`, and in the same transaction does something else, also where all samples are
    /// known: both are on disk, or neither.
    ///
    /// @param together does not ask for another write; where processes share a store it is no ordered write, so it
    ///     locks what must stay as it finds it
    Acceptance append(SampleBatch batch, OnConflict onConflict, SqlWork<?> together);

    /// Stores the samples of an upload whole or not at all, over all its series. Reads go on meanwhile and
    /// see of each series all or nothing.
    ///
    /// @param seriesIds of its series, by their numbers
    /// @throws dev.telltale.problem.Problem with the conflicts, if one is refused
    Uploaded append(UploadSamples upload, long[] seriesIds, OnConflict onConflict);

    /// Notes that senders said of series that no more samples of them come. Series that are not there are left out.
    ///
    /// @param times of the ends by place, epoch milliseconds UTC
    void end(long[] seriesIds, long[] times);

    /// Tells a listener from now on of what is stored, whoever stores it, where it belongs to the partitions that this
    /// process owns.
    ///
    /// @return whether it does; otherwise who stores something is to tell
    boolean tells(SampleListener listener);

    /// Time of the newest sample; empty without any, or without such a series.
    OptionalLong newest(long seriesId);

    /// The same of several series in their order, with one look at all of them.
    List<OptionalLong> newest(List<Long> seriesIds);

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

    /// Forgets samples of all series that are more than `age` older than the newest of theirs. What goes is
    /// never younger; some of what is older may stay until a later call.
    ///
    /// @return how many samples were forgotten
    long expire(Duration age);

    /// Forgets the series with its samples and annotations; false if there is none of this id.
    ///
    /// @param check sees the state before that, in which nothing can come between; what it throws leaves the
    ///     series as it is
    boolean delete(long id, Consumer<EntityTag> check);

    /// As `delete`, whatever state it is in.
    default boolean delete(long id) {
        return delete(id, anyState -> {});
    }

    /// Deletes the series unless somebody holds it for longer than a moment.
    ///
    /// @return whether there is none of this id any more
    boolean deleteIfFree(long id);

    /// Forgets the series if it has no samples, and no unit, interval or annotation from which one could tell
    /// that somebody means to use it, and nobody writes to it now; false if it stays, or is not there.
    boolean deleteIfUnused(long id);
}
