package dev.telltale.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;

/// Keeps `docs/openapi.json` equal to what the service says of itself. To bring it up to date run
/// `./mvnw verify -Dopenapi.update=true -Dit.test=OpenApiIT -Dsurefire.skip=true`.
class OpenApiIT {

    private static final Path DOCUMENT = Path.of("docs", "openapi.json");
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(JsonNodeFeature.WRITE_PROPERTIES_SORTED)
            .build();

    @TempDir
    Path directory;

    @Test
    void theDocumentInTheTreeIsThatOfTheService() throws IOException, InterruptedException {
        String running;
        try (Service service = new Service(directory)) {
            running = normalised(service.get("/v3/api-docs").body());
        }
        if (Boolean.getBoolean("openapi.update")) {
            Files.createDirectories(DOCUMENT.getParent());
            Files.writeString(DOCUMENT, running);
        }
        assertThat(DOCUMENT).as("missing: update it as this class says").exists();
        assertThat(running).as("changed: update it as this class says").isEqualTo(Files.readString(DOCUMENT));
    }

    /// The document with its keys in order, one to a line.
    private static String normalised(String document) {
        JsonNode tree = JSON.readTree(document);
        return JSON.writeValueAsString(tree).replace("\r\n", "\n") + "\n";
    }
}
