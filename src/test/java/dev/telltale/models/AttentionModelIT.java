package dev.telltale.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.telltale.detection.Figure;
import dev.telltale.detection.Ranking;
import dev.telltale.detection.ReconstructionErrors;
import dev.telltale.models.RunningService.Answer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// A model with attention over HTTP: a periodic series in which the phase jumps now and then.
class AttentionModelIT {

    private static final int ROWS = 3_000;
    private static final int TESTED = 2_400; // phase errors are planted from here on
    private static final int LENGTH = 24;
    private static final String MODEL = "/api/v1/models/phases";

    @TempDir
    private static Path data;

    private static RunningService service;

    @BeforeAll
    static void start() {
        service = new RunningService(data);
        service.postCsv("/api/v1/series/rhythm/samples", TestRequests.csv(0, ROWS, rhythm()));
        Answer trained = service.train("""
                {"name":"phases","series":["rhythm"],"windowing":{"length":%d},"architecture":"attention",
                 "split":{"train":0.7,"validation":0.1,"test":0.2},"scaling":"standard",
                 "training":{"epochs":15,"learningRate":0.002,"earlyStopping":null}}""".formatted(LENGTH));
        assertThat(trained.status()).as(trained.body()).isEqualTo(201);
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    /// A wave of 20 rows with noise. Every 60 rows it is half a wave early for three rows around a crest.
    private static java.util.function.IntToDoubleFunction rhythm() {
        double[] noise = new Random(5).doubles(ROWS, -0.05, 0.05).toArray();
        return row -> Math.sin(2 * Math.PI * (row + (isPlanted(row) ? 10 : 0)) / 20) + noise[row];
    }

    private static boolean isPlanted(int row) {
        return row >= TESTED && row % 60 >= 44 && row % 60 <= 46;
    }

    @Test
    void ranksPhaseErrorsAboveAllNormalRows() {
        JsonNode rows = service.postJson(MODEL + "/score", TestRequests.range("rhythm", time(TESTED), time(ROWS - 1)))
                .node()
                .get("rows");

        boolean[] planted = new boolean[rows.size()];
        double[] scores = new double[rows.size()];
        for (int i = 0; i < rows.size(); i++) {
            planted[i] = isPlanted(TESTED + i);
            scores[i] = rows.get(i).get("score").asDouble();
        }
        assertThat(Ranking.of(new ReconstructionErrors(scores), planted).averagePrecision())
                .isInstanceOfSatisfying(
                        Figure.Known.class, known -> assertThat(known.value()).isGreaterThanOrEqualTo(0.9));
    }

    @Test
    void scoresWithTheSameBitsAfterARestart() {
        String range = TestRequests.range("rhythm", time(0), time(ROWS - 1));
        String before = service.postJson(MODEL + "/score", range).body();
        String attention = service.postJson(MODEL + "/attention", "{}").body();
        service.close();

        service = new RunningService(data);

        assertThat(service.postJson(MODEL + "/score", range).body()).isEqualTo(before);
        assertThat(service.postJson(MODEL + "/attention", "{}").body()).isEqualTo(attention);
    }

    @Test
    void showsWhichRowsOfTheNewestWindowLookAtWhich() {
        JsonNode shown = service.postJson(MODEL + "/attention", "{}").node();

        assertThat(shown.get("timestamps").size()).isEqualTo(LENGTH);
        assertThat(shown.get("timestamps").get(LENGTH - 1).asString()).isEqualTo(at(ROWS - 1));
        assertThat(shown.get("weights").size()).isEqualTo(2);
        double farthest = 0;
        for (JsonNode layer : shown.get("weights")) {
            assertThat(layer.size()).isEqualTo(4);
            for (JsonNode head : layer) {
                assertThat(head.size()).isEqualTo(LENGTH);
                for (JsonNode row : head) {
                    double[] shares = new double[row.size()];
                    Arrays.setAll(shares, i -> row.get(i).asDouble());
                    assertThat(shares).hasSize(LENGTH);
                    assertThat(Arrays.stream(shares).sum()).isCloseTo(1, within(1e-5));
                    farthest = Math.max(farthest, Math.abs(shares[0] - 1.0 / LENGTH));
                }
            }
        }
        assertThat(farthest).as("how far from looking at all rows alike").isGreaterThan(0.01);
    }

    @Test
    void showsTheSameForAWindowThatIsStoredAndForItsSamples() {
        String stored = service.postJson(MODEL + "/attention", "{\"end\":%d}".formatted(time(1_000)))
                .body();
        StringBuilder samples = new StringBuilder("{\"samples\":[");
        for (int row = 1_000 - LENGTH + 1; row <= 1_000; row++) {
            samples.append(samples.length() > 12 ? "," : "")
                    .append("{\"timestamp\":%d,\"value\":%s}".formatted(time(row), rhythm().applyAsDouble(row)));
        }
        String posted = service.postJson(
                        MODEL + "/attention", samples.append("]}").toString())
                .body();

        assertThat(posted).isEqualTo(stored);
    }

    @Test
    void drawsAHeatMapForWhoAsksForAPicture() {
        Answer svg = service.send(
                "POST", MODEL + "/attention?layer=1", "{}", "Content-Type: application/json", "Accept: image/svg+xml");
        byte[] png = service.sendBytes(
                        "POST",
                        MODEL + "/attention",
                        "{}".getBytes(java.nio.charset.StandardCharsets.UTF_8),
                        "Content-Type: application/json",
                        "Accept: image/png")
                .body();

        assertThat(svg.header("Content-Type")).startsWith("image/svg+xml");
        assertThat(svg.body()).contains("Attention of phases, layer 1, mean of heads");
        assertThat(png).startsWith(0x89, 'P', 'N', 'G');
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "phases  | {\"end\":1704067200000} | 422 | not-enough-data",
                "phases  | {\"end\":0}             | 422 | not-enough-data",
                "phases  | {\"series\":\"none\"}   | 404 | series-not-found",
                "phases  | {\"rows\":3}            | 400 | unknown-property",
                "phases?layer=2 | {}               | 400 | out-of-range",
                "nobody  | {}                      | 404 | model-not-found"
            })
    void refusesWhatItCannotShow(String model, String body, int status, String type) {
        String[] parts = model.split("\\?", 2);
        String query = parts.length == 2 ? "?" + parts[1] : "";
        Answer answer = service.send(
                "POST",
                "/api/v1/models/" + parts[0] + "/attention" + query,
                body,
                "Content-Type: application/json",
                query.isEmpty() ? "Accept: application/json" : "Accept: image/png, application/problem+json");

        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.node().get("type").asString()).isEqualTo("/problems/" + type);
    }

    @Test
    void refusesToChooseAHeadOfAllThatNumbersShow() {
        Answer answer = service.postJson(MODEL + "/attention?head=0", "{}");

        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(answer.body()).contains("ask for image/svg+xml or image/png");
    }

    @Test
    void saysOfADenseModelThatItHasNoAttention() {
        assertThat(service.train(TestRequests.specification("dense-one", "rhythm", 4, 1))
                        .status())
                .isEqualTo(201);

        Answer answer = service.postJson("/api/v1/models/dense-one/attention", "{}");

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.node().get("type").asString()).isEqualTo("/problems/no-attention");
    }

    private static long time(int row) {
        return TestRequests.START + row * TestRequests.STEP;
    }

    private static String at(int row) {
        return java.time.Instant.ofEpochMilli(time(row)).toString();
    }
}
