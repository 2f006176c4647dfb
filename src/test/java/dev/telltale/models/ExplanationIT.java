package dev.telltale.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.telltale.models.RunningService.Answer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// What `explain=true` adds to scores, over HTTP.
class ExplanationIT {

    private static final String SCORE = "/api/v1/models/waves/score";
    private static final int LENGTH = 8;

    @TempDir
    private static Path data;

    private static RunningService service;

    @BeforeAll
    static void start() {
        service = new RunningService(data);
        upload("waves");
        train("waves", "waves");
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @Test
    void saysHowFarARowIsFromTheLineAndHowLikelyItsErrorIs() {
        JsonNode model = service.get("/api/v1/models/waves").node();
        double line = model.at("/line/error").asDouble();
        int n = model.at("/calibration/n").asInt();
        List<JsonNode> rows = rows(service.postJson(SCORE + "?explain=true", "{}"));

        assertThat(rows.subList(0, LENGTH - 1)).noneMatch(row -> row.has("explanation"));
        for (JsonNode row : rows.subList(LENGTH - 1, rows.size())) {
            JsonNode explanation = row.get("explanation");
            double error = row.get("error").asDouble();
            double probability = explanation.at("/evidence/0/tailProbability").asDouble();
            assertThat(explanation.at("/line").asDouble()).isEqualTo(line);
            assertThat(explanation.at("/margin").asDouble()).isEqualTo(line - error);
            assertThat(explanation.at("/evidence/0/of").asString()).isEqualTo("reconstruction");
            assertThat(explanation.at("/evidence/0/share").asDouble()).isEqualTo(1);
            assertThat(probability)
                    .isEqualTo(Math.exp(-explanation.at("/evidence/0/evidence").asDouble()));
            assertThat(explanation.get("flags").toString().contains("\"extrapolated\""))
                    .as("an error that %s of %d normal rows reach", probability, n)
                    .isEqualTo(probability < 1.0 / n);
        }
    }

    @Test
    void namesTheWindowLearnedFromThatIsMostLikeAnAnomalousOne() {
        List<JsonNode> rows = rows(service.postJson(SCORE + "?explain=true", "{}"));
        JsonNode planted = rows.get(TestRequests.PLANTED);

        assertThat(planted.get("anomalous").asBoolean()).isTrue();
        assertThat(planted.at("/explanation/flags").toString()).contains("\"beyond-learned\"");
        JsonNode nearest = planted.at("/explanation/nearest");
        long start = Instant.parse(nearest.get("start").asString()).toEpochMilli();
        long end = Instant.parse(nearest.get("end").asString()).toEpochMilli();
        assertThat(end - start).isEqualTo((LENGTH - 1) * TestRequests.STEP);
        // Learned from are the first 1,050 rows.
        int last = (int) ((end - TestRequests.START) / TestRequests.STEP);
        assertThat(last).isBetween(LENGTH - 1, 1_049);

        double least = Double.POSITIVE_INFINITY;
        double most = Double.NEGATIVE_INFINITY;
        for (JsonNode row : rows.subList(0, 1_050)) {
            least = Math.min(least, row.get("value").asDouble());
            most = Math.max(most, row.get("value").asDouble());
        }
        double sum = 0;
        for (int i = 0; i < LENGTH; i++) {
            double here =
                    rows.get(TestRequests.PLANTED - LENGTH + 1 + i).get("value").asDouble();
            double there = rows.get(last - LENGTH + 1 + i).get("value").asDouble();
            sum += Math.pow((here - there) / (most - least), 2);
        }
        assertThat(nearest.get("distance").asDouble()).isCloseTo(Math.sqrt(sum / LENGTH), within(1e-6));
        assertThat(rows)
                .filteredOn(row -> !row.get("anomalous").asBoolean() && row.has("explanation"))
                .allMatch(row -> row.at("/explanation/nearest").isNull());
    }

    @Test
    void flagsWindowsThatAreFilledOrCutOff() {
        StringBuilder csv = new StringBuilder("timestamp,value\n");
        for (int i = 0; i < 20; i++) {
            if (i != 10) { // missing, and so filled
                long time = TestRequests.START + i * TestRequests.STEP;
                csv.append(time).append(',').append(i == 19 ? "1e30" : "50").append('\n');
            }
        }
        List<JsonNode> rows = rows(service.postCsv(SCORE + "?explain=true", csv.toString()));

        assertThat(flags(rows.get(9))).doesNotContain("filled");
        assertThat(flags(rows.get(10))).contains("filled"); // row 11, whose window begins with row 4
        assertThat(flags(rows.get(16))).contains("filled"); // row 17
        assertThat(flags(rows.get(17))).doesNotContain("filled", "cut-off");
        assertThat(flags(rows.get(18))).contains("cut-off", "beyond-learned", "extrapolated");
    }

    @Test
    void saysNothingOfWhatWasLearnedFromOnceThatIsNotThereAnyMore() {
        upload("gone");
        train("gone", "gone");
        String request = TestRequests.csv(TestRequests.PLANTED - 20, TestRequests.PLANTED + 1, TestRequests.waves(4));
        String path = "/api/v1/models/gone/score?explain=true";
        JsonNode before = rows(service.postCsv(path, request)).getLast();
        assertThat(before.at("/explanation/nearest").isNull()).isFalse();

        service.postCsv("/api/v1/series/gone/samples?replace=true", TestRequests.csv(0, 1, row -> 49));
        JsonNode changed = rows(service.postCsv(path, request)).getLast();
        service.delete("/api/v1/series/gone");
        JsonNode deleted = rows(service.postCsv(path, request)).getLast();

        assertThat(changed.at("/explanation/nearest").isNull()).isTrue();
        assertThat(deleted.at("/explanation/nearest").isNull()).isTrue();
        assertThat(deleted.at("/explanation/flags").toString()).doesNotContain("beyond-learned");
        assertThat(deleted.get("score")).isEqualTo(before.get("score"));
    }

    @Test
    void explainsAlsoWhenTheAnnotationsThatTheTrainingNeededAreGone() {
        upload("annotated");
        long start = TestRequests.START + 1_150 * TestRequests.STEP;
        service.annotate(
                "annotated",
                "{\"annotations\":[{\"start\":%d,\"end\":%d,\"verdict\":\"anomalous\"}]}".formatted(start, start));
        Answer trained =
                service.train("{\"name\":\"annotated\",\"series\":[\"annotated\"],\"windowing\":{\"length\":8},"
                        + "\"training\":{\"epochs\":5},\"threshold\":{\"rule\":\"best-f1\"}}");
        assertThat(trained.status()).as(trained.body()).isEqualTo(201);
        service.annotate("annotated", "{\"annotations\":[]}");

        List<JsonNode> rows = rows(service.postJson("/api/v1/models/annotated/score?explain=true", "{}"));

        assertThat(rows.getLast().at("/explanation/margin").isNumber()).isTrue();
        assertThat(rows)
                .allMatch(row -> row.at("/explanation/nearest").isNull()
                        || row.at("/explanation/nearest").isMissingNode());
    }

    @Test
    void scoresTheFileOfAFormLikeABody() {
        String csv = TestRequests.csv(0, 40, TestRequests.waves(4));
        String form =
                "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"waves.%s\"\r\n\r\n%s\r\n--x--\r\n";
        String body = service.postCsv(SCORE, csv).body();
        String json = "{\"start\":%d,\"end\":%d}".formatted(TestRequests.START, TestRequests.START + TestRequests.STEP);

        assertThat(form(form.formatted("csv", csv)).body()).isEqualTo(body);
        assertThat(form(form.formatted("json", json)).body())
                .isEqualTo(service.postJson(SCORE, json).body());
        assertThat(form("--x--\r\n").node().at("/type").asString()).isEqualTo("/problems/malformed-multipart");
    }

    private static Answer form(String body) {
        return service.send("POST", SCORE, body, "Content-Type: multipart/form-data; boundary=x");
    }

    @Test
    void explainsInNdjsonToo() {
        Answer answer = service.send(
                "POST",
                SCORE + "?explain=true",
                TestRequests.csv(0, 20, TestRequests.waves(4)),
                "Content-Type: text/csv",
                "Accept: application/x-ndjson");

        assertThat(answer.body().lines().skip(LENGTH - 1))
                .hasSize(20 - LENGTH + 1)
                .allMatch(line -> line.contains("\"explanation\":{\"evidence\":[{\"of\":\"reconstruction\","));
    }

    @Test
    void refusesToExplainInCsv() {
        Answer answer = service.postJsonForCsv(SCORE + "?explain=true", "{}");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.node().at("/type").asString()).isEqualTo("/problems/bad-score-request");
        assertThat(answer.node().at("/detail").asString()).contains("application/x-ndjson");
    }

    @Test
    void explainsNothingUnasked() {
        assertThat(service.postJson(SCORE, "{}").body()).doesNotContain("explanation");
    }

    private static List<String> flags(JsonNode row) {
        List<String> flags = new ArrayList<>();
        row.at("/explanation/flags").forEach(flag -> flags.add(flag.asString()));
        return flags;
    }

    private static List<JsonNode> rows(Answer answer) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        List<JsonNode> rows = new ArrayList<>();
        answer.node().get("rows").forEach(rows::add);
        return rows;
    }

    private static void upload(String series) {
        String csv = TestRequests.csv(0, TestRequests.ROWS, TestRequests.waves(4));
        assertThat(service.postCsv("/api/v1/series/" + series + "/samples", csv).status())
                .isEqualTo(200);
    }

    private static void train(String model, String series) {
        Answer trained = service.train(TestRequests.specification(model, series, LENGTH, 5));
        assertThat(trained.status()).as(trained.body()).isEqualTo(201);
    }
}
