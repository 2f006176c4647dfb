package dev.telltale.models;

import static dev.telltale.models.TestRequests.START;
import static dev.telltale.models.TestRequests.STEP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.telltale.http.Json;
import dev.telltale.models.RunningService.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// The study that this project began from: four pointwise networks on the Numenta Anomaly Benchmark's
/// disk writes, judged against the benchmark's window.
@EnabledIfEnvironmentVariable(
        named = "TELLTALE_CORPORA",
        matches = ".+",
        disabledReason = "TELLTALE_CORPORA does not name a directory of corpora that holds nab")
class StudyIT {

    private static final String FILE = "realAWSCloudwatch/ec2_disk_write_bytes_1ef3de.csv";
    private static final String SERIES = "ec2_disk_write_bytes";

    @TempDir
    private Path data;

    @Test
    void trainsTheFourPresetsOfTheStudyOnTheBenchmark() throws IOException {
        Path nab = Path.of(System.getenv("TELLTALE_CORPORA")).resolve("nab");
        try (RunningService service = new RunningService(data)) {
            Answer upload = service.postCsv(
                    "/api/v1/series/" + SERIES + "/samples?duplicates=last",
                    Files.readString(nab.resolve("data").resolve(FILE)));
            assertThat(upload.node().get("accepted").asInt()).isEqualTo(4_719);
            assertThat(upload.node().get("merged").asInt()).isEqualTo(11);
            service.annotate(SERIES, window(nab));

            // inputs × 32 + 32, 32 × 16 + 16, 16 × 32 + 32, 32 × 1 + 1; and 256-128-64-128-256 likewise
            train(service, "base", 1_169);
            train(service, "dense", 83_265);
            train(service, "tanh", 83_265);
            train(service, "dropout", 83_265);
        }
    }

    /// The study's own setting, label and split; docs/study.md shows how its figures swing with other splits.
    @Test
    void meetsTheFiguresOfTheStudyOnItsOwnLabelAndSplit() throws IOException {
        Path nab = Path.of(System.getenv("TELLTALE_CORPORA")).resolve("nab");
        double[] values = Files.readString(nab.resolve("data").resolve(FILE))
                .lines()
                .skip(1)
                .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(',') + 1)))
                .toArray();
        assertThat(values).hasSize(4_730);
        double[] divided =
                IntStream.of(StudySplit.rows()).mapToDouble(row -> values[row]).toArray();
        double[] sums = new double[6];
        int seeds = 3;
        try (RunningService service = new RunningService(data)) {
            // One row after another, those that train first: a network that sees a row at a time cannot tell.
            service.postCsv("/api/v1/series/study/samples", TestRequests.csv(0, divided.length, i -> divided[i]));
            service.annotate("study", positive(divided));
            for (int seed = 1; seed <= seeds; seed++) {
                double[] figures = figures(service, seed);
                for (int i = 0; i < sums.length; i++) {
                    sums[i] += figures[i];
                }
            }
        }
        double[] study = {0.9301, 0.9235, 0.9323, 1, 0.3469, 0.5152};
        assertThat(DoubleStream.of(sums).map(sum -> sum / seeds).toArray()).containsExactly(study, within(0.02));
    }

    /// Accuracy of the three parts, then precision, recall and F1 of the test part.
    private static double[] figures(RunningService service, int seed) {
        String name = "study-" + seed;
        String job =
                service.submit("""
                {"name": "%s", "series": ["study"], "architecture": {"preset": "dropout"},
                 "windowing": {"length": 1, "stride": 1}, "scaling": {"kind": "min-max", "over": "all"},
                 "split": {"train": %d, "validation": %d, "test": %d, "order": "chronological"},
                 "training": {"epochs": 50, "batchSize": 32, "learningRate": 0.01,
                              "optimizer": {"kind": "sgd", "momentum": 0.9}, "earlyStopping": null,
                              "annotated": "include", "seed": %d},
                 "threshold": {"rule": "quantile", "q": 0.97, "of": "train"}}""".formatted(name, StudySplit.TRAIN, StudySplit.VALIDATION, StudySplit.TEST, seed));
        assertThat(service.awaitEnd(job).get("state").asString()).isEqualTo("succeeded");

        JsonNode evaluation =
                service.get("/api/v1/models/" + name + "/evaluation").node();
        JsonNode matrix = evaluation.at("/test/confusionMatrix");
        assertThat(matrix.get("tp").asInt() + matrix.get("fn").asInt()).isEqualTo(98);
        assertThat(evaluation.at("/history/49/testAccuracy")).isEqualTo(evaluation.at("/test/accuracy"));
        // The label is the value itself, so that a plain judge of values is never wrong, and users hear it.
        assertThat(evaluation.at("/baselines/0/averagePrecision").asDouble()).isEqualTo(1);
        assertThat(evaluation.get("warnings").toString()).contains("baseline-better");
        return Stream.of(
                        "/history/49/trainAccuracy",
                        "/history/49/validationAccuracy",
                        "/test/accuracy",
                        "/test/precision",
                        "/test/recall",
                        "/test/f1")
                .mapToDouble(figure -> evaluation.at(figure).asDouble())
                .toArray();
    }

    /// Annotations of all runs of rows whose value is above 0.
    private static String positive(double[] values) {
        List<String> ranges = new ArrayList<>();
        int first = 0;
        for (int row = 0; row < values.length; row++) {
            if (values[row] <= 0) {
                first = row + 1;
            } else if (row == values.length - 1 || values[row + 1] <= 0) {
                ranges.add("{\"start\":%d,\"end\":%d,\"verdict\":\"anomalous\"}"
                        .formatted(START + first * STEP, START + row * STEP));
            }
        }
        return "{\"annotations\":[" + String.join(",", ranges) + "]}";
    }

    private static void train(RunningService service, String preset, int parameters) {
        Answer submitted = service.postJson("/api/v1/models", """
                {"name": "%s", "series": ["%s"], "architecture": {"preset": "%s"},
                 "windowing": {"length": 1, "stride": 1},
                 "split": {"train": 0.35, "validation": 0.15, "test": 0.5, "order": "chronological"},
                 "training": {"epochs": 10, "earlyStopping": null}}""".formatted(preset, SERIES, preset));
        assertThat(submitted.status()).as(submitted.body()).isEqualTo(202);
        JsonNode job = service.awaitEnd(submitted.header("Location"));
        assertThat(job.get("state").asString()).as(job.toString()).isEqualTo("succeeded");

        JsonNode model = service.get("/api/v1/models/" + preset).node();
        assertThat(model.get("parameters").asInt()).isEqualTo(parameters);
        assertThat(model.get("trainingSeconds").asDouble()).isPositive();
        assertThat(model.at("/data/grid/interval").asLong()).isEqualTo(300_000);

        JsonNode evaluation =
                service.get("/api/v1/models/" + preset + "/evaluation").node();
        assertThat(evaluation.get("history").size()).isEqualTo(10);
        JsonNode matrix = evaluation.at("/test/confusionMatrix");
        // NAB calls rows 2399 to 2871 anomalous; none of them shares a time or falls into the gap.
        assertThat(matrix.get("tp").asInt() + matrix.get("fn").asInt()).isEqualTo(473);
        assertThat(evaluation.at("/test/rows").asInt()).isEqualTo(2_359);
    }

    private static String window(Path nab) throws IOException {
        JsonNode windows = new Json()
                .mapper()
                .readTree(Files.readString(nab.resolve("labels/combined_windows.json")))
                .get(FILE);
        assertThat(windows.size()).isEqualTo(1);
        return "{\"annotations\":[{\"start\":\"%s\",\"end\":\"%s\",\"verdict\":\"anomalous\",\"source\":\"dataset\"}]}"
                .formatted(time(windows.get(0).get(0)), time(windows.get(0).get(1)));
    }

    /// NAB writes `2014-03-10 01:29:00.000000`, in UTC.
    private static Instant time(JsonNode text) {
        return Instant.parse(text.asString().substring(0, 19).replace(' ', 'T') + "Z");
    }
}
