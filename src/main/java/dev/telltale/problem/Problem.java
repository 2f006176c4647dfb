package dev.telltale.problem;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A failure that the caller may meet and mend. Carries no stack trace: it tells of the request, not
/// of our code.
public final class Problem extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final transient ProblemType type;
    private final transient List<ProblemError> errors;
    private final transient Map<String, Object> members;
    private final transient @Nullable Duration retryAfter;

    Problem(ProblemType type, String detail) {
        this(type, detail, List.of(), Map.of(), null);
    }

    private Problem(
            ProblemType type,
            String detail,
            List<ProblemError> errors,
            Map<String, Object> members,
            @Nullable Duration retryAfter) {
        super(detail, null, false, false);
        this.type = type;
        this.errors = errors;
        this.members = members;
        this.retryAfter = retryAfter;
    }

    /// The same failure with the places where it was found.
    public Problem with(List<ProblemError> faults) {
        return new Problem(type, detail(), List.copyOf(faults), members, retryAfter);
    }

    /// The same failure with one more member in its document, such as `neededBytes`.
    public Problem with(String member, Object value) {
        Map<String, Object> more = new LinkedHashMap<>(members);
        more.put(member, value);
        return new Problem(type, detail(), errors, more, retryAfter);
    }

    /// The same failure with the time after which trying again makes sense.
    public Problem retryAfter(Duration wait) {
        return new Problem(type, detail(), errors, members, wait);
    }

    public ProblemType type() {
        return type;
    }

    public String detail() {
        return String.valueOf(getMessage());
    }

    public List<ProblemError> errors() {
        return errors;
    }

    public Map<String, Object> members() {
        return members;
    }

    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }
}
