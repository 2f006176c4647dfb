package dev.telltale.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.series.SeriesKey;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Batches that a sender repeats give the samples, scores and anomalies of one send. `-Dbatches=10000`
/// sends more.
class RetriesIT {

    private static final int BATCHES = Integer.getInteger("batches", 400);
    private static final int TIMES = 3;
    private static final int SERIES = 5;
    private static final int TRAINED = 600;
    private static final int CUT = 5; // every fifth batch, the first time
    private static final long INTERVAL = 5_000;

    @TempDir
    Path directory;

    private final SplittableRandom random = new SplittableRandom(8);

    @Test
    void giveTheSameSamplesScoresAndAnomaliesAsOneSend() {
        long start = System.currentTimeMillis() / INTERVAL * INTERVAL - (BATCHES + TRAINED + 10L) * INTERVAL;
        try (LiveService service = new LiveService(directory, "--telltale.live.incident-gap=1s")) {
            StringBuilder csv = new StringBuilder("timestamp,value\n");
            for (int row = 0; row < TRAINED; row++) {
                csv.append(start + row * INTERVAL)
                        .append(',')
                        .append(value(row))
                        .append('\n');
            }
            service.json("POST", "/api/v1/series/past/samples", csv.toString(), 200);
            service.train(
                    "{\"name\":\"m\",\"series\":[\"past\"],\"windowing\":{\"length\":8},\"training\":{\"epochs\":10},"
                            + "\"threshold\":{\"rule\":\"sigma\",\"k\":10}}");
            service.watch("once", "{\"model\":\"m\",\"select\":\"sent{times=\\\"1\\\"}\",\"scaling\":\"model\"}");
            service.watch("thrice", "{\"model\":\"m\",\"select\":\"sent{times=\\\"3\\\"}\",\"scaling\":\"model\"}");
            for (int batch = 0; batch < BATCHES; batch++) {
                send(service, batch, start + (TRAINED + batch) * INTERVAL);
            }
            long last = start + (TRAINED + BATCHES - 1) * INTERVAL;
            service.awaitScored("once", last);
            service.awaitScored("thrice", last);
            service.await(() -> service.bean(Detectors.class).isIdle());

            for (int series = 0; series < SERIES; series++) {
                assertThat(samples(service, "thrice", TIMES, series)).isEqualTo(samples(service, "once", 1, series));
            }
            List<String> anomalies = anomalies(service, "once");
            assertThat(anomalies).hasSizeGreaterThanOrEqualTo(SERIES);
            assertThat(anomalies(service, "thrice")).isEqualTo(anomalies);
        }
    }

    private void send(LiveService service, int batch, long time) {
        Map<SeriesKey, Double> once =
                new TreeMap<>((one, other) -> one.toString().compareTo(other.toString()));
        Map<SeriesKey, Double> thrice =
                new TreeMap<>((one, other) -> one.toString().compareTo(other.toString()));
        for (int series = 0; series < SERIES; series++) {
            boolean odd = batch % 100 > 90 + series;
            double value = value(TRAINED + batch) + (odd ? 80 : 0);
            once.put(key(1, series), value);
            thrice.put(key(TIMES, series), value);
        }
        service.remoteWrite(once, time);
        for (int sent = 0; sent < TIMES; sent++) {
            if (sent == 0 && batch % CUT == 0) {
                service.remoteWriteAndCut(thrice, time);
            } else {
                service.remoteWrite(thrice, time);
            }
        }
    }

    private double value(int row) {
        return 50 + 20 * Math.sin(row / 10.0) + random.nextDouble(-1, 1);
    }

    private static SeriesKey key(int times, int series) {
        return LiveClient.key("sent", "series", Integer.toString(series), "times", Integer.toString(times));
    }

    private static JsonNode samples(LiveService service, String detector, int times, int series) {
        String match = "sent%7Bseries=%22" + series + "%22,times=%22" + times + "%22%7D";
        String id =
                service.get("/api/v1/series?match=" + match).at("/items/0/id").asString();
        JsonNode samples = service.get("/api/v1/series/" + id + "/samples?with=score:" + detector)
                .get("samples");
        assertThat(samples).hasSize(BATCHES);
        return samples;
    }

    /// Of each anomaly the series, its rows and its peak.
    private static List<String> anomalies(LiveService service, String detector) {
        List<String> anomalies = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page = service.get("/api/v1/anomalies?limit=1000&detector=" + detector + cursor);
            for (JsonNode anomaly : page.get("items")) {
                anomalies.add(anomaly.at("/series/0/labels/series").asString() + " " + anomaly.get("start") + " "
                        + anomaly.get("end") + " " + anomaly.get("peak"));
            }
            cursor = page.get("next").isNull()
                    ? ""
                    : "&cursor=" + page.get("next").asString();
        } while (!cursor.isEmpty());
        return anomalies.stream().sorted().toList();
    }
}
