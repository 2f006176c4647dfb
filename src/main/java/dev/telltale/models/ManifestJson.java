package dev.telltale.models;

import dev.telltale.http.Json;
import dev.telltale.http.JsonFaults;
import dev.telltale.problem.Problem;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
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

    /// A manifest of this or an older format version, with today's fields. It is one that a network can be
    /// made of and scored by.
    ///
    /// @throws DamagedFileException if it is no manifest, or one of an unknown format version
    static Manifest read(String text) throws DamagedFileException {
        try {
            if (!(read(text.getBytes(StandardCharsets.UTF_8), JsonNode.class) instanceof ObjectNode fields)) {
                throw new DamagedFileException("its manifest is no JSON object");
            }
            JsonNode stated = fields.path("formatVersion");
            int version = stated.isInt() ? stated.intValue() : 0;
            if (!ManifestUpgrade.knows(version)) {
                throw new DamagedFileException(
                        "its manifest is of " + (stated.isInt() ? "format version " + version : "no format version")
                                + ", this service reads versions 1 to " + Manifest.FORMAT_VERSION);
            }
            ManifestUpgrade.upgrade(version, fields);
            Manifest manifest = read(JSON.write(fields), Manifest.class);
            manifest.layers();
            return manifest;
        } catch (Problem problem) {
            String pointer = problem.errors().stream()
                    .flatMap(error -> Optional.ofNullable(error.pointer()).stream())
                    .findFirst()
                    .orElse("");
            throw unreadable(pointer, problem.detail());
        } catch (JacksonException refused) {
            // A record that no request holds refused its values, and says which.
            String reason = refused.getCause() instanceof IllegalArgumentException cause
                    ? String.valueOf(cause.getMessage())
                    : "the value is not valid";
            throw unreadable(JsonFaults.pointer(refused), reason);
        }
    }

    private static <T> T read(byte[] json, Class<T> type) {
        return JSON.read(new ByteArrayInputStream(json), type);
    }

    private static DamagedFileException unreadable(String pointer, String reason) {
        String place = pointer.isEmpty() ? "" : " at " + pointer;
        return new DamagedFileException("its manifest cannot be read" + place + ": " + reason);
    }
}
