package dev.telltale.ops.move;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/// What becomes of each table of SQLite.
final class Tables {

    /// Whoever keeps these moves them himself: there is more to them than rows.
    static final Set<String> OF_ROOMS = Set.of("series", "chunk", "annotation", "model", "active_model");

    /// Those of which no rows come: what the journal held comes in chunks, turns are given anew to the jobs that wait,
    /// and counters are set to the highest number that was given.
    static final Set<String> LEFT_OUT = Set.of("journal", "scheduled_tasks", "counter");

    /// A job that was running when the last process ended waits again, as at any start; one that was to be cancelled
    /// is now.
    private static final String JOBS = "SELECT id, kind, subject, payload,"
            + " CASE WHEN ended = 0 AND cancel_requested = 1 THEN 'cancelled' WHEN ended = 0 THEN 'queued' ELSE state END"
            + " AS state, cancel_requested, CASE WHEN ended = 1 THEN progress END AS progress, result, problem, created,"
            + " CASE WHEN ended = 1 THEN started END AS started,"
            + " CASE WHEN ended = 0 AND cancel_requested = 1 THEN coalesce(started, created) ELSE finished END AS finished,"
            + " token FROM (SELECT *, state NOT IN ('queued', 'running') AS ended FROM job) ORDER BY id";

    /// The model that a detector names, where only its specification does.
    private static final String DETECTORS = "SELECT id, name, specification,"
            + " coalesce(model, json_extract(specification, '$.model')) AS model, revision FROM detector ORDER BY id";

    /// Those that come as they are, each behind the tables that its rows refer to.
    private static final Map<String, String> PLAIN = new LinkedHashMap<>();

    static {
        PLAIN.put("job", JOBS);
        PLAIN.put("upload", all("id"));
        PLAIN.put("tuning", all("id"));
        PLAIN.put("answer", "SELECT * FROM answer WHERE status IS NOT NULL ORDER BY created"); // to requests that ended
        PLAIN.put("detector", DETECTORS);
        PLAIN.put("watch", all("detector, series"));
        PLAIN.put("found_series", all("id"));
        PLAIN.put("incident", all("id"));
        PLAIN.put("incident_series", all("incident, series"));
        PLAIN.put("incident_news", all("id"));
        PLAIN.put("anomaly", all("id"));
        PLAIN.put("anomaly_part", all("anomaly, place"));
        PLAIN.put("alert_receiver", all("name"));
        PLAIN.put("alert_firing", all("receiver, incident"));
        PLAIN.put("alert_outbox", all("id"));
        PLAIN.put("alert_silence", all("id"));
        PLAIN.put("access_key", all("number"));
        PLAIN.replaceAll((table, query) -> query.formatted(table));
    }

    private Tables() {}

    /// By table, in the order in which they come: what is asked of the source.
    static Map<String, String> plain() {
        return PLAIN;
    }

    private static String all(String order) {
        return "SELECT * FROM %s ORDER BY " + order;
    }
}
