package dev.telltale.models;

import dev.telltale.http.Json;
import dev.telltale.problem.ProblemError;
import java.io.ByteArrayInputStream;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// How a new version's specification differs from that of the active one: in the fields that a request
/// gives. An architecture, a split or a rule is given whole, since its fields mean something together only.
final class SpecificationChange {

    /// Those of whose own fields each can be given alone.
    private static final Set<String> BY_FIELD = Set.of("range", "windowing", "scaling", "training");

    private final ObjectNode given;

    /// @param given fields of a specification
    SpecificationChange(ObjectNode given) {
        this.given = given;
    }

    /// The specification with the given fields in place of its own.
    ///
    /// @throws dev.telltale.problem.Problem if that is no specification, or one of another name
    ModelSpecification of(ModelSpecification active, Json json) {
        ObjectNode changed = json.mapper().valueToTree(active);
        for (Map.Entry<String, JsonNode> field : given.properties()) {
            JsonNode before = changed.path(field.getKey());
            if (BY_FIELD.contains(field.getKey())
                    && before instanceof ObjectNode fields
                    && field.getValue() instanceof ObjectNode some) {
                fields.setAll(some);
            } else {
                changed.set(field.getKey(), field.getValue());
            }
        }
        ModelSpecification specification =
                json.read(new ByteArrayInputStream(json.write(changed)), ModelSpecification.class);
        if (!specification.name().equals(active.name())) {
            throw ModelsProblem.BAD_SPECIFICATION
                    .because(
                            "a version of '%s' cannot be named '%s'; leave the name out",
                            active.name(), specification.name())
                    .with(List.of(ProblemError.at("/name", "expected '" + active.name() + "' or nothing")));
        }
        return specification;
    }
}
