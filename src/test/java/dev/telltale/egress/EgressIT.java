package dev.telltale.egress;

import static dev.telltale.live.LiveService.INTERVAL;
import static dev.telltale.live.LiveService.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.telltale.live.LiveService;
import dev.telltale.series.SeriesKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class EgressIT {

    private static final int TRAINED = 300;
    private static final int PUSHED = 20;
    private static final SeriesKey CPU = key("cpu", "instance", "i-1", "text", "a \"b\" \\ ü");
    private static final SeriesKey SPARE = key("cpu", "instance", "i-2");

    /// A sample of a gauge in Prometheus' text format, without a time.
    private static final Pattern LINE = Pattern.compile(
            "telltale_score\\{((?:[a-zA-Z_][a-zA-Z0-9_]*=\"(?:[^\"\\\\\\n]|\\\\[\\\\n\"])*\",?)+)} (\\S+)");

    private static final Pattern LABEL = Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\]|\\\\.)*)\"");

    /// So that the last row is a minute old.
    private final long start = Instant.now().toEpochMilli() / INTERVAL * INTERVAL - (TRAINED + PUSHED) * INTERVAL;

    private static final double[] VALUES = values();

    @TempDir
    Path directory;

    /// A wave of half an hour with noise, and one sample beside it.
    private static double[] values() {
        SplittableRandom random = new SplittableRandom(1);
        double[] values = new double[TRAINED + PUSHED];
        for (int i = 0; i < values.length; i++) {
            values[i] = 50 + 20 * Math.sin(2 * Math.PI * i / 30) + random.nextDouble(-2, 2);
        }
        values[TRAINED + 10] = 120;
        return values;
    }

    private long time(int row) {
        return start + row * INTERVAL;
    }

    /// The service with a detector that has scored the samples after those that its model was trained on.
    private LiveService watching(String... settings) {
        LiveService service = new LiveService(directory.resolve("data"), settings);
        try {
            push(service, 0, TRAINED);
            service.train("{\"name\":\"m\",\"series\":[\"" + seriesId(service, "i-2")
                    + "\"],\"windowing\":{\"length\":8},\"training\":{\"epochs\":5},"
                    + "\"threshold\":{\"rule\":\"rate\",\"rate\":0.001}}");
            service.watch("d", "{\"model\":\"m\",\"select\":\"cpu\",\"scaling\":\"model\"}");
            push(service, TRAINED, TRAINED + PUSHED);
            service.awaitScored("d", time(TRAINED + PUSHED - 1));
            return service;
        } catch (RuntimeException | AssertionError e) {
            service.close();
            throw e;
        }
    }

    private void push(LiveService service, int from, int to) {
        for (SeriesKey series : List.of(CPU, SPARE)) {
            service.push(series, time(from), Arrays.copyOfRange(VALUES, from, to));
        }
    }

    private static Map<String, String> labels(String text) {
        Matcher matcher = LABEL.matcher(text);
        Map<String, String> labels = new TreeMap<>();
        while (matcher.find()) {
            labels.put(
                    matcher.group(1),
                    matcher.group(2).replace("\\n", "\n").replace("\\\"", "\"").replace("\\\\", "\\"));
        }
        return labels;
    }

    /// The gauges `telltale_score` by their labels.
    private static Map<Map<String, String>, Double> scraped(LiveService service) {
        Map<Map<String, String>, Double> scores = new HashMap<>();
        service.send("GET", "/actuator/prometheus", "")
                .body()
                .lines()
                .filter(line -> line.startsWith("telltale_score{"))
                .forEach(line -> {
                    Matcher matcher = LINE.matcher(line);
                    assertThat(matcher.matches()).as(line).isTrue();
                    scores.put(labels(matcher.group(1)), Double.parseDouble(matcher.group(2)));
                });
        return scores;
    }

    private static Double newest(LiveService service, String instance) {
        Map<Instant, Double> scores = service.scores("d", seriesId(service, instance));
        return new TreeMap<>(scores).lastEntry().getValue();
    }

    @Test
    void newestScoresCanBeScraped() throws IOException, InterruptedException {
        try (LiveService service = watching()) {
            Map<String, String> labels = Map.of("detector", "d", "metric", "cpu", "instance", "i-2");
            service.await(() -> scraped(service).size() == 2
                    && newest(service, "i-2").equals(scraped(service).get(labels)));
            assertThat(scraped(service).keySet())
                    .contains(Map.of("detector", "d", "metric", "cpu", "instance", "i-1", "text", "a \"b\" \\ ü"));
            assertThat(meter(service, "telltale_egress_exported_series")).isEqualTo(2);
            checkWithPromtool(service);
            service.json("DELETE", "/api/v1/series/" + seriesId(service, "i-1"), "", 204);
            assertThat(scraped(service)).hasSize(1);
            service.json("DELETE", "/api/v1/detectors/d", "", 204);
            assertThat(scraped(service)).isEmpty();
        }
    }

    private static String seriesId(LiveService service, String instance) {
        for (JsonNode series : service.get("/api/v1/series?match=cpu").get("items")) {
            if (series.at("/labels/instance").asString("").equals(instance)) {
                return series.get("id").asString();
            }
        }
        throw new AssertionError("there is no series of " + instance);
    }

    private static double meter(LiveService service, String name) {
        return service.send("GET", "/actuator/prometheus", "")
                .body()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst()
                .orElseThrow();
    }

    /// Prometheus' own check, where it is installed.
    private void checkWithPromtool(LiveService service) throws IOException, InterruptedException {
        Optional<Path> promtool = RunningPrometheus.onPath("promtool");
        if (promtool.isEmpty()) {
            return;
        }
        Path metrics = directory.resolve("metrics");
        Files.writeString(
                metrics,
                service.send("GET", "/actuator/prometheus", "")
                        .body()
                        .lines()
                        .filter(line -> line.matches("(# (HELP|TYPE) )?telltale_(score|egress).*"))
                        .collect(Collectors.joining("\n", "", "\n")));
        assertThat(metrics).content().contains("# TYPE telltale_score gauge");
        Process check = new ProcessBuilder(promtool.get().toString(), "check", "metrics")
                .redirectInput(metrics.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(check.waitFor()).as(said).isZero();
        assertThat(said).isEmpty();
    }

    @Test
    void noMoreSeriesAreExportedThanAllowed() {
        try (LiveService service = watching("--telltale.egress.exported-series=1")) {
            service.await(() -> meter(service, "telltale_egress_left_out_series") == 1);
            assertThat(scraped(service)).hasSize(1);
        }
    }

    @Test
    void aPrometheusGetsTheScores() throws IOException, InterruptedException {
        Optional<Path> program = RunningPrometheus.onPath("prometheus");
        assumeTrue(program.isPresent(), "there is no prometheus on the PATH; Debian's package has it");
        try (RunningPrometheus prometheus = new RunningPrometheus(program.get(), directory);
                LiveService service = watching("--telltale.egress.remote-write.url=" + prometheus.remoteWriteUrl())) {
            String count = "sum(count_over_time(telltale_score[1d])) == " + 2 * PUSHED;
            service.await(() -> !prometheus.query(count).isEmpty());
            Map<Instant, Double> scores = service.scores("d", seriesId(service, "i-2"));
            assertThat(received(prometheus, "telltale_score")).hasSize(PUSHED).isEqualTo(scores);
            JsonNode rows = service.json(
                            "POST",
                            "/api/v1/models/m/score",
                            "{\"series\":\"" + seriesId(service, "i-2") + "\",\"start\":\""
                                    + Instant.ofEpochMilli(time(TRAINED)) + "\"}",
                            200)
                    .get("rows");
            assertThat(received(prometheus, "telltale_expected")).isEqualTo(values(rows, "expected"));
            assertThat(received(prometheus, "telltale_lower")).isEqualTo(values(rows, "lower"));
            assertThat(received(prometheus, "telltale_upper")).isEqualTo(values(rows, "upper"));
            assertThat(prometheus.query("telltale_score[1d]")).hasSize(2);
            assertThat(prometheus.query("max_over_time(telltale_score{instance=\"i-2\"}[1d]) > 1"))
                    .hasSize(1);
            assertThat(meter(service, "telltale_egress_samples_total{outcome=\"refused\"}"))
                    .isZero();
        }
    }

    private static Map<Instant, Double> values(JsonNode rows, String field) {
        Map<Instant, Double> values = new TreeMap<>();
        for (JsonNode row : rows) {
            if (row.path(field).isNumber()) {
                values.put(
                        Instant.parse(row.get("timestamp").asString()),
                        row.get(field).asDouble());
            }
        }
        return values;
    }

    /// What a Prometheus has of the series of `i-2`.
    private static Map<Instant, Double> received(RunningPrometheus prometheus, String name) {
        JsonNode result = prometheus.query(name + "{detector=\"d\",metric=\"cpu\",instance=\"i-2\"}[1d]");
        assertThat(result).as(name).hasSize(1);
        Map<Instant, Double> samples = new TreeMap<>();
        for (JsonNode sample : result.get(0).get("values")) {
            samples.put(
                    Instant.ofEpochMilli(Math.round(sample.get(0).asDouble() * 1_000)),
                    Double.parseDouble(sample.get(1).asString()));
        }
        return samples;
    }
}
