package dev.telltale.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.telltale.models.RunningService.Answer;
import dev.telltale.models.ServerMachine.Incident;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// Models of several series over HTTP: a machine of 38 metrics, and pairs that do not fit each other well.
class SeveralSeriesIT {

    private static final ServerMachine MACHINE = new ServerMachine(1);
    private static final long START = TestRequests.START;
    private static final long MINUTE = 60_000;

    @TempDir
    private static Path data;

    private static RunningService service;

    @BeforeAll
    static void start() {
        service = new RunningService(data);
        for (int c = 0; c < ServerMachine.CHANNELS; c++) {
            upload(ServerMachine.names().get(c), MACHINE.csv(c));
        }
        Answer trained = service.train("""
                {"name":"machine","series":%s,"windowing":{"length":4},
                 "split":{"train":0.7,"validation":0.15,"test":0.15},"scaling":"standard",
                 "architecture":{"kind":"dense","encoder":[{"linear":64},{"activation":"tanh"},{"linear":8}],
                                 "decoder":[{"linear":64},{"activation":"tanh"}]},
                 "training":{"epochs":30,"earlyStopping":null,"learningRate":0.003},
                 "threshold":{"rule":"rate","rate":0.001}}""".formatted(quoted(ServerMachine.names())));
        assertThat(trained.status()).as(trained.body()).isEqualTo(201);
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @Test
    void findsTheIncidentsOfAMachineAndTheMetricsThatTheyShowIn() {
        JsonNode rows = score("machine", "{}").get("rows");

        assertThat(rows.size()).isEqualTo(ServerMachine.ROWS);
        for (Incident incident : ServerMachine.INCIDENTS) {
            for (int row = incident.first(); row <= incident.last(); row++) {
                JsonNode judged = rows.get(row);
                assertThat(judged.get("anomalous").asBoolean())
                        .as("row %d", row)
                        .isTrue();
                assertThat(largest(judged, incident.channels().size()))
                        .as("row %d", row)
                        .containsExactlyInAnyOrderElementsOf(incident.channels().stream()
                                .map(ServerMachine.names()::get)
                                .toList());
            }
        }
        long falseAlarms = IntStream.range(0, ServerMachine.ROWS)
                .filter(row -> rows.get(row).get("anomalous").asBoolean())
                .filter(row -> ServerMachine.INCIDENTS.stream()
                        .noneMatch(incident -> incident.first() <= row && row <= incident.last() + 3))
                .count();
        assertThat(falseAlarms).isLessThanOrEqualTo(30); // one in a hundred
    }

    @Test
    void sharesEachRowsErrorAmongItsChannels() {
        for (JsonNode row : score(
                        "machine",
                        "{\"start\":%d,\"end\":%d}".formatted(ServerMachine.time(2_600), ServerMachine.time(2_650)))
                .get("rows")) {
            double sum = 0;
            for (JsonNode channel : row.get("channels")) {
                sum += channel.get("contribution").asDouble();
            }
            assertThat(sum).isCloseTo(1, within(1e-9));
        }
    }

    @Test
    void givesTheSameRowsForABodyAndForAStoredRange() {
        JsonNode stored = score(
                        "machine",
                        "{\"start\":%d,\"end\":%d}".formatted(ServerMachine.time(503), ServerMachine.time(600)))
                .get("rows");
        JsonNode body = score("machine", MACHINE.table(500, 601)).get("rows");

        assertThat(stored.size()).isEqualTo(98);
        for (int i = 0; i < 98; i++) {
            assertThat(body.get(i + 3)).isEqualTo(stored.get(i));
        }
        assertThat(body.get(2).get("score").isNull()).isTrue();
        JsonNode named = score(
                        "machine",
                        "{\"series\":%s,\"start\":%d,\"end\":%d}"
                                .formatted(
                                        quoted(ServerMachine.names()),
                                        ServerMachine.time(503),
                                        ServerMachine.time(600)))
                .get("rows");
        assertThat(named).isEqualTo(stored);
    }

    @Test
    void answersNdjsonAndCsvWithTheSameNumbers() {
        String body = MACHINE.table(100, 110);
        JsonNode json = score("machine", body).get("rows");

        List<String> lines = service.send(
                        "POST",
                        "/api/v1/models/machine/score",
                        body,
                        "Content-Type: application/json",
                        "Accept: application/x-ndjson")
                .body()
                .lines()
                .toList();
        assertThat(lines).hasSize(10);
        for (int i = 0; i < 10; i++) {
            assertThat(lines.get(i)).isEqualTo(json.get(i).toString());
        }

        List<String> csv = service.postJsonForCsv("/api/v1/models/machine/score", body)
                .body()
                .lines()
                .toList();
        assertThat(csv.getFirst())
                .startsWith("timestamp,error,score,anomalous,machine_1_1_m0.value,machine_1_1_m0.expected,"
                        + "machine_1_1_m0.lower,machine_1_1_m0.upper,machine_1_1_m0.contribution,machine_1_1_m1.value");
        assertThat(csv.get(10).split(",", -1)).hasSize(4 + 5 * 38);
        assertThat(csv.get(10))
                .startsWith(json.get(9).get("timestamp").asString() + ","
                        + json.get(9).get("error") + "," + json.get(9).get("score") + ","
                        + json.get(9).get("anomalous") + ","
                        + json.get(9).at("/channels/machine_1_1_m0/value"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            {"series":"machine_1_1_m0"}
            {"series":["machine_1_1_m0","machine_1_1_m1"]}
            {"timestamps":[1704067200000],"series":{"machine_1_1_m0":[1],"machine_1_1_m1":[1]}}
            {"samples":[{"timestamp":1704067200000,"value":1}]}
            """)
    void refusesFewerSeriesThanTheModelTakes(String body) {
        Answer answer = service.postJson("/api/v1/models/machine/score", body);

        assertThat(answer.status()).as(answer.body()).isEqualTo(422);
        assertThat(answer.node().get("type").asString()).isEqualTo("/problems/feature-mismatch");
        assertThat(answer.node().get("expected").size()).isEqualTo(38);
        assertThat(answer.node().get("got").size()).isLessThan(38);
    }

    @Test
    void refusesASeriesTooManyAndOneTwice() {
        String more = MACHINE.table(0, 1).replace("\"series\":{", "\"series\":{\"other\":[1],");
        Answer tooMany = service.postJson("/api/v1/models/machine/score", more);
        assertThat(tooMany.status()).isEqualTo(422);
        assertThat(tooMany.node().get("got").size()).isEqualTo(39);

        List<String> twice = new ArrayList<>(ServerMachine.names());
        twice.set(1, twice.getFirst());
        Answer repeated = service.postJson("/api/v1/models/machine/score", "{\"series\":" + quoted(twice) + "}");
        assertThat(repeated.status()).isEqualTo(400);
    }

    @Test
    void readsNoMoreOfATableThanTheModelTakes() {
        String names =
                IntStream.range(0, 40_000).mapToObj(i -> "\"c" + i + "\":[]").collect(Collectors.joining(","));
        Answer json = service.postJson("/api/v1/models/machine/score", "{\"series\":{" + names + "}}");
        assertThat(json.status()).as(json.body()).isEqualTo(422);
        assertThat(json.node().get("got").size()).isEqualTo(39);

        String header = IntStream.range(0, 5_000).mapToObj(i -> ",c" + i).collect(Collectors.joining());
        Answer csv = service.postCsv("/api/v1/models/machine/score", "timestamp" + header + "\nnot,read\n");
        assertThat(csv.status()).as(csv.body()).isEqualTo(422);
        assertThat(csv.node().get("got").size()).isEqualTo(39);
    }

    @Test
    void meetsOnTheSlowestGridFromWhereAllSeriesHaveBegun() {
        upload("fast", csv(0, 2_000, MINUTE, 0));
        upload("slow", csv(100, 400, 5 * MINUTE, 17_000)); // a hundred rows later, and off the minute
        Answer trained = service.train(specification("mixed", "fast", "slow"));

        assertThat(trained.status()).as(trained.body()).isEqualTo(201);
        assertThat(trained.node().at("/data/grid/interval").asLong()).isEqualTo(5 * MINUTE);
        assertThat(trained.node().at("/data/grid/origin").asString()).isEqualTo("1970-01-01T00:00:00Z");
        assertThat(trained.node().at("/data/channels").toString()).isEqualTo("[\"fast\",\"slow\"]");
        assertThat(trained.node().at("/data/sources/1/samples").asInt()).isEqualTo(300);
        JsonNode first = score("mixed", "{}").at("/rows/0");
        // The sample 17 s after minute 500 belongs to the row that ends at minute 505.
        assertThat(first.get("timestamp").asString())
                .isEqualTo(Instant.ofEpochMilli(START + 505 * MINUTE).toString());
        assertThat(first.at("/channels/fast/value").asDouble()).isEqualTo(value(505));
        assertThat(first.at("/channels/slow/value").asDouble()).isEqualTo(value(100));
    }

    @Test
    void namesChannelsOfOneNameByTheirLabels() {
        List<String> ids = new ArrayList<>();
        for (String instance : List.of("a", "b")) {
            Answer made = service.send(
                    "PUT",
                    "/api/v1/series/load",
                    "{\"labels\":{\"instance\":\"" + instance + "\"}}",
                    "Content-Type: application/json");
            ids.add(made.node().get("id").asString());
            upload(ids.getLast(), csv(0, 300, MINUTE, 0));
        }
        service.train(specification("twins", ids.toArray(String[]::new)));

        JsonNode row = score("twins", "{}").at("/rows/200");
        assertThat(row.get("channels").propertyNames()).containsExactly("load{instance=\"a\"}", "load{instance=\"b\"}");
        String csv = service.postJsonForCsv("/api/v1/models/twins/score", "{}").body();
        assertThat(csv).startsWith("timestamp,error,score,anomalous,\"load{instance=\"\"a\"\"}.value\",");
        assertThat(service.get("/api/v1/models?limit=1000").body()).contains("[\"" + String.join("\",\"", ids) + "\"]");
    }

    @Test
    void warnsOfAConstantChannelByItsNameAndReportsItsFirstChange() {
        upload("moving", csv(0, 400, MINUTE, 0));
        upload("resting", csv(0, 400, MINUTE, 0).replaceAll(",[0-9.]+", ",7"));
        Answer trained = service.train(specification("half-constant", "moving", "resting"));

        assertThat(trained.node().get("warnings").toString())
                .contains("constant", "'resting'")
                .doesNotContain("'moving'");
        JsonNode row = score(
                        "half-constant", """
                {"timestamps":[%d,%d,%d,%d],"series":{"moving":[50,50,50,50],"resting":[7,7,7,7.0001]}}""".formatted(START, START + MINUTE, START + 2 * MINUTE, START + 3 * MINUTE))
                .at("/rows/3");
        assertThat(row.get("anomalous").asBoolean()).isTrue();
        assertThat(row.at("/channels/resting/contribution").asDouble()).isGreaterThan(0.99);
        assertThat(row.at("/channels/moving/lower").isNull()).isTrue();
    }

    @Test
    void takesTheSeriesAsColumnsOfCsvInAnyOrder() {
        List<Integer> order = new ArrayList<>(
                IntStream.range(0, ServerMachine.CHANNELS).boxed().toList());
        Collections.shuffle(order, new Random(5));

        Answer csv = service.postCsv("/api/v1/models/machine/score", MACHINE.table(500, 520, order));

        assertThat(csv.node()).isEqualTo(score("machine", MACHINE.table(500, 520)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            timestamp,machine_1_1_m0\\n1704067200000,1\\n             | 422 feature-mismatch
            timestamp,value\\n1704067200000,1\\n                      | 422 feature-mismatch
            timestamp\\n1704067200000\\n                              | 400 bad-csv
            machine_1_1_m0\\n1\\n                                     | 400 bad-csv
            timestamp,a,a\\n1704067200000,1,1\\n                      | 400 bad-csv
            timestamp,a,b\\n1704067200000,1\\n                        | 400 bad-csv
            timestamp,a,b\\n1704067200000,1,x\\n                      | 400 bad-value
            timestamp,a,b\\n1704067200,1,1\\n                         | 400 bad-time
            timestamp,a,b\\n1704067200000,1,1\\n1704067200000,1,2\\n | 400 duplicate-time
            timestamp,a,b\\n                                          | 400 empty-upload
            """)
    void refusesATableLike(String body, String expected) {
        Answer answer = service.postCsv("/api/v1/models/machine/score", body.translateEscapes());

        assertThat(answer.status() + " " + answer.node().get("type").asString())
                .as(answer.body())
                .isEqualTo(expected.replace(" ", " /problems/"));
    }

    @Test
    void leavesOutRowsInWhichAChannelIsMissing() {
        JsonNode rows = score(
                        "machine",
                        MACHINE.table(100, 112)
                                .replaceFirst("\"machine_1_1_m5\":\\[[^,]*,[^,]*,", "\"machine_1_1_m5\":[null,null,"))
                .get("rows");

        assertThat(rows.size()).isEqualTo(10);
        assertThat(rows.at("/0/timestamp").asString())
                .isEqualTo(Instant.ofEpochMilli(ServerMachine.time(102)).toString());
    }

    @Test
    void countsAnAnnotationOfAnySeriesForTheRow() {
        upload("calm", csv(0, 600, MINUTE, 0));
        upload("noted", csv(0, 600, MINUTE, 20_000));
        service.annotate(
                "noted",
                "{\"annotations\":[{\"start\":%d,\"end\":%d,\"verdict\":\"anomalous\"}]}"
                        .formatted(START + 550 * MINUTE + 20_000, START + 552 * MINUTE + 20_000));
        service.train(specification("watched", "calm", "noted"));

        JsonNode test = service.get("/api/v1/models/watched/evaluation").node().at("/test");
        assertThat(test.at("/confusionMatrix/tp").asInt()
                        + test.at("/confusionMatrix/fn").asInt())
                .isEqualTo(3);
    }

    /// The names of those channels that contribute most to a row's error.
    private static List<String> largest(JsonNode row, int count) {
        Map<String, Double> shares = new TreeMap<>();
        row.get("channels")
                .properties()
                .forEach(channel -> shares.put(
                        channel.getKey(), channel.getValue().get("contribution").asDouble()));
        return shares.entrySet().stream()
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .limit(count)
                .map(Map.Entry::getKey)
                .toList();
    }

    private static JsonNode score(String model, String body) {
        Answer answer = service.postJson("/api/v1/models/" + model + "/score", body);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.node();
    }

    private static void upload(String series, String csv) {
        Answer answer = service.postCsv("/api/v1/series/" + series + "/samples", csv);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    }

    private static String specification(String name, String... series) {
        return "{\"name\":\"%s\",\"series\":%s,\"windowing\":{\"length\":4},\"training\":{\"epochs\":3}}"
                .formatted(name, quoted(List.of(series)));
    }

    private static String quoted(List<String> names) {
        return names.stream().map(name -> '"' + name + '"').collect(Collectors.joining(",", "[", "]"));
    }

    private static double value(int row) {
        return 50 + 20 * Math.sin(row / 7.0) + row % 13;
    }

    private static String csv(int from, int to, long step, long offset) {
        return IntStream.range(from, to)
                .mapToObj(row -> (START + row * step + offset) + "," + value(row))
                .collect(Collectors.joining("\n", "timestamp,value\n", "\n"));
    }
}
