package dev.telltale.hostile;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// What the OpenAPI document says: the operations, and whether an answer is one of theirs.
final class Api {

    private final JsonNode document;
    private final List<Operation> operations = new ArrayList<>();

    Api(JsonNode document) {
        this.document = document;
        document.get("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .properties()
                        .forEach(method -> operations.add(new Operation(
                                method.getValue().get("operationId").asString(),
                                method.getKey().toUpperCase(Locale.ROOT),
                                path.getKey(),
                                method.getValue()))));
    }

    /// @param path with the names of its parameters in braces
    record Operation(String id, String method, String path, JsonNode node) {

        boolean isAt(String method, String path) {
            return this.method.equals(method) && Pattern.matches(this.path.replaceAll("\\{\\w+}", "[^/]+"), path);
        }

        Set<String> statuses() {
            return new TreeSet<>(node.get("responses").propertyNames());
        }

        /// Media types of its bodies, none of those without.
        List<String> bodyTypes() {
            return List.copyOf(node.at("/requestBody/content").propertyNames());
        }

        JsonNode body(String type) {
            return node.at("/requestBody/content").get(type);
        }
    }

    List<Operation> operations() {
        return operations;
    }

    /// The operation that a request reaches; the one of most letters where a path fits several.
    Optional<Operation> at(String method, String path) {
        String asked = method.equals("HEAD") ? "GET" : method;
        return operations.stream()
                .filter(operation -> operation.isAt(asked, path))
                .max((a, b) -> Integer.compare(
                        a.path().replaceAll("\\{\\w+}", "").length(),
                        b.path().replaceAll("\\{\\w+}", "").length()));
    }

    /// A schema or parameter itself, where a reference to it stands.
    JsonNode resolved(JsonNode node) {
        return node.has("$ref")
                ? resolved(document.at(node.get("$ref").asString().substring(1)))
                : node;
    }

    /// Names of the parameters of an operation at one place: `query`, `header` or `path`.
    List<String> parameters(Operation operation, String place) {
        List<String> names = new ArrayList<>();
        for (JsonNode parameter : operation.node().path("parameters")) {
            JsonNode one = resolved(parameter);
            if (one.get("in").asString().equals(place)) {
                names.add(one.get("name").asString());
            }
        }
        return names;
    }

    /// What the document says of one answer of an operation.
    JsonNode response(Operation operation, String status) {
        return resolved(operation.node().get("responses").path(status));
    }

    JsonNode problem() {
        return document.at("/components/schemas/Problem");
    }

    /// The first place where a value is not as its schema says, empty if there is none.
    String fault(String place, JsonNode value, JsonNode schema) {
        JsonNode wanted = resolved(schema);
        if (value.isNull() || wanted.has("allOf")) {
            return "";
        }
        if (wanted.has("oneOf")) {
            String fault = "";
            for (JsonNode choice : wanted.get("oneOf")) {
                fault = fault(place, value, choice);
                if (fault.isEmpty()) {
                    return "";
                }
            }
            return fault;
        }
        if (wanted.has("enum") && !wanted.get("enum").valueStream().anyMatch(value::equals)) {
            return place + " is " + value;
        }
        return switch (wanted.path("type").asString("")) {
            case "object" -> value.isObject() ? faultOfFields(place, value, wanted) : place + " is no object";
            case "array" -> value.isArray() ? faultOfItems(place, value, wanted) : place + " is no list";
            case "string" -> value.isString() ? "" : place + " is no text";
            case "boolean" -> value.isBoolean() ? "" : place + " is neither true nor false";
            case "integer" -> value.isIntegralNumber() ? "" : place + " is no whole number";
            case "number" -> value.isNumber() ? "" : place + " is no number";
            default -> "";
        };
    }

    private String faultOfItems(String place, JsonNode value, JsonNode schema) {
        for (JsonNode item : value) {
            String fault = schema.has("items") ? fault(place + "[]", item, schema.get("items")) : "";
            if (!fault.isEmpty()) {
                return fault;
            }
        }
        return "";
    }

    private String faultOfFields(String place, JsonNode value, JsonNode schema) {
        for (JsonNode required : schema.path("required")) {
            if (!value.has(required.asString())) {
                return place + " has no " + required.asString();
            }
        }
        for (var field : value.properties()) {
            JsonNode known = schema.path("properties").path(field.getKey());
            JsonNode other = schema.path("additionalProperties");
            if (known.isMissingNode() && !other.isObject() && schema.has("properties") && !isProblem(schema)) {
                return place + "." + field.getKey() + " is not in the document";
            }
            JsonNode described = known.isMissingNode() ? other : known;
            String fault = described.isObject() ? fault(place + "." + field.getKey(), field.getValue(), described) : "";
            if (!fault.isEmpty()) {
                return fault;
            }
        }
        return "";
    }

    /// Whether it is the one schema whose documents may have more members than it names (RFC 9457).
    private static boolean isProblem(JsonNode schema) {
        return schema.path("description").asString("").contains("RFC 9457");
    }
}
