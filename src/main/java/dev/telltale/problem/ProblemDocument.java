package dev.telltale.problem;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A problem document (RFC 9457), as a caller or a failed job's reader sees it.
///
/// @param type path of the failure's name
/// @param status HTTP status
/// @param instance path of the request or the job that failed, or null
/// @param errors the faults found, at most 100
/// @param members further members, such as `neededBytes`
public record ProblemDocument(
        String type,
        String title,
        int status,
        String detail,
        @Nullable String instance,
        List<ProblemError> errors,
        Map<String, Object> members) {

    private static final int MOST_ERRORS = 100;
    private static final Map<Integer, String> TITLES = Map.of(
            400, "Bad request",
            404, "Not found",
            405, "Method not allowed",
            406, "Not acceptable",
            408, "Request timeout",
            413, "Body too large",
            415, "Unsupported media type",
            431, "Headers too large",
            500, "Internal error",
            503, "Unavailable");

    public static ProblemDocument of(Problem problem, @Nullable String instance) {
        ProblemType type = problem.type();
        List<ProblemError> errors = problem.errors().stream().limit(MOST_ERRORS).toList();
        return new ProblemDocument(
                type.uri(), type.title(), status(type.kind()), problem.detail(), instance, errors, problem.members());
    }

    /// The document of a failure that only has an HTTP status, such as 405.
    public static ProblemDocument of(int status, String detail, String instance) {
        String title = TITLES.getOrDefault(status, "The request failed");
        String type = "/problems/" + title.toLowerCase(Locale.ROOT).replace(' ', '-');
        return new ProblemDocument(type, title, status, detail, instance, List.of(), Map.of());
    }

    /// The document as a JSON object, absent members left out.
    public Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("type", type);
        map.put("title", title);
        map.put("status", status);
        map.put("detail", detail);
        if (instance != null) {
            map.put("instance", instance);
        }
        if (!errors.isEmpty()) {
            map.put("errors", errors.stream().map(ProblemDocument::toMap).toList());
        }
        map.putAll(members);
        return map;
    }

    private static Map<String, Object> toMap(ProblemError error) {
        Map<String, Object> map = new LinkedHashMap<>();
        if (error.pointer() != null) {
            map.put("pointer", error.pointer());
        }
        if (error.line() != null) {
            map.put("line", error.line());
        }
        if (error.column() != null) {
            map.put("column", error.column());
        }
        map.put("detail", error.detail());
        return map;
    }

    private static int status(ProblemKind kind) {
        return switch (kind) {
            case INVALID -> 400;
            case UNAUTHENTICATED -> 401;
            case FORBIDDEN -> 403;
            case NOT_FOUND -> 404;
            case NOT_ACCEPTABLE -> 406;
            case CONFLICT -> 409;
            case PRECONDITION_FAILED -> 412;
            case TOO_LARGE -> 413;
            case UNSUPPORTED_MEDIA_TYPE -> 415;
            case UNPROCESSABLE -> 422;
            case TOO_MANY_REQUESTS -> 429;
            case OVERLOADED, UNAVAILABLE -> 503;
            case STORAGE_FULL -> 507;
        };
    }
}
