package dev.telltale.series;

import dev.telltale.database.SqlWork;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/// Where samples are safe from the moment they are accepted until they lie in chunks, and the one way in
/// which what is stored of a series changes: batches come in as rows of the log and stay in the heads of
/// their series, later they move to chunks, and rows that no head needs go.
///
/// Who changes series holds them. What a change has returned from is on disk; what it throws has changed
/// nothing.
interface SampleLog extends AutoCloseable {

    /// Stores what is new of a batch.
    ///
    /// @param held the series of each run of the batch
    /// @param check compares it with what is stored, and may refuse it
    /// @param together is done in the same transaction, also where all samples are known
    /// @return what was stored before
    ConflictCheck.Known append(
            List<StoredSeries> held, SortedBatch batch, ConflictCheck check, Optional<SqlWork<?>> together);

    /// Moves the samples of the heads of these series to chunks.
    void move(List<StoredSeries> held);

    /// Moves the heads of these series to chunks and then changes the chunks: with nothing in the heads, a read
    /// of one of them sees the change whole or not at all.
    void change(List<StoredSeries> held, ChunkWork work);

    /// Deletes old chunks of these series, also where no room is left.
    Expiry.Expired expire(List<StoredSeries> held, SqlWork<Expiry.Expired> work);

    /// Deletes a series with its samples, also where no room is left.
    ///
    /// @param wanted is asked first, with the version, when nothing can come between any more; what it throws
    ///     leaves the series as it is
    /// @param work deletes its rows, or none, and gives back how many series that were
    /// @return whether it is deleted
    boolean delete(StoredSeries held, Predicate<String> wanted, SqlWork<Integer> work);

    /// Changes unit and interval of a series; what `change` throws leaves them as they are.
    ///
    /// @return the series as it is then
    Series describe(StoredSeries held, UnaryOperator<Series> change);

    /// Notes that senders said of series that they end, where others than the caller tell listeners of it. They need
    /// not be held.
    ///
    /// @param series each once
    /// @param times of the ends, by place
    void end(List<StoredSeries> series, long[] times);

    /// Tells a listener from now on of what comes to the partitions that this process owns.
    ///
    /// @return whether it does; otherwise who stores something is to tell
    boolean tells(SampleListener listener);

    /// Tells listeners what they have not heard yet. To be called by who holds nothing.
    void announce();

    /// The head of a series with all that was accepted before now.
    Head head(StoredSeries series);

    /// Time of the newest sample of each of these series by its id, `Long.MIN_VALUE` if it has none, with all that was
    /// accepted before now.
    default Map<Long, Long> newest(List<StoredSeries> series) {
        Map<Long, Long> newest = new HashMap<>();
        series.forEach(one -> newest.put(one.id(), head(one).newest()));
        return newest;
    }

    /// Another text after each change of the samples of a series.
    String version(StoredSeries series);

    /// What is stored of a series from `start` to `end`, both inclusive, at one moment.
    ///
    /// @param mostChunks to read, from the first on
    Moment moment(StoredSeries series, long start, long end, int mostChunks);

    /// The series that this process tends: it moves their heads to chunks in time and has them expire.
    Collection<StoredSeries> tended();

    /// Bytes of all rows.
    long bytes();

    /// Tells which of the tended series hold on to the older half of the rows, which can be trimmed once their heads
    /// have moved.
    Predicate<StoredSeries> olderHalf();

    /// Deletes the rows whose samples are all in chunks, and lets go of what else is not needed.
    void trim();

    /// Ends what goes on in the background.
    @Override
    void close();
}
