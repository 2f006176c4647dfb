package dev.telltale.models;

import static dev.telltale.models.TestRequests.ROWS;
import static dev.telltale.models.TestRequests.csv;
import static dev.telltale.models.TestRequests.specification;
import static dev.telltale.models.TestRequests.waves;
import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.models.RunningService.Answer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How many models, and versions of each, there may be.
class ModelLimitsIT {

    @TempDir
    private Path data;

    @Test
    void endModelsAndVersionsUntilOneIsDeleted() {
        try (RunningService service =
                new RunningService(data, "--telltale.models.limit=2", "--telltale.models.version-limit=2")) {
            service.postCsv("/api/v1/series/waves/samples", csv(0, ROWS, waves(1)));
            assertThat(train(service, "one").status()).isEqualTo(201);
            assertThat(train(service, "two").status()).isEqualTo(201);
            byte[] exported = service.sendBytes("GET", "/api/v1/models/one/artifact", new byte[0])
                    .body();

            assertRefused(train(service, "three"), "telltale.models.limit");
            assertRefused(put(service, "three", exported), "telltale.models.limit");
            assertThat(put(service, "one", exported).status())
                    .as("a second version")
                    .isEqualTo(201);
            assertRefused(put(service, "one", exported), "telltale.models.version-limit");
            assertRefused(
                    service.postJson("/api/v1/models/one/versions", "{\"training\":{\"epochs\":1}}"),
                    "telltale.models.version-limit");

            assertThat(service.delete("/api/v1/models/one/versions/2").status()).isEqualTo(204);
            assertThat(put(service, "one", exported).status()).isEqualTo(201);
            assertThat(service.delete("/api/v1/models/two").status()).isEqualTo(204);
            assertThat(put(service, "three", exported).status()).isEqualTo(201);
        }
    }

    private static Answer train(RunningService service, String name) {
        return service.train(specification(name, "waves", 8, 1));
    }

    private static Answer put(RunningService service, String name, byte[] file) {
        return service.answer(service.sendBytes(
                "PUT", "/api/v1/models/" + name + "/artifact", file, "Content-Type: application/octet-stream"));
    }

    private static void assertRefused(Answer answer, String setting) {
        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.node().get("type").asString()).isEqualTo("/problems/model-limit");
        assertThat(answer.node().get("detail").asString()).contains(setting);
    }
}
