package dev.telltale.hostile;

import static dev.telltale.hostile.SampleRows.rows;
import static dev.telltale.http.RawRequest.post;
import static dev.telltale.http.RawRequest.utf8;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.database.Database;
import java.io.IOException;
import java.sql.Statement;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What there is in the service before odd requests come: things that stay as they are, to be read, and things
/// that may be changed and removed. Their names are those that stand in the examples of the OpenAPI document.
final class World {

    static final String SERIES = "ec2_disk_write_bytes";
    static final String MODEL = "disk-writes";
    static final List<String> ODD_SERIES = List.of("odd_1", "odd_2", "odd_3", "odd_4");
    static final List<String> ODD_NAMES = List.of("odd-1", "odd-2", "odd-3");

    private static final int ROWS = 240;

    /// The file of a model.
    final byte[] model;

    final String annotation;
    final String silence;
    final String job;
    final String upload;
    final String tuning;
    final String backup;

    World(Target target) throws IOException {
        String csv = rows(0, ROWS, i -> 50 + 20 * Math.sin(i / 7.0) + i % 3);
        for (String series : List.of(SERIES, "odd_1", "odd_2")) {
            assertThat(target.send(post("/api/v1/series/" + series + "/samples", "text/csv", utf8(csv)))
                            .status())
                    .isEqualTo(200);
        }
        target.take("POST", "/api/v1/models", specification(MODEL, ""));
        target.take("POST", "/api/v1/models", specification("attentive", ",\"architecture\":\"attention\""));
        model = target.exchange("GET", "/api/v1/models/" + MODEL + "/artifact", new byte[0])
                .body()
                .getBytes(ISO_8859_1);
        for (String name : ODD_NAMES) {
            target.exchange(
                    "PUT", "/api/v1/models/" + name + "/artifact", model, "Content-Type", "application/octet-stream");
        }
        target.take("PUT", "/api/v1/detectors/watch", "{\"model\":\"disk-writes\",\"select\":\"" + SERIES + "\"}");
        target.take(
                "PUT",
                "/api/v1/receivers/pager",
                "{\"kind\":\"webhook\",\"url\":\"https://198.41.0.4/\",\"secret\":\"correct-horse-battery\"}");
        annotation = target.take(
                        "POST",
                        "/api/v1/series/" + SERIES + "/annotations",
                        "{\"start\":\"2024-01-01T01:00:00Z\",\"end\":\"2024-01-01T01:10:00Z\",\"verdict\":\"anomalous\"}")
                .get("id")
                .asString();
        silence = target.take(
                        "POST",
                        "/api/v1/silences",
                        "{\"matchers\":\"{detector=\\\"d\\\"}\",\"comment\":\"a visit\",\"end\":\"2099-01-01T00:00:00Z\"}")
                .get("id")
                .asString();
        String specification = specification("tuned", "");
        tuning = lastJob(
                target,
                "/api/v1/tuning",
                "{\"specification\":" + specification + ",\"space\":{\"length\":[4,8]},\"budget\":3}");
        job = lastJob(target, "/api/v1/models", specification("other", ""));
        backup = target.take("POST", "/api/v1/backups", "{}").get("id").asString();
        target.exchange(
                "POST",
                "/api/v1/uploads",
                utf8("timestamp,odd_3,odd_4\n2024-01-01T00:00:00Z,1,2\n"),
                "Content-Type",
                "text/csv",
                "Prefer",
                "respond-async, wait=60");
        upload = newestJob(target, "upload");
        find(target);
    }

    static String specification(String name, String more) {
        return "{\"name\":\"%s\",\"series\":[\"%s\"],\"windowing\":{\"length\":4},\"training\":{\"epochs\":1}%s}"
                .formatted(name, SERIES, more);
    }

    /// All of the good things as the service shows them.
    static String seen(Target target) throws IOException {
        StringBuilder seen = new StringBuilder();
        for (String path : List.of(
                "/series/" + SERIES,
                "/series/" + SERIES + "/samples",
                "/series/" + SERIES + "/annotations",
                "/models/" + MODEL,
                "/models/attentive")) {
            seen.append(target.read("/api/v1" + path)).append('\n');
        }
        ObjectNode receiver = (ObjectNode) target.read("/api/v1/receivers/pager");
        receiver.remove("delivery"); // odd detectors may have something to tell it
        seen.append(receiver).append('\n');
        JsonNode scores = target.take("POST", "/api/v1/models/" + MODEL + "/score", "{\"series\":\"" + SERIES + "\"}");
        return seen.append(scores).toString();
    }

    private static String lastJob(Target target, String path, String body) throws IOException {
        target.take("POST", path, body);
        return newestJob(target, path.equals("/api/v1/tuning") ? "tuning" : "training");
    }

    private static String newestJob(Target target, String kind) throws IOException {
        return target.read("/api/v1/jobs?kind=" + kind).at("/items/0/id").asString();
    }

    /// An anomaly and its incident, as if a detector had found them.
    private static void find(Target target) {
        target.bean(Database.class).write(connection -> {
            for (String sql : List.of(
                    "INSERT OR IGNORE INTO found_series VALUES (3, 'odd_2', '{\"instance\":\"i-1\"}', 'percent', 60000)",
                    "INSERT INTO incident VALUES (901, 'other', 1, 0, 9, 9, 2.5, 1, 1, 2.5, 300000, '[\"pager\"]', 0)",
                    "INSERT INTO incident_series VALUES (901, 3, 2.5, 2.5)",
                    "INSERT INTO anomaly (id, incident, detector, kind, start, finish, open, peak_time, peak_score,"
                            + " peak_value, peak_expected, changed) VALUES (901, 901, 'other', 'score', 0, 9, 1, 9, 2.5, 8, 3, 0)",
                    "INSERT INTO anomaly_part (anomaly, place, series, contribution) VALUES (901, 0, 3, 1)")) {
                try (Statement statement = connection.createStatement()) {
                    statement.execute(sql);
                }
            }
            return null;
        });
    }
}
