package dev.telltale.http;

import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.JsonSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.customizers.OpenApiCustomizer;

/// Writes into the OpenAPI document with which problems each operation may answer, so that no controller
/// has to repeat them. What an operation declares itself stays.
final class ProblemAnswers implements OpenApiCustomizer {

    private static final String REFERENCE_TO_PROBLEM = Components.COMPONENTS_SCHEMAS_REF + "Problem";

    private static final Map<String, String> DESCRIPTIONS = Map.ofEntries(
            Map.entry("400", "The request is not well-formed, or a field of it is outside its range"),
            Map.entry("401", "No key or token that is valid is shown, where one is needed"),
            Map.entry("403", "The roles of the caller do not cover this"),
            Map.entry("404", "What the path or body names does not exist"),
            Map.entry("409", "The request contradicts what is stored, or a name is not unique"),
            Map.entry("412", "What is stored is in another state than `If-Match` asks for"),
            Map.entry("413", "The body, decoded, is larger than the limit"),
            Map.entry("415", "The body's media type or encoding is not read here"),
            Map.entry("422", "Well-formed, but it cannot be done"),
            Map.entry("429", "The caller sends too many requests; `Retry-After` says when to try again"),
            Map.entry("503", "The service, or a part of it, cannot do this now; `Retry-After` says when to try again"),
            Map.entry("507", "The store has no room left"));

    /// Operations whose body names series or a model.
    private static final Set<String> NAMING = Set.of("train", "tune", "attend", "putDetector");

    @Override
    public void customise(OpenAPI document) {
        Components components = Optional.ofNullable(document.getComponents()).orElseGet(Components::new);
        components.addSchemas("ProblemError", error()).addSchemas("Problem", problem());
        DESCRIPTIONS.forEach((status, description) -> components.addResponses(name(status), answer(description)));
        document.setComponents(components);
        document.getPaths()
                .forEach((path, item) -> item.readOperationsMap()
                        .forEach((method, operation) -> addTo(operation, statuses(path, method, operation))));
    }

    private static void addTo(Operation operation, Set<String> statuses) {
        ApiResponses answers = operation.getResponses();
        for (String status : statuses) {
            if (!answers.containsKey(status)) {
                answers.addApiResponse(status, new ApiResponse().$ref(name(status)));
            }
        }
    }

    private static Set<String> statuses(String path, PathItem.HttpMethod method, Operation operation) {
        ApiResponses answers = operation.getResponses();
        boolean namesSomething = path.contains("{");
        boolean makesIt = answers.containsKey("201") || answers.containsKey("202");
        boolean changesSomething = method != PathItem.HttpMethod.GET && (namesSomething || makesIt);
        Set<String> statuses = new TreeSet<>(Set.of("400", "401", "403", "503"));
        if (!PushRoutes.contain(path)) {
            statuses.add("429");
        }
        if (namesSomething && !(makesIt && method == PathItem.HttpMethod.PUT)) {
            statuses.add("404");
        }
        if (changesSomething || path.contains("/series/{id}")) {
            statuses.add("409");
        }
        if (NAMING.contains(operation.getOperationId())) {
            statuses.addAll(Set.of("404", "409"));
        }
        if (operation.getRequestBody() != null) {
            statuses.addAll(Set.of("413", "415", "422"));
        }
        if (changesSomething) {
            statuses.add("507");
        }
        return statuses;
    }

    /// The component that describes a status.
    static String name(String status) {
        return "Problem" + status;
    }

    private static ApiResponse answer(String description) {
        MediaType problem = new MediaType().schema(new JsonSchema().$ref(REFERENCE_TO_PROBLEM));
        return new ApiResponse()
                .description(description)
                .content(new Content().addMediaType("application/problem+json", problem));
    }

    private static Schema<?> problem() {
        Map<String, Schema<?>> members = new LinkedHashMap<>();
        members.put("type", member("string", "path of the failure's name", "/problems/series-not-found"));
        members.put("title", member("string", "the same for every failure of this type", "There is no such series"));
        members.put("status", member("integer", "HTTP status", 404));
        members.put("detail", member("string", "what came, what was expected, what helps", "no series is named 'cpu'"));
        members.put("instance", member("string", "path of the request or job", "/api/v1/series/cpu"));
        Schema<?> errors = member("array", "the faults that were found, at most 100", null);
        errors.setItems(new JsonSchema().$ref(Components.COMPONENTS_SCHEMAS_REF + "ProblemError"));
        members.put("errors", errors);
        Schema<?> problem = object("A problem document (RFC 9457); some types have further members", members);
        problem.setRequired(List.of("type", "title", "status", "detail"));
        return problem;
    }

    private static Schema<?> error() {
        Map<String, Schema<?>> members = new LinkedHashMap<>();
        members.put("pointer", member("string", "JSON pointer into the body", "/samples/7/value"));
        members.put("line", member("integer", "line of a text body, from 1", 8));
        members.put("column", member("integer", "column of that line, from 1", 2));
        members.put("detail", member("string", "what came and what was expected", "'abc' is not a number"));
        Schema<?> error = object("One fault inside a request: where it stands and what is wrong with it", members);
        error.setRequired(List.of("detail"));
        return error;
    }

    private static Schema<?> object(String description, Map<String, Schema<?>> members) {
        Schema<?> object = new JsonSchema().typesItem("object").description(description);
        members.forEach(object::addProperty);
        return object;
    }

    private static Schema<?> member(String type, String description, @Nullable Object example) {
        Schema<?> member = new JsonSchema().typesItem(type).description(description);
        if (example != null) {
            member.setExample(example);
        }
        return member;
    }
}
