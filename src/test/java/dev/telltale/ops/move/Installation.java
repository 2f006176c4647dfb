package dev.telltale.ops.move;

import static dev.telltale.live.LiveClient.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.StartedService;
import dev.telltale.database.DataDirectory;
import dev.telltale.database.Database;
import dev.telltale.database.Databases;
import dev.telltale.live.LiveService;
import dev.telltale.series.SeriesKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Statement;
import java.time.Instant;
import java.util.Arrays;
import java.util.SplittableRandom;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A data directory in which there is something of everything that a service keeps.
final class Installation {

    static final SeriesKey CPU = key("cpu", "instance", "i-1");
    static final SeriesKey OTHER = key("cpu", "instance", "i-2");

    /// Of its service.
    static final String WARM_UP = "--telltale.live.warm-up=200";

    private static final long MINUTE = LiveService.INTERVAL;
    private static final int TRAINED = 600;
    private static final JsonMapper JSON = new JsonMapper();

    private final Path directory;
    private final long start = Instant.now().toEpochMilli() / MINUTE * MINUTE - 2_000 * MINUTE;
    private final String bearer;

    /// Makes it.
    Installation(Path directory) {
        this.directory = directory;
        try (LiveService service = new LiveService(directory, WARM_UP)) {
            seedSeries(service);
            seedModels(service);
            seedDetectors(service);
            seedRest(service);
            bearer = "Authorization: Bearer "
                    + service.json("POST", "/api/v1/keys", "{\"name\":\"first\",\"roles\":[\"admin\"]}", 201)
                            .get("key")
                            .asString();
        }
        try (StartedService service = new StartedService(directory, WARM_UP)) {
            String csv = "timestamp,reads,writes\n2024-01-01T00:00:00Z,1,2\n";
            assertThat(ask(service, "POST", "/api/v1/uploads", csv, "Prefer: respond-async")
                            .statusCode())
                    .isEqualTo(201);
        }
        seedOutbox();
    }

    Path directory() {
        return directory;
    }

    /// The header that the service of this installation asks for.
    String bearer() {
        return bearer;
    }

    long time(int row) {
        return start + row * MINUTE;
    }

    private void seedSeries(LiveService service) {
        service.push(CPU, time(0), wave(TRAINED, 1, 1));
        service.push(OTHER, time(0), wave(TRAINED, 2, 1_000));
        StringBuilder large = new StringBuilder("timestamp,value\n");
        for (int i = 0; i < 3_000; i++) {
            large.append(1_704_067_200_000L + i * MINUTE)
                    .append(',')
                    .append(i % 97)
                    .append('\n');
        }
        service.json("PUT", "/api/v1/series/disk", "{\"unit\":\"bytes\",\"interval\":\"PT1M\"}", 201);
        service.json("POST", "/api/v1/series/disk/samples", large.toString(), 200);
        // These stay in the journal: in the middle of a chunk, and behind the last, which is not full.
        service.json(
                "POST",
                "/api/v1/series/disk/samples?replace=true",
                "timestamp,value\n1704067260000,4711\n1704067290000,4712\n1704267260000,4713\n",
                200);
        service.json("PUT", "/api/v1/series/gone", "{}", 201);
        service.json("PUT", "/api/v1/series/bare", "{\"labels\":{\"path\":\"/ä\\\"\\\\\"}}", 201);
        String gone = service.get("/api/v1/series?match=gone").at("/items/0/id").asString();
        service.json("DELETE", "/api/v1/series/" + gone, "", 204);
        service.json(
                "POST",
                "/api/v1/series/disk/annotations",
                "{\"start\":\"2024-01-01T00:10:00Z\",\"end\":\"2024-01-01T00:20:00Z\",\"verdict\":\"anomalous\","
                        + "\"note\":\"a disk ☢\",\"set\":\"mine\"}",
                201);
    }

    private static void seedModels(LiveService service) {
        service.train("{\"name\":\"m\",\"series\":[\"1\"],\"windowing\":{\"length\":16},"
                + "\"training\":{\"epochs\":4},\"threshold\":{\"rule\":\"rate\",\"rate\":0.001}}");
        service.json("POST", "/api/v1/models/m/versions", "{\"training\":{\"epochs\":2}}", 201);
        service.json("PUT", "/api/v1/models/m/active", "{\"version\":1}", 200);
        service.json(
                "POST",
                "/api/v1/tuning",
                "{\"specification\":{\"name\":\"tuned\",\"series\":[\"disk\"],\"windowing\":{\"length\":4},"
                        + "\"training\":{\"epochs\":1}},\"space\":{\"length\":[4,8]},\"budget\":3}",
                200,
                201);
    }

    private void seedDetectors(LiveService service) {
        service.json(
                "PUT",
                "/api/v1/receivers/hook",
                "{\"kind\":\"webhook\",\"url\":\"https://198.41.0.4/\",\"secret\":\"correct-horse-battery\"}",
                201);
        service.watch("d", "{\"model\":\"m\",\"select\":\"cpu\"}");
        double[] more = wave(60, 3, 1);
        more[20] = 500;
        more[50] = -500;
        service.push(CPU, time(TRAINED), more);
        double[] others = wave(60, 4, 1_000);
        others[30] = 900_000;
        service.push(OTHER, time(TRAINED), others);
        service.awaitScored("d", time(TRAINED + 59));
        service.await(() -> service.get("/api/v1/anomalies").get("items").size() >= 3);
        String anomaly = service.get("/api/v1/anomalies").at("/items/1/id").asString();
        service.json(
                "POST",
                "/api/v1/anomalies/" + anomaly + "/feedback",
                "{\"verdict\":\"false\",\"note\":\"planned\"}",
                200);
    }

    private static void seedRest(LiveService service) {
        service.json(
                "POST",
                "/api/v1/silences",
                "{\"matchers\":\"{detector=\\\"d\\\"}\",\"comment\":\"a visit\",\"recurring\":"
                        + "{\"days\":[\"sunday\"],\"from\":\"22:00\",\"to\":\"04:00\",\"zone\":\"Europe/Berlin\"}}",
                201);
    }

    /// What is rarely there for long.
    private void seedOutbox() {
        try (DataDirectory held = DataDirectory.open(directory);
                Database database = Databases.toMove(held)) {
            database.write(connection -> {
                try (Statement statement = connection.createStatement()) {
                    statement.execute(
                            "INSERT INTO answer (key, fingerprint, owner, status, headers, body, created) VALUES"
                                    + " ('k', 'f', 'o', 201, '{}', x'00ff', 9999999999999), ('l', 'f', 'o', null, null, null, 1)");
                    statement.execute(
                            "INSERT INTO alert_firing (receiver, incident, alerts, open, fresh, told, again, due,"
                                    + " left_out) SELECT 'hook', max(id), '[]', 1, 0, 5, 9999999999999, 9999999999999, '[1]'"
                                    + " FROM incident");
                    return statement.execute(
                            "INSERT INTO alert_outbox (receiver, event, incident, occasion, time, alerts,"
                                    + " attempts, not_before) SELECT 'hook', 'e1', max(id), 'firing', "
                                    + Instant.now().toEpochMilli() + ", '[]', 3, 9999999999999 FROM incident");
                }
            });
        }
    }

    /// A wave of an hour with noise.
    static double[] wave(int count, long seed, double scale) {
        SplittableRandom random = new SplittableRandom(seed);
        double[] values = new double[count];
        Arrays.setAll(values, i -> scale * (50 + 20 * Math.sin(2 * Math.PI * i / 60) + random.nextDouble(-2, 2)));
        return values;
    }

    /// What the service answers.
    HttpResponse<byte[]> ask(StartedService service, String method, String path, String body, String... headers) {
        HttpRequest.Builder request = service.request(path, headers)
                .header("Authorization", bearer.substring("Authorization: ".length()))
                .header("Prefer", "wait=60")
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        if (!body.isEmpty()) {
            request.header("Content-Type", body.startsWith("{") ? "application/json" : "text/csv");
        }
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    JsonNode get(StartedService service, String path) {
        HttpResponse<byte[]> answer = ask(service, "GET", path, "");
        assertThat(answer.statusCode())
                .as("%s: %s", path, new String(answer.body(), StandardCharsets.UTF_8))
                .isEqualTo(200);
        return JSON.readTree(answer.body());
    }
}
