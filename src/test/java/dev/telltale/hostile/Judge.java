package dev.telltale.hostile;

import dev.telltale.hostile.Exchange.Answer;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Says whether an answer is one that the OpenAPI document promises.
final class Judge {

    /// What any route may answer, as the description of the document says.
    private static final Set<Integer> EVERYWHERE = Set.of(206, 400, 401, 403, 405, 406, 408, 412, 413, 415, 416, 417);

    /// Words of the inside. They stand in no request.
    private static final Pattern INSIDE = Pattern.compile("Exception\\b|\\bdev\\.telltale|\\bat dev\\.|\\tat |"
            + "\\borg\\.(spring|apache|sqlite)|\\bjava\\.(lang|util|io)|/tmp/|SQLITE_|\\bSELECT .* FROM|INSERT INTO");

    private final Api api;

    Judge(Api api) {
        this.api = api;
    }

    /// What is wrong with an answer, empty if nothing is.
    String fault(Wire request, Answer answer) {
        String text = answer.text();
        if (INSIDE.matcher(text).find()) {
            return "it shows the inside";
        }
        if (request.mustRefuse && answer.status() < 400) {
            return "it was to be refused";
        }
        if (answer.status() >= 500) {
            boolean isLimit = answer.status() == 507
                    || (answer.status() == 503 && !answer.header("retry-after").isEmpty());
            if (!isLimit) {
                return "the service failed";
            }
        }
        Optional<Api.Operation> operation = api.at(request.method, path(request));
        // Where nothing is, an Idempotency-Key may still be one that was used.
        boolean isDocumented = operation.isEmpty()
                ? Set.of(200, 204, 301, 302, 404, 409, 422).contains(answer.status())
                : operation.get().statuses().contains(Integer.toString(answer.status()));
        if (!isDocumented && !EVERYWHERE.contains(answer.status()) && !isOfAnotherMethod(request, answer)) {
            return "its status is not in the document";
        }
        if (answer.status() >= 400) {
            return request.method.equals("HEAD") ? "" : faultOfFailure(request, answer);
        }
        return operation.isPresent() && !request.method.equals("HEAD") ? faultOfSuccess(operation.get(), answer) : "";
    }

    /// The path as the service understands it.
    private static String path(Wire request) {
        return request.path.replaceFirst("[?#].*", "").replaceAll(";[^/]*", "");
    }

    /// Whether it says what a path takes, which every server does.
    private static boolean isOfAnotherMethod(Wire request, Answer answer) {
        return request.method.equals("OPTIONS") && answer.status() == 200;
    }

    private String faultOfFailure(Wire request, Answer answer) {
        String type = answer.header("content-type");
        if (path(request).equals("/v1/metrics") && !type.equals("application/problem+json")) {
            return type.equals("application/x-protobuf") || isJsonWith(answer, "message") ? "" : "no status of OTLP";
        }
        if (path(request).equals("/api/v1/ingest/firehose") && !type.equals("application/problem+json")) {
            return isJsonWith(answer, "errorMessage") && isJsonWith(answer, "requestId") ? "" : "no answer of Firehose";
        }
        if (!type.equals("application/problem+json")) {
            return "a failure is no problem document but " + type;
        }
        try {
            JsonNode problem = Target.JSON.readTree(answer.text());
            String fault = api.fault("problem", problem, api.problem());
            if (!fault.isEmpty()) {
                return fault;
            }
            if (problem.get("status").asInt() != answer.status()) {
                return "the problem document says another status";
            }
            return problem.get("type").asString().matches("/problems/[a-z0-9-]+") ? "" : "the problem has no type";
        } catch (JacksonException e) {
            return "the problem document is no JSON";
        }
    }

    private static boolean isJsonWith(Answer answer, String field) {
        try {
            return answer.header("content-type").startsWith("application/json")
                    && Target.JSON.readTree(answer.text()).has(field);
        } catch (JacksonException e) {
            return false;
        }
    }

    private String faultOfSuccess(Api.Operation operation, Answer answer) {
        JsonNode content =
                api.response(operation, Integer.toString(answer.status())).path("content");
        String type = answer.header("content-type").replaceFirst(";.*", "");
        if (answer.status() == 206) {
            return ""; // a part of what 200 would be
        }
        if (content.isEmpty() || answer.status() == 304) {
            return answer.text().isEmpty() ? "" : "an answer that is to be empty is not";
        }
        if (!content.has(type) && !content.has("*/*") && !type.equals("text/event-stream")) {
            return "its media type " + type + " is not in the document";
        }
        if (!type.equals("application/json")) {
            return "";
        }
        try {
            JsonNode described = content.has(type) ? content.get(type) : content.get("*/*");
            return api.fault(operation.id(), Target.JSON.readTree(answer.text()), described.path("schema"));
        } catch (JacksonException e) {
            return "the answer is no JSON";
        }
    }
}
