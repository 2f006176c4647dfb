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
/// The oldest chunks go first, some in one transaction, so that a crash leaves a series without a hole and
/// other writers do not wait long.
final class Expiry {

    private static final int SERIES_AT_ONCE = 128;
    private static final int CHUNKS_AT_ONCE = 1_024;

    private final Database database;
    private final long age;

    Expiry(Database database, Duration age) {
        this.database = database;
        this.age = age.toMillis();
    }

    /// Deletes the old chunks of these series.
    ///
    /// @param series in the order of their ids
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
            deleted += delete(old);
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

    private long delete(List<StoredSeries> old) {
        old.forEach(series -> series.lock().lock());
        try {
            long deleted = database.<Long>write(connection -> {
                long samples = 0;
                for (StoredSeries series : old) {
                    samples += delete(connection, series.id(), border(series));
                }
                return samples;
            });
            old.forEach(series -> series.head().expired());
            return deleted;
        } finally {
            old.forEach(series -> series.lock().unlock());
        }
    }

    private static long delete(Connection connection, long seriesId, long border) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement("DELETE FROM chunk WHERE id IN (SELECT id FROM"
                + " chunk WHERE series = ?1 AND start < ?2 AND last < ?2 ORDER BY start LIMIT ?3) RETURNING count")) {
            delete.setLong(1, seriesId);
            delete.setLong(2, border);
            delete.setInt(3, CHUNKS_AT_ONCE);
            long deleted = 0;
            try (ResultSet row = delete.executeQuery()) {
                while (row.next()) {
                    deleted += row.getLong(1);
                }
            }
            return deleted;
        }
    }

    private long border(StoredSeries series) {
        return series.head().newest() - age;
    }
}
