package dev.telltale.models;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.http.Json;
import dev.telltale.models.RunningService.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// The study that this project began from: four pointwise networks on the Numenta Anomaly Benchmark's
/// disk writes, 50 epochs each, judged against the benchmark's window.
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

    private static void train(RunningService service, String preset, int parameters) {
        Answer submitted = service.postJson("/api/v1/models", """
                {"name": "%s", "series": ["%s"], "architecture": {"preset": "%s"},
                 "windowing": {"length": 1, "stride": 1},
                 "split": {"train": 0.35, "validation": 0.15, "test": 0.5, "order": "chronological"},
                 "training": {"epochs": 50, "earlyStopping": null}}""".formatted(preset, SERIES, preset));
        assertThat(submitted.status()).as(submitted.body()).isEqualTo(202);
        JsonNode job = service.awaitEnd(submitted.header("Location"));
        assertThat(job.get("state").asString()).as(job.toString()).isEqualTo("succeeded");

        JsonNode model = service.get("/api/v1/models/" + preset).node();
        assertThat(model.get("parameters").asInt()).isEqualTo(parameters);
        assertThat(model.get("trainingSeconds").asDouble()).isPositive();
        assertThat(model.at("/data/grid/interval").asLong()).isEqualTo(300_000);

        JsonNode evaluation =
                service.get("/api/v1/models/" + preset + "/evaluation").node();
        assertThat(evaluation.get("history").size()).isEqualTo(50);
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
