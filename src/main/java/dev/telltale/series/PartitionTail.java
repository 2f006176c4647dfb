package dev.telltale.series;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/// How far this process has read the log of a partition: the heads of its series are those that the log tells up to
/// there. Whoever needs them newer reads on, in his own transaction.
///
/// Rows that were read are committed, so what becomes of that transaction does not matter. A tail is cold until
/// somebody asks for it, or after its rows were deleted before it had read them: then the heads are made anew from the
/// series table and all rows.
final class PartitionTail {

    private static final long COLD = -1;

    private final int partition;
    private final SeriesRegistry registry;
    private final HeadMemory memory;
    private final PartitionNews news;
    /// Of this process one thread at a time writes to the partition; the others wait here and not with a connection.
    private final ReentrantLock writer = new ReentrantLock(true);

    private final ReentrantLock mutex = new ReentrantLock();
    private final Set<StoredSeries> filled = new HashSet<>(); // series whose heads have samples; guarded by mutex
    private volatile long position = COLD; // sequence of the row that was read last; changes under mutex
    private long bytes; // of the rows in the table, as far as is known; guarded by mutex
    private long asked = System.nanoTime(); // when somebody wanted it last; guarded by mutex

    /// @param news takes what the log tells, while this process owns the partition
    PartitionTail(int partition, SeriesRegistry registry, HeadMemory memory, PartitionNews news) {
        this.partition = partition;
        this.registry = registry;
        this.memory = memory;
        this.news = news;
    }

    int partition() {
        return partition;
    }

    /// Held by the thread of this process that writes to the partition, or lets go of it.
    ReentrantLock writer() {
        return writer;
    }

    /// Looks at heads that are as new as this row of the log or newer. They do not change meanwhile.
    ///
    /// @param connection in whose transaction the rows up to this one are to be seen
    /// @param look asks for nothing that others may hold
    <T> T at(Connection connection, long sequence, Supplier<T> look) throws SQLException {
        mutex.lock();
        try {
            asked = System.nanoTime();
            if (position == COLD || (sequence > position && !follow(connection, sequence))) {
                attach(connection, sequence);
            }
            return look.get();
        } finally {
            mutex.unlock();
        }
    }

    /// Makes heads as new as this row of the log.
    void readTo(Connection connection, long sequence) throws SQLException {
        at(connection, sequence, () -> true);
    }

    /// Makes heads as new as this row of the log, and takes later ones as news from now on. Ends of series are news
    /// too, those of before as well: nobody may have owned the partition then, and no store tells of them.
    ///
    /// @return false if heads are newer than that row already: it is to be tried with the next one
    boolean beginNews(Connection connection, long sequence) throws SQLException {
        Telling ends = new Telling(registry);
        PartitionTable.ends(connection, partition, sequence, ends::ended);
        return at(connection, sequence, () -> {
            boolean isLatest = position == sequence;
            if (isLatest) {
                news.begin(sequence + 1, ends.all());
            }
            return isLatest;
        });
    }

    /// What listeners have not heard yet of what the log tells.
    PartitionNews news() {
        return news;
    }

    /// Takes a row that this process has committed, unless somebody has read it from the table already.
    void took(LogRow row) {
        mutex.lock();
        try {
            if (position != COLD && row.sequence() == position + 1) {
                take(row);
                position = row.sequence();
            }
        } finally {
            mutex.unlock();
        }
    }

    boolean isCold() {
        return position == COLD;
    }

    /// Whether it has not read this row of the log.
    boolean isBehind(long sequence) {
        return position < sequence;
    }

    /// Whether nobody has wanted it for so long.
    boolean isIdle(Duration time) {
        mutex.lock();
        try {
            return System.nanoTime() - asked > time.toNanos();
        } finally {
            mutex.unlock();
        }
    }

    /// Forgets the heads, unless somebody writes to the partition.
    void letGo() {
        if (!writer.tryLock()) {
            return;
        }
        try {
            mutex.lock();
            try {
                position = COLD;
                bytes = 0;
                for (StoredSeries series : filled) {
                    memory.empty(series, series.head().newestInChunks());
                }
                filled.clear();
            } finally {
                mutex.unlock();
            }
        } finally {
            writer.unlock();
        }
    }

    /// Bytes of the rows in the table, as far as is known.
    long bytes() {
        mutex.lock();
        try {
            return bytes;
        } finally {
            mutex.unlock();
        }
    }

    /// Corrects what is known of the bytes of the rows.
    void counted(long bytesInTable) {
        mutex.lock();
        try {
            bytes = position == COLD ? 0 : bytesInTable;
        } finally {
            mutex.unlock();
        }
    }

    /// Sequence of the oldest row that heads need, or that was not read yet; 0 while that is not known.
    long oldestNeeded() {
        mutex.lock();
        try {
            long oldest = position + 1;
            for (StoredSeries series : filled) {
                oldest = Math.min(oldest, series.head().oldestSequence());
            }
            return oldest;
        } finally {
            mutex.unlock();
        }
    }

    /// Sequence of the row in the middle of those that heads need.
    long middle() {
        long last = position;
        long oldest = oldestNeeded();
        return oldest + Math.max(0, last - oldest) / 2;
    }

    /// Waits until this thread may write.
    ///
    /// @param end as `System.nanoTime` tells it
    /// @return whether it may now
    boolean awaitWriter(long end) throws InterruptedException {
        return writer.tryLock() || writer.tryLock(end - System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    /// @return false if rows were deleted that it has not read
    private boolean follow(Connection connection, long to) throws SQLException {
        // A row tells only of series that were there before it.
        registry.catchUp(connection);
        PartitionTable.rows(connection, partition, position, to, row -> {
            if (row.sequence() != position + 1) {
                return false;
            }
            take(row);
            position = row.sequence();
            return true;
        });
        return position == to;
    }

    private void attach(Connection connection, long to) throws SQLException {
        position = COLD;
        bytes = 0;
        long given = SharedSeriesTable.highestId(connection);
        List<StoredSeries> rows = SeriesTable.ofPartition(connection, partition);
        Set<Long> present = new HashSet<>();
        for (StoredSeries row : rows) {
            present.add(row.id());
            StoredSeries known = registry.add(row);
            known.describe(row.series());
            memory.moved(known, row.head().latestSequence(), row.head().newestInChunks());
        }
        filled.clear();
        for (StoredSeries known : registry.all()) {
            // One with a higher id was made after what this transaction sees.
            if (known.partition() == partition && known.id() <= given && !present.contains(known.id())) {
                end(known.id());
            }
        }
        PartitionTable.rows(connection, partition, 0, to, row -> {
            take(row);
            return true;
        });
        position = to;
    }

    private void take(LogRow row) {
        Optional<Telling> telling = news.wants(row.sequence()) ? Optional.of(new Telling(registry)) : Optional.empty();
        row.tell(new LogRow.Reader() {
            @Override
            public void samples(long seriesId, Samples samples) {
                registry.find(seriesId).filter(series -> isNews(row, series)).ifPresent(series -> {
                    filled.add(series);
                    memory.grew(
                            series,
                            series.head().put(row.sequence(), samples.times(), samples.values(), 0, samples.count()));
                });
                telling.ifPresent(items -> items.samples(seriesId, samples));
            }

            @Override
            public void moved(long seriesId, long newest) {
                registry.find(seriesId).filter(series -> isNews(row, series)).ifPresent(series -> {
                    filled.remove(series);
                    memory.moved(series, row.sequence(), newest);
                });
            }

            @Override
            public void gone(long seriesId) {
                end(seriesId);
            }

            @Override
            public void described(long seriesId, Optional<String> unit, Optional<Duration> interval) {
                registry.find(seriesId)
                        .ifPresent(series -> series.describe(series.series().with(unit, interval)));
            }

            @Override
            public void ended(long seriesId, long time) {
                telling.ifPresent(items -> items.ended(seriesId, time));
            }

            @Override
            public void came(long seriesId, TimeSpan span) {
                telling.ifPresent(items -> items.came(seriesId, span));
            }
        });
        telling.ifPresent(items -> news.add(row.sequence(), items.all()));
        bytes += row.bytes().length;
    }

    /// Rows of samples that are in chunks wait for other series of their batch, and what the series table told may be
    /// newer than a row. A row that broke off is taken again.
    private static boolean isNews(LogRow row, StoredSeries series) {
        return row.sequence() >= series.head().latestSequence();
    }

    private void end(long seriesId) {
        registry.remove(seriesId).ifPresent(series -> {
            filled.remove(series);
            memory.empty(series, Long.MIN_VALUE);
        });
    }
}
