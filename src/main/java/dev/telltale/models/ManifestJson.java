package dev.telltale.models;

import dev.telltale.http.Json;
import dev.telltale.problem.Problem;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Manifests as text. Reading is as strict as it is for a request.
final class ManifestJson {

    private static final Json JSON = new Json();

    private ManifestJson() {}

    static String write(Manifest manifest) {
        return new String(JSON.write(manifest), StandardCharsets.UTF_8);
    }

    /// A manifest of this or an older format version, with today's fields.
    ///
    /// @throws DamagedFileException if it is no manifest, or one of an unknown format version
    static Manifest read(String text) throws DamagedFileException {
        try {
            JsonNode tree = JSON.mapper().readTree(text);
            int version = tree.path("formatVersion").asInt(0);
            if (!(tree instanceof ObjectNode fields) || !ManifestUpgrade.knows(version)) {
                throw new DamagedFileException("it has format version " + version
                        + ", this service reads versions 1 to " + Manifest.FORMAT_VERSION);
            }
            ManifestUpgrade.upgrade(version, fields);
            Manifest manifest = JSON.read(new ByteArrayInputStream(JSON.write(fields)), Manifest.class);
            manifest.scoring().scale();
            return manifest;
        } catch (Problem | JacksonException | IllegalArgumentException e) {
            throw new DamagedFileException("its manifest cannot be read: " + e.getMessage());
        }
    }
}
