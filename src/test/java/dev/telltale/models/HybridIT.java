package dev.telltale.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.telltale.models.RunningService.Answer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// Models with a partner, over HTTP: a wave whose beat stops for ten rows, none of them out of range.
class HybridIT {

    private static final String MODELS = "/api/v1/models/";
    private static final int ROWS = 1_500;
    private static final int STOPPED = 1_400;

    @TempDir
    private static Path data;

    private static RunningService service;

    @BeforeAll
    static void start() {
        service = new RunningService(data);
        service.postCsv("/api/v1/series/beat/samples", TestRequests.csv(0, ROWS, beat()));
        service.annotate("beat", """
                {"annotations":[{"start":%d,"end":%d,"verdict":"anomalous"}]}""".formatted(time(STOPPED), time(STOPPED + 9)));
        for (String partner : List.of("random-cut-forest", "robust-z-score")) {
            Answer trained = service.train(specification("with-" + partner, "{\"kind\":\"" + partner + "\"}"));
            assertThat(trained.status()).as(trained.body()).isEqualTo(201);
        }
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @Test
    void findsByItsPartnerWhatTheReconstructionAloneDoesNotFind() {
        JsonNode evaluation =
                service.get(MODELS + "with-random-cut-forest/evaluation").node();

        assertThat(evaluation.at("/evidence/0/name").asString()).isEqualTo("reconstruction");
        assertThat(evaluation.at("/evidence/1/name").asString()).isEqualTo("random-cut-forest");
        assertThat(evaluation.at("/evidence/1")).isEqualTo(evaluation.at("/baselines/2"));
        assertThat(evaluation.at("/evidence/0/rows")).isEqualTo(evaluation.at("/test/rows"));
        assertThat(evaluation.at("/test/averagePrecision").asDouble())
                .isGreaterThan(evaluation.at("/evidence/0/averagePrecision").asDouble());
    }

    @ParameterizedTest
    @ValueSource(strings = {"random-cut-forest", "robust-z-score"})
    void scoresTheSumOfBothEvidences(String partner) {
        JsonNode model = service.get(MODELS + "with-" + partner).node();
        double line = model.at("/partner/blend/line").asDouble();
        assertThat(model.at("/specification/partner/kind").asString()).isEqualTo(partner);
        assertThat(model.at("/partner/kind").asString()).isEqualTo(partner);

        int judged = 0;
        for (JsonNode row : rows(service.postJson(MODELS + "with-" + partner + "/score?explain=true", "{}"))) {
            JsonNode explanation = row.path("explanation");
            if (!explanation.isMissingNode()) {
                judged++;
                double own = explanation.at("/evidence/0/evidence").asDouble();
                double other = explanation.at("/evidence/1/evidence").asDouble();
                assertThat(explanation.at("/evidence/1/of").asString()).isEqualTo(partner);
                assertThat(explanation.at("/evidence/0/share").asDouble())
                        .isCloseTo(own / (own + other), within(1e-12));
                assertThat(row.get("anomalous").asBoolean()).isEqualTo(own + other > line);
                assertThat(row.get("score").asDouble() > 1).isEqualTo(own + other > line);
                double value = row.get("value").asDouble();
                assertThat(value < row.get("lower").asDouble()
                                || value > row.get("upper").asDouble())
                        .isEqualTo(explanation.get("margin").asDouble() < 0);
            }
        }
        assertThat(judged).isEqualTo(ROWS - 7);
    }

    @ParameterizedTest
    @ValueSource(strings = {"random-cut-forest", "robust-z-score"})
    void scoresARangeTheWholeAndAnImportedFileAlike(String partner) {
        String model = MODELS + "with-" + partner;
        List<JsonNode> whole = rows(service.postJson(model + "/score", "{}"));

        String range = TestRequests.range("beat", time(700), time(709));
        assertThat(rows(service.postJson(model + "/score", range))).isEqualTo(whole.subList(700, 710));

        byte[] file = service.sendBytes("GET", model + "/artifact", new byte[0]).body();
        Answer imported = service.answer(service.sendBytes("PUT", MODELS + "imported-" + partner + "/artifact", file));
        assertThat(imported.status()).as(imported.body()).isEqualTo(201);
        assertThat(rows(service.postJson(MODELS + "imported-" + partner + "/score", "{}")))
                .isEqualTo(whole);
    }

    @Test
    void trainsAFurtherVersionWithoutAPartner() {
        Answer trained = service.send(
                "POST",
                MODELS + "with-robust-z-score/versions",
                "{\"partner\":null}",
                "Content-Type: application/json",
                "Prefer: wait=60");

        assertThat(trained.status()).as(trained.body()).isEqualTo(201);
        assertThat(trained.node().get("partner").isNull()).isTrue();
        JsonNode evaluation = service.get(MODELS + "with-robust-z-score/versions/2/evaluation")
                .node();
        JsonNode hybrid = service.get(MODELS + "with-robust-z-score/evaluation").node();
        assertThat(evaluation.get("evidence").isEmpty()).isTrue();
        // the same network: the reconstruction beside a partner is what a model without one is
        assertThat(evaluation.at("/test/averagePrecision")).isEqualTo(hybrid.at("/evidence/0/averagePrecision"));
    }

    private static IntToDoubleFunction beat() {
        double[] noise = new Random(4).doubles(ROWS, -1, 1).toArray();
        return i -> 50 + noise[i] + (i >= STOPPED && i < STOPPED + 10 ? 0 : 20 * Math.sin(i * 0.9));
    }

    private static long time(int row) {
        return TestRequests.START + row * TestRequests.STEP;
    }

    private static String specification(String name, String partner) {
        return TestRequests.specification(name, "beat", 8, 3).replaceFirst("\\{", "{\"partner\":" + partner + ",");
    }

    private static List<JsonNode> rows(Answer answer) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        List<JsonNode> rows = new ArrayList<>();
        answer.node().get("rows").forEach(rows::add);
        return rows;
    }
}
