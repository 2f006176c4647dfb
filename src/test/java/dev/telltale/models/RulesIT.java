package dev.telltale.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.telltale.models.RunningService.Answer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Where the line lies, over HTTP: the rules, the parts they read, what the calibration says of itself, and
/// that bounds and verdicts agree.
class RulesIT {

    private static final long START = TestRequests.START;
    private static final long STEP = TestRequests.STEP;
    private static final int ROWS = TestRequests.ROWS;

    /// Of the validation part, rows 1,050 to 1,274.
    private static final int VALIDATED = 1_150;

    @TempDir
    private static Path data;

    private static RunningService service;

    @BeforeAll
    static void start() {
        service = new RunningService(data);
        IntToDoubleFunction waves = TestRequests.waves(4);
        String csv = TestRequests.csv(
                0, ROWS, row -> waves.applyAsDouble(row) + (row >= VALIDATED && row < VALIDATED + 3 ? 60 : 0));
        assertThat(service.postCsv("/api/v1/series/waves/samples", csv).status())
                .isEqualTo(200);
        service.annotate(
                "waves",
                "{\"annotations\":[%s,%s]}".formatted(annotation(VALIDATED), annotation(TestRequests.PLANTED)));
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @Test
    void drawsTheLineOfTheBestF1InTheValidationPartAndFindsWhatIsAnnotatedInTheTestPart() {
        JsonNode model = train("best", "{\"rule\":\"best-f1\"}", "");

        assertThat(model.at("/specification/threshold").toString()).isEqualTo("{\"rule\":\"best-f1\"}");
        double line = model.at("/line/error").asDouble();
        List<JsonNode> validated = score("best", VALIDATED - 50, VALIDATED + 50);
        for (JsonNode row : validated) {
            assertThat(row.get("anomalous").asBoolean())
                    .isEqualTo(row.get("error").asDouble() > line);
        }
        assertThat(validated.subList(50, 53))
                .allMatch(row -> row.get("anomalous").asBoolean());
        JsonNode test = service.get("/api/v1/models/best/evaluation").node().at("/test");
        assertThat(test.get("recall").asDouble()).isEqualTo(1);
    }

    @Test
    void drawsTheLineFromThePartThatIsNamed() {
        JsonNode ofTrain = train("of-train", "{\"rule\":\"quantile\",\"q\":1,\"of\":\"train\"}", "");
        JsonNode ofValidation = train("of-validation", "{\"rule\":\"quantile\",\"q\":1,\"of\":\"validation\"}", "");

        // 1,050 rows less 7 before the first window; 225 less the 10 windows that hold an annotated row
        assertThat(ofTrain.at("/calibration/n").asInt()).isEqualTo(1_043);
        assertThat(ofValidation.at("/calibration/n").asInt()).isEqualTo(215);
        // The largest error of the part scores exactly 1, and is not anomalous.
        double largest = score("of-train", 7, 1_049).stream()
                .mapToDouble(row -> row.get("error").asDouble())
                .max()
                .orElseThrow();
        assertThat(ofTrain.at("/line/error").asDouble()).isEqualTo(largest);
        assertThat(score("of-train", 7, 1_049))
                .noneMatch(row -> row.get("anomalous").asBoolean());
    }

    @Test
    void saysWhatTheCalibrationCanBeTrustedWith() {
        JsonNode rare = train("rare", "{\"rule\":\"rate\",\"rate\":0.0001,\"of\":\"train\"}", "");
        JsonNode frequent = train("frequent", "{\"rule\":\"rate\",\"rate\":0.01,\"of\":\"train\"}", "");

        JsonNode calibration = rare.get("calibration");
        assertThat(calibration.get("n").asInt()).isEqualTo(1_043);
        assertThat(calibration.at("/tail/scale").asDouble()).isPositive();
        assertThat(calibration.at("/tail/shape").asDouble()).isBetween(0.0, 1.0);
        assertThat(calibration.at("/quality/excesses").asInt()).isBetween(100, 105); // a tenth
        assertThat(calibration.at("/quality/supportedRate").asDouble()).isCloseTo(1 / 1_043.0, within(1e-12));
        assertThat(rare.get("warnings").toString()).contains("extrapolated: a rate of 1.0E-4");
        assertThat(frequent.get("warnings").toString()).doesNotContain("extrapolated");
        assertThat(rare.at("/line/error").asDouble())
                .isGreaterThan(frequent.at("/line/error").asDouble());
    }

    @Test
    void turnsItsVerdictAtTheBounds() {
        train("bounded", "{\"rule\":\"rate\",\"rate\":0.01}", "");
        int tried = 0;
        for (JsonNode row : score("bounded", 100, 1_400)) {
            double value = row.get("value").asDouble();
            boolean outside = value < row.get("lower").asDouble()
                    || value > row.get("upper").asDouble();
            assertThat(row.get("anomalous").asBoolean()).as(row.toString()).isEqualTo(outside);
            tried += outside ? 1 : 0;
        }
        assertThat(tried).isPositive();
    }

    @Test
    void judgesARowByAllWindowsThatHoldItWhereThatIsAskedFor() {
        JsonNode model = train("means", "{\"rule\":\"rate\",\"rate\":0.0001}", ",\"errorOf\":\"mean\"");

        assertThat(model.at("/specification/errorOf").asString()).isEqualTo("mean");
        // Besides the 10 windows that reach back to an annotated row the 7 rows before it are left out.
        assertThat(model.at("/calibration/n").asInt()).isEqualTo(225 - 10 - 7);
        List<JsonNode> whole = score("means", 0, ROWS - 1);
        assertThat(whole)
                .hasSize(ROWS)
                .allMatch(row -> row.get("score").isNumber()
                        && row.get("lower").isNull()
                        && row.get("upper").isNull()
                        && row.get("expected").isNumber());
        assertThat(whole.subList(TestRequests.PLANTED, TestRequests.PLANTED + 3))
                .allMatch(row -> row.get("anomalous").asBoolean());
        assertThat(score("means", 700, 800)).isEqualTo(whole.subList(700, 801));
        JsonNode body = service.postCsv("/api/v1/models/means/score", TestRequests.csv(700, 760, TestRequests.waves(4)))
                .node()
                .get("rows");
        for (int row = 707; row < 753; row++) { // at the edges of a body fewer windows hold a row
            assertThat(body.get(row - 700)).isEqualTo(whole.get(row));
        }
    }

    private static JsonNode train(String name, String threshold, String more) {
        Answer answer =
                service.train("{\"name\":\"%s\",\"series\":[\"waves\"],\"windowing\":{\"length\":8},\"threshold\":%s%s,"
                                .formatted(name, threshold, more)
                        + "\"training\":{\"epochs\":10,\"earlyStopping\":null,\"learningRate\":0.005}}");
        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
        return answer.node();
    }

    private static List<JsonNode> score(String model, int first, int last) {
        Answer answer = service.postJson(
                "/api/v1/models/" + model + "/score",
                TestRequests.range("waves", START + first * STEP, START + last * STEP));
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        List<JsonNode> rows = new ArrayList<>();
        answer.node().get("rows").forEach(rows::add);
        return rows;
    }

    private static String annotation(int first) {
        return "{\"start\":%d,\"end\":%d,\"verdict\":\"anomalous\"}"
                .formatted(START + first * STEP, START + (first + 2) * STEP);
    }
}
