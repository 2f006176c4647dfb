package dev.telltale.series;

import dev.telltale.database.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/// Deletes chunks that lie wholly before a border, which is as far behind the newest sample of their series
/// as `age` says. The chunk in which the border lies stays until it is old as a whole, and so do samples
/// that are not in chunks yet: what goes is never young, what is old goes a little later.
///
/// The oldest chunks of a series go first, so that a crash leaves it without a hole; some go in one
/// transaction, so that other writers do not wait long. A series that is busy waits for the next call.
final class Expiry {

    private static final int SERIES_AT_ONCE = 128;
    private static final int CHUNKS_AT_ONCE = 1_024;

    private final Database database;
    private final SampleLog log;
    private final long age;

    Expiry(Database database, SampleLog log, Duration age) {
        this.database = database;
        this.log = log;
        this.age = age.toMillis();
    }

    /// What was deleted.
    ///
    /// @param series that have lost some of their chunks
    /// @param samples in these
    record Expired(List<StoredSeries> series, long samples) {}

    /// Deletes the old chunks of these series.
    ///
    /// @return samples that were deleted
    long of(Collection<StoredSeries> series) {
        long deleted = 0;
        List<StoredSeries> group = new ArrayList<>();
        for (StoredSeries stored : series) {
            group.add(stored);
            if (group.size() == SERIES_AT_ONCE) {
                deleted += ofGroup(group);
                group.clear();
            }
        }
        return deleted + ofGroup(group);
    }

    private long ofGroup(List<StoredSeries> group) {
        long deleted = 0;
        List<StoredSeries> old = withOldChunks(group);
        while (!old.isEmpty()) {
            try (HeldSeries held = HeldSeries.free(old)) {
                List<StoredSeries> free = held.series();
                deleted += log.expire(free, connection -> deleteSome(connection, free))
                        .samples();
                old = free;
            }
            old = withOldChunks(old);
        }
        return deleted;
    }

    /// Most series have none, and are not held up for it.
    private List<StoredSeries> withOldChunks(List<StoredSeries> group) {
        return database.read(connection -> {
            try (PreparedStatement first =
                    connection.prepareStatement("SELECT last FROM chunk WHERE series = ? ORDER BY start LIMIT 1")) {
                List<StoredSeries> old = new ArrayList<>();
                for (StoredSeries series : group) {
                    first.setLong(1, series.id());
                    try (ResultSet row = first.executeQuery()) {
                        if (row.next() && row.getLong(1) < border(series)) {
                            old.add(series);
                        }
                    }
                }
                return old;
            }
        });
    }

    private Expired deleteSome(Connection connection, List<StoredSeries> held) throws SQLException {
        List<StoredSeries> changed = new ArrayList<>();
        long samples = 0;
        int chunks = 0;
        try (PreparedStatement delete = connection.prepareStatement("DELETE FROM chunk WHERE id IN (SELECT id FROM"
                + " chunk WHERE series = ? AND start < ? AND last < ? ORDER BY start LIMIT ?) RETURNING count")) {
            for (StoredSeries series : held) {
                int before = chunks;
                delete.setLong(1, series.id());
                delete.setLong(2, border(series));
                delete.setLong(3, border(series));
                delete.setInt(4, CHUNKS_AT_ONCE - chunks);
                try (ResultSet row = delete.executeQuery()) {
                    while (row.next()) {
                        samples += row.getLong(1);
                        chunks++;
                    }
                }
                if (chunks > before) {
                    changed.add(series);
                }
            }
        }
        return new Expired(changed, samples);
    }

    private long border(StoredSeries series) {
        return series.head().newest() - age;
    }
}
