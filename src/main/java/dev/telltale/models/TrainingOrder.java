package dev.telltale.models;

import dev.telltale.http.Json;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;

/// What a training job is told. The version's number is settled when it is ordered, so that a run which
/// begins anew after a crash finds what the run before has saved.
///
/// @param version that it makes
/// @param activate whether that becomes active even if it is not the first of its name
record TrainingOrder(ModelSpecification specification, int version, boolean activate) {

    /// The order of a model's first version.
    static TrainingOrder first(ModelSpecification specification) {
        return new TrainingOrder(specification, 1, true);
    }

    ModelName name() {
        return specification.name();
    }

    String write(Json json) {
        return new String(json.write(this), StandardCharsets.UTF_8);
    }

    /// An order as `write` wrote it, or as the first release did, whose jobs were told a specification alone.
    static TrainingOrder read(Json json, String text) {
        JsonNode tree = json.mapper().readTree(text);
        ByteArrayInputStream bytes = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
        return tree.has("specification")
                ? json.read(bytes, TrainingOrder.class)
                : first(json.read(bytes, ModelSpecification.class));
    }
}
