package dev.telltale.live;

import dev.telltale.database.Database;
import dev.telltale.jobs.PeriodicWork;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Forgets anomalies and incidents that have been over for long, and the oldest beyond a number. What is open
/// stays, and so do the annotations that feedback made.
final class FindingRetention implements PeriodicWork {

    private static final Logger LOG = LoggerFactory.getLogger(FindingRetention.class);
    private static final Duration INTERVAL = Duration.ofMinutes(5);
    /// Rows that one transaction removes, for others wait for the writer meanwhile. An incident takes its rows of
    /// series along, so these are fewer.
    private static final int ANOMALIES_AT_ONCE = 1_000;
    private static final int INCIDENTS_AT_ONCE = 10;

    private final Database database;
    private final InstantSource clock;
    private final Duration age;
    private final int limit;

    /// @param age since the last change; zero keeps everything up to the limit
    /// @param limit most anomalies, and most incidents
    FindingRetention(Database database, InstantSource clock, Duration age, int limit) {
        this.database = database;
        this.clock = clock;
        this.age = age;
        this.limit = limit;
    }

    @Override
    public String name() {
        return "incident-retention";
    }

    @Override
    public Duration interval() {
        return INTERVAL;
    }

    @Override
    public void run() {
        long removed = removeOld("anomaly", ANOMALIES_AT_ONCE)
                + removeOld("incident", INCIDENTS_AT_ONCE)
                + removeBeyond("anomaly", ANOMALIES_AT_ONCE)
                + removeBeyond("incident", INCIDENTS_AT_ONCE);
        if (removed > 0) {
            removeUnused();
            LOG.info(
                    "{} anomalies and incidents were removed that were over for more than {}, or beyond the newest {}"
                            + " (telltale.incidents)",
                    removed,
                    age,
                    limit);
        }
    }

    private long removeOld(String table, int atOnce) {
        return age.isZero()
                ? 0
                : remove(
                        table,
                        "open = 0 AND changed < " + clock.instant().minus(age).toEpochMilli(),
                        atOnce);
    }

    private long removeBeyond(String table, int atOnce) {
        String newestBeyond = "(SELECT id FROM " + table + " ORDER BY id DESC LIMIT 1 OFFSET " + limit + ")";
        return remove(table, "open = 0 AND id <= " + newestBeyond, atOnce);
    }

    private void removeUnused() {
        remove(
                "found_series",
                "NOT EXISTS (SELECT 1 FROM anomaly_part WHERE series = found_series.id)"
                        + " AND NOT EXISTS (SELECT 1 FROM incident_series WHERE series = found_series.id)",
                ANOMALIES_AT_ONCE);
    }

    /// Removes the rows that a condition names, with what belongs to them, until there are none.
    ///
    /// @return how many
    private long remove(String table, String condition, int atOnce) {
        String sql = "DELETE FROM " + table + " WHERE id IN (SELECT id FROM " + table + " WHERE " + condition
                + " LIMIT " + atOnce + ")";
        long removed = 0;
        int more;
        do {
            more = database.<Integer>writeFromReserve(connection -> {
                try (PreparedStatement delete = connection.prepareStatement(sql)) {
                    return delete.executeUpdate();
                }
            });
            removed += more;
        } while (more == atOnce);
        return removed;
    }
}
