package dev.telltale.models;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.models.RunningService.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// A tuning on the study's file: twenty trainings find more than the preset `base` with all defaults has.
@EnabledIfEnvironmentVariable(
        named = "TELLTALE_CORPORA",
        matches = ".+",
        disabledReason = "TELLTALE_CORPORA does not name a directory of corpora that holds nab")
class TuningOnNabIT {

    @TempDir
    private Path data;

    @Test
    void beatsTheBasePresetOnValidationLoss() throws IOException {
        Path file = Path.of(System.getenv("TELLTALE_CORPORA"))
                .resolve("nab/data/realAWSCloudwatch/ec2_disk_write_bytes_1ef3de.csv");
        try (RunningService service = new RunningService(data)) {
            service.postCsv("/api/v1/series/writes/samples?duplicates=last", Files.readString(file));
            assertThat(service.train("{\"name\":\"base\",\"series\":[\"writes\"]}")
                            .status())
                    .isEqualTo(201);

            Answer queued = service.postJson("/api/v1/tuning", """
                    {"specification":{"name":"tuned","series":["writes"]}, "budget":20,
                     "space":{"architecture":["base","dense","tanh","dropout"],"length":[16,32,64],
                              "learningRate":[0.0003,0.001,0.003],"dropout":[0,0.1],"weightDecay":[0,0.00001]}}""");
            JsonNode job = service.await(queued.header("Location"), state -> state.equals("succeeded"));
            JsonNode report = service.get(job.get("result").asString()).node();

            assertThat(report.get("trainings").asInt()).isEqualTo(20);
            assertThat(report.at("/ranking/0/value").asDouble()).isEqualTo(lossOf(service, "tuned"));
            assertThat(lossOf(service, "tuned")).isLessThan(lossOf(service, "base"));
        }
    }

    private static double lossOf(RunningService service, String model) {
        int best =
                service.get("/api/v1/models/" + model).node().get("bestEpoch").asInt();
        JsonNode history =
                service.get("/api/v1/models/" + model + "/evaluation").node().get("history");
        return history.get(best - 1).get("validationLoss").asDouble();
    }
}
