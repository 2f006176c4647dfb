package dev.telltale.live;

import static dev.telltale.live.LiveClient.key;
import static dev.telltale.live.LiveService.INTERVAL;
import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.series.SeriesKey;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class MutingIT {

    private static final SeriesKey CPU = key("cpu");
    private static final int TRAINED = 600;
    private static final int WAVE = 60; // rows

    @TempDir
    Path directory;

    private final SplittableRandom random = new SplittableRandom(4);
    private final long start = Instant.now().toEpochMilli() / INTERVAL * INTERVAL - 2_000 * INTERVAL;
    private int row;

    private double usual() {
        return 50 + 20 * Math.sin(2 * Math.PI * row / WAVE) + random.nextDouble(-1, 1);
    }

    private void pushUsual(LiveService service, int rows) {
        for (int i = 0; i < rows; i++) {
            service.push(CPU, start + row * INTERVAL, usual());
            row++;
        }
    }

    /// Three rows away from the usual ones, always at the same place of the wave.
    private void pushOdd(LiveService service, double distance) {
        pushUsual(service, WAVE - row % WAVE);
        for (int i = 0; i < 3; i++) {
            service.push(CPU, start + row * INTERVAL, usual() + distance);
            row++;
        }
        pushUsual(service, WAVE / 2);
        service.awaitScored("d", start + (row - 1) * INTERVAL);
    }

    private static List<JsonNode> anomalies(LiveService service) {
        List<JsonNode> anomalies = new ArrayList<>();
        service.get("/api/v1/anomalies?detector=d").get("items").forEach(anomalies::add);
        return anomalies.reversed(); // the oldest first
    }

    private static int incidents(LiveService service) {
        return service.get("/api/v1/incidents?detector=d").get("items").size();
    }

    private LiveService watching(String scaling) {
        LiveService service = new LiveService(directory, "--telltale.live.incident-gap=1m");
        double[] values = new double[TRAINED];
        for (; row < TRAINED; row++) {
            values[row] = usual();
        }
        service.push(CPU, start, values);
        service.train("{\"name\":\"m\",\"series\":[\"cpu\"],\"windowing\":{\"length\":16},"
                + "\"training\":{\"epochs\":30},\"threshold\":{\"rule\":\"sigma\",\"k\":8}}");
        service.watch(
                "d",
                "{\"model\":\"m\",\"select\":\"cpu\",\"scaling\":\"" + scaling
                        + "\",\"minDeviation\":{\"absolute\":20}}");
        return service;
    }

    @ParameterizedTest
    @ValueSource(strings = {"model", "series"})
    void mutesThePatternOfAFalseAlarmAndNoOther(String scaling) {
        try (LiveService service = watching(scaling)) {
            pushOdd(service, 60);
            List<JsonNode> first = anomalies(service);
            assertThat(first).hasSize(1);
            assertThat(incidents(service)).isEqualTo(1);
            service.json(
                    "POST",
                    "/api/v1/anomalies/" + first.getFirst().get("id").asString() + "/feedback",
                    "{\"verdict\":\"false\",\"note\":\"the weekly report\"}",
                    200);

            pushOdd(service, 60);
            List<JsonNode> second = anomalies(service);
            assertThat(second).hasSize(2);
            assertThat(second.get(1).get("suppressed").asString()).isEqualTo("feedback");
            assertThat(second.get(1).get("incident").isNull()).isTrue();
            assertThat(incidents(service)).as("nobody is told").isEqualTo(1);

            pushOdd(service, -60);
            List<JsonNode> third = anomalies(service);
            assertThat(third.get(2).get("suppressed").isNull()).isTrue();
            assertThat(incidents(service)).isEqualTo(2);
        }
    }

    @Test
    void remembersAFalseAlarmOverARestart() {
        try (LiveService service = watching("model")) {
            pushOdd(service, 60);
            service.json(
                    "POST",
                    "/api/v1/anomalies/"
                            + anomalies(service).getFirst().get("id").asString() + "/feedback",
                    "{\"verdict\":\"false\"}",
                    200);
        }
        try (LiveService service = new LiveService(directory, "--telltale.live.incident-gap=1m")) {
            pushOdd(service, 60);
            assertThat(anomalies(service).get(1).get("suppressed").asString()).isEqualTo("feedback");
        }
    }

    @Test
    void remembersAFalseAlarmWhenAnotherVersionJudges() {
        try (LiveService service = watching("model")) {
            pushOdd(service, 60);
            service.json(
                    "POST",
                    "/api/v1/anomalies/"
                            + anomalies(service).getFirst().get("id").asString() + "/feedback",
                    "{\"verdict\":\"false\"}",
                    200);
            service.json("POST", "/api/v1/models/m/versions?activate=true", "{\"training\":{\"seed\":7}}", 201);
            pushOdd(service, 60);
            assertThat(anomalies(service).get(1).get("suppressed").asString()).isEqualTo("feedback");
        }
    }

    @Test
    void raisesItAgainOnceItIsCalledOne() {
        try (LiveService service = watching("model")) {
            pushOdd(service, 60);
            String feedback = "/api/v1/anomalies/"
                    + anomalies(service).getFirst().get("id").asString() + "/feedback";
            service.json("POST", feedback, "{\"verdict\":\"false\"}", 200);
            service.json("POST", feedback, "{\"verdict\":\"true\"}", 200);
            pushOdd(service, 60);
            assertThat(anomalies(service).get(1).get("suppressed").isNull()).isTrue();
        }
    }

    @Test
    void learnsTheScaleOfASeriesAnewWithoutWhatIsCalledAnomalous() {
        try (LiveService service = watching("series")) {
            pushOdd(service, 60);
            JsonNode first = anomalies(service).getFirst();
            service.json(
                    "POST",
                    "/api/v1/anomalies/" + first.get("id").asString() + "/feedback",
                    "{\"verdict\":\"true\"}",
                    200);
            pushOdd(service, 60);
            List<JsonNode> anomalies = anomalies(service);
            assertThat(anomalies).hasSize(2);
            assertThat(anomalies.get(1).at("/peak/score").asDouble()).isGreaterThan(1);
        }
    }
}
