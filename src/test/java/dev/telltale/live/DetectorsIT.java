package dev.telltale.live;

import static dev.telltale.live.LiveClient.key;
import static dev.telltale.live.LiveService.INTERVAL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.telltale.series.Intake;
import dev.telltale.series.OnConflict;
import dev.telltale.series.PushedSamples;
import dev.telltale.series.SampleBatch;
import dev.telltale.series.Samples;
import dev.telltale.series.SeriesKey;
import dev.telltale.series.SeriesStore;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class DetectorsIT {

    private static final int TRAINED = 600;
    private static final int PUSHED = 300;
    private static final SeriesKey CPU = key("cpu");

    /// The minute before the samples begin, some days ago.
    private final long start = Instant.now().toEpochMilli() / INTERVAL * INTERVAL - 2 * (TRAINED + PUSHED) * INTERVAL;

    private static final double[] VALUES = values(TRAINED + PUSHED, 1);

    @TempDir
    Path directory;

    /// A wave of an hour with noise.
    private static double[] values(int count, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            values[i] = 50 + 20 * Math.sin(2 * Math.PI * i / 60) + random.nextDouble(-2, 2);
        }
        return values;
    }

    private long time(int row) {
        return start + row * INTERVAL;
    }

    private static double[] part(double[] values, int from, int to) {
        return Arrays.copyOfRange(values, from, to);
    }

    /// A model of the first samples of `cpu`, watched by the detector `d`.
    private LiveService trained(Path directory, String detector, String... settings) {
        LiveService service = new LiveService(directory, settings);
        service.push(CPU, time(0), part(VALUES, 0, TRAINED));
        service.train("{\"name\":\"m\",\"series\":[\"cpu\"],\"windowing\":{\"length\":16},"
                + "\"training\":{\"epochs\":5},\"threshold\":{\"rule\":\"rate\",\"rate\":0.001}}");
        service.watch("d", detector);
        return service;
    }

    private void assertScoredLikeTheBatch(LiveService service, String series) {
        Map<Instant, Double> live = service.scores("d", series);
        Map<Instant, Double> batch = service.batchScores("m", series);
        batch.keySet().removeIf(time -> time.toEpochMilli() < time(TRAINED));
        assertThat(live.keySet()).isEqualTo(batch.keySet());
        batch.forEach(
                (time, score) -> assertThat(live.get(time)).as("at %s", time).isCloseTo(score, within(1e-9)));
    }

    @Test
    void scoresSamplesAsTheyArriveLikeTheirStoredRange() {
        try (LiveService service = trained(directory, "{\"model\":\"m\",\"select\":\"cpu\"}")) {
            for (int row = TRAINED; row < TRAINED + PUSHED; row++) {
                service.push(CPU, time(row), VALUES[row]);
            }
            service.awaitScored("d", time(TRAINED + PUSHED - 1));
            assertScoredLikeTheBatch(service, "cpu");
        }
    }

    @Test
    void scoresThemTheSameInAnyOrderAndSentThrice() {
        try (LiveService service = trained(directory, "{\"model\":\"m\",\"select\":\"cpu\"}")) {
            List<Integer> rows = new ArrayList<>();
            for (int row = TRAINED; row < TRAINED + PUSHED; row++) {
                rows.addAll(List.of(row, row, row));
            }
            // Late by twenty rows at most.
            Random random = new Random(5);
            for (int from = 0; from < rows.size(); from += 30) {
                Collections.shuffle(rows.subList(from, Math.min(rows.size(), from + 60)), random);
            }
            for (int row : rows) {
                service.push(CPU, time(row), VALUES[row]);
            }
            service.awaitScored("d", time(TRAINED + PUSHED - 1));
            service.await(() -> service.scores("d", "cpu").size() == PUSHED);
            assertScoredLikeTheBatch(service, "cpu");
        }
    }

    @Test
    void scoresAfterARestartWhatWasStoredBeforeIt() {
        try (LiveService service = trained(directory, "{\"model\":\"m\",\"select\":\"cpu\"}")) {
            service.push(CPU, time(TRAINED), part(VALUES, TRAINED, TRAINED + 100));
            service.awaitScored("d", time(TRAINED + 99));
            // As if the process ended between the commit of these and their score.
            SeriesStore store = service.bean(SeriesStore.class);
            long id = store.find(CPU).orElseThrow().id();
            long[] times = new long[100];
            Arrays.setAll(times, i -> time(TRAINED + 100 + i));
            store.append(
                    SampleBatch.of(id, new Samples(times, part(VALUES, TRAINED + 100, TRAINED + 200))),
                    OnConflict.REFUSE);
        }
        try (LiveService service = new LiveService(directory)) {
            service.awaitScored("d", time(TRAINED + 199));
            service.push(CPU, time(TRAINED + 200), part(VALUES, TRAINED + 200, TRAINED + PUSHED));
            service.awaitScored("d", time(TRAINED + PUSHED - 1));
            assertScoredLikeTheBatch(service, "cpu");
        }
    }

    @Test
    void letsASeriesThatCameLaterLearnItsOwnScale() {
        try (LiveService service =
                trained(directory, "{\"model\":\"m\",\"select\":\"cpu\"}", "--telltale.live.warm-up=200")) {
            SeriesKey other = key("cpu", "instance", "i-2");
            double[] values =
                    Arrays.stream(values(400, 2)).map(value -> 1000 * value).toArray();
            values[390] = 20_000;
            service.push(other, time(0), part(values, 0, 150));
            service.await(() -> state(service, "i-2").equals("warming"));
            service.push(other, time(150), part(values, 150, 400));
            service.await(() -> service.get("/api/v1/anomalies").get("items").size() == 1);
            JsonNode anomaly = service.get("/api/v1/anomalies").get("items").get(0);
            assertThat(anomaly.at("/series/0/labels/instance").asString()).isEqualTo("i-2");
            assertThat(anomaly.at("/peak/value").asDouble()).isEqualTo(20_000);
            assertThat(state(service, "i-2")).isEqualTo("watching");
        }
    }

    private static String state(LiveService service, String instance) {
        for (JsonNode series : service.get("/api/v1/detectors/d").get("series")) {
            if (series.at("/labels/instance").asString("").equals(instance)) {
                return series.get("state").asString();
            }
        }
        return "";
    }

    @Test
    void saysThatNoDataCame() {
        try (LiveService service = trained(directory, "{\"model\":\"m\",\"select\":\"cpu\",\"noData\":\"PT2S\"}")) {
            service.push(CPU, time(TRAINED), VALUES[TRAINED]);
            service.await(() -> service.get("/api/v1/anomalies").get("items").size() == 1);
            JsonNode silent = service.get("/api/v1/anomalies").get("items").get(0);
            assertThat(silent.get("kind").asString()).isEqualTo("no-data");
            assertThat(silent.get("open").asBoolean()).isTrue();
            service.push(CPU, time(TRAINED + 1), VALUES[TRAINED + 1]);
            service.await(
                    () -> !service.get("/api/v1/anomalies/" + silent.get("id").asString())
                            .get("open")
                            .asBoolean());
        }
    }

    @Test
    void isQuietAboutASeriesThatEndedByIntention() throws InterruptedException {
        try (LiveService service = trained(directory, "{\"model\":\"m\",\"select\":\"cpu\",\"noData\":\"PT4S\"}")) {
            PushedSamples last = new PushedSamples();
            int number = last.series(CPU);
            last.add(number, time(TRAINED), VALUES[TRAINED]);
            last.end(number, time(TRAINED + 1));
            service.bean(Intake.class).push(last);
            Thread.sleep(6_000);
            assertThat(service.get("/api/v1/anomalies").get("items")).isEmpty();
            assertThat(service.get("/api/v1/detectors/d").at("/series/0/state").asString())
                    .isEqualTo("ended");
        }
        try (LiveService service = new LiveService(directory)) {
            service.await(() -> service.get("/api/v1/detectors/d")
                    .at("/series/0/state")
                    .asString()
                    .equals("ended"));
        }
    }

    @Test
    void goesOnWhenAnotherModelJudgesAndItsScoresAreDeleted() {
        try (LiveService service = trained(directory, "{\"model\":\"m\",\"select\":\"cpu\"}")) {
            for (int row = TRAINED; row < TRAINED + 50; row++) {
                service.push(CPU, time(row), VALUES[row] + (row >= TRAINED + 45 ? 200 : 0));
            }
            service.awaitScored("d", time(TRAINED + 49));
            assertThat(service.get("/api/v1/anomalies?open=true").get("items")).hasSize(1);

            service.train("{\"name\":\"other\",\"series\":[\"cpu\"],\"range\":{\"start\":" + time(0) + ",\"end\":"
                    + time(TRAINED - 1) + "},\"windowing\":{\"length\":8},\"training\":{\"epochs\":5}}");
            service.watch("d", "{\"model\":\"other\",\"select\":\"cpu\"}");
            service.await(() ->
                    service.get("/api/v1/anomalies?open=true").get("items").isEmpty());
            service.push(CPU, time(TRAINED + 50), part(VALUES, TRAINED + 50, TRAINED + 100));
            service.awaitScored("d", time(TRAINED + 99));

            String scores = service.get("/api/v1/series?match=telltale_score")
                    .at("/items/0/id")
                    .asString();
            service.json("DELETE", "/api/v1/series/" + scores, "", 204);
            service.push(CPU, time(TRAINED + 100), part(VALUES, TRAINED + 100, TRAINED + 150));
            service.awaitScored("d", time(TRAINED + 149));
            assertThat(service.scores("d", "cpu")).hasSize(50);
        }
    }

    @Test
    void endsWhatIsOpenOfASeriesThatIsWatchedNoMore() {
        try (LiveService service = trained(directory, "{\"model\":\"m\",\"select\":\"cpu\"}")) {
            service.push(CPU, time(TRAINED), VALUES[TRAINED] + 500);
            service.await(() ->
                    service.get("/api/v1/anomalies?open=true").get("items").size() == 1);
            service.watch("d", "{\"model\":\"m\",\"select\":\"memory\"}");
            service.await(() ->
                    service.get("/api/v1/anomalies?open=true").get("items").isEmpty());
            assertThat(service.get("/api/v1/detectors/d").get("watched").asInt())
                    .isZero();
        }
    }

    @Test
    void raisesAnAnomalyForALaterSampleOfTheSameRow() {
        try (LiveService service = trained(directory, "{\"model\":\"m\",\"select\":\"cpu\"}")) {
            service.push(CPU, time(TRAINED) - INTERVAL / 2, VALUES[TRAINED]);
            service.awaitScored("d", time(TRAINED));
            service.push(CPU, time(TRAINED) - INTERVAL / 3, VALUES[TRAINED] + 500);
            service.await(() ->
                    service.get("/api/v1/anomalies?open=true").get("items").size() == 1);
        }
    }
}
