package dev.telltale.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Annotated anomalies that a network learns to give back badly. They are of a kind that networks give back well
/// unless they are told: weaker waves among waves.
class ContrastIT {

    private static final int ROWS = 4_000;

    @TempDir
    private static Path data;

    private static RunningService service;

    @BeforeAll
    static void start() {
        service = new RunningService(data);
        service.postCsv("/api/v1/series/waves/samples", TestRequests.csv(0, ROWS, waves()));
        StringBuilder annotations = new StringBuilder();
        for (int row = 0; row < ROWS; row++) {
            if (isWeak(row) && !isWeak(row - 1)) {
                annotations
                        .append(annotations.isEmpty() ? "" : ",")
                        .append("{\"start\":%d,\"end\":%d,\"verdict\":\"anomalous\"}"
                                .formatted(time(row), time(row + 19)));
            }
        }
        service.annotate("waves", "{\"annotations\":[" + annotations + "]}");
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    /// Waves of 20 rows, every 17th of half the height.
    private static IntToDoubleFunction waves() {
        double[] noise = new Random(3).doubles(ROWS, -0.05, 0.05).toArray();
        return row -> (isWeak(row) ? 0.5 : 1) * Math.sin(2 * Math.PI * row / 20) + noise[row];
    }

    private static boolean isWeak(int row) {
        return row > 0 && row / 20 % 17 == 16;
    }

    @Test
    void refusesToPushAwayFromNothing() {
        RunningService.Answer answer = service.train("""
                {"name":"nothing","series":["waves"],"split":{"train":200,"validation":100,"test":100},
                 "training":{"annotated":"contrast"}}""");

        assertThat(answer.status()).as(answer.body()).isEqualTo(422);
        assertThat(answer.body()).contains("training.annotated contrast needs");
    }

    @Test
    void ranksHeldOutAnomaliesHigherThanLeavingThemOutDoes() {
        double excluded = 0;
        double contrasted = 0;
        for (int seed = 1; seed <= 2; seed++) {
            excluded += averagePrecision("excluded", "exclude", seed) / 2;
            contrasted += averagePrecision("contrasted", "contrast", seed) / 2;
        }

        assertThat(contrasted).isGreaterThan(excluded + 0.05);
    }

    private static double averagePrecision(String name, String annotated, int seed) {
        JsonNode trained =
                service.train("""
                {"name":"%s-%d","series":["waves"],"windowing":{"length":16},"architecture":"dense",
                 "split":{"train":0.6,"validation":0.1,"test":0.3},
                 "training":{"epochs":15,"learningRate":0.002,"earlyStopping":null,"annotated":"%s","seed":%d}}""".formatted(name, seed, annotated, seed)).node();
        assertThat(trained.path("version").asInt()).as(trained.toString()).isEqualTo(1);
        JsonNode evaluation = service.get("/api/v1/models/" + name + "-" + seed + "/evaluation")
                .node();
        return evaluation.at("/test/averagePrecision").asDouble();
    }

    private static long time(int row) {
        return TestRequests.START + row * TestRequests.STEP;
    }
}
