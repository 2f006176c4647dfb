package dev.telltale.models;

import dev.telltale.http.Json;
import dev.telltale.problem.Problem;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JacksonException;

/// Manifests as text. Reading is as strict as it is for a request.
final class ManifestJson {

    private static final Json JSON = new Json();

    private ManifestJson() {}

    static String write(Manifest manifest) {
        return new String(JSON.write(manifest), StandardCharsets.UTF_8);
    }

    /// @throws DamagedFileException if it is no manifest, or one of another format version
    static Manifest read(String text) throws DamagedFileException {
        try {
            int version = JSON.mapper().readTree(text).path("formatVersion").asInt(0);
            if (version != Manifest.FORMAT_VERSION) {
                throw new DamagedFileException(
                        "it has format version " + version + ", this service reads version " + Manifest.FORMAT_VERSION);
            }
            Manifest manifest =
                    JSON.read(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), Manifest.class);
            manifest.scoring().scale();
            return manifest;
        } catch (Problem | JacksonException | IllegalArgumentException e) {
            throw new DamagedFileException("its manifest cannot be read: " + e.getMessage());
        }
    }
}
