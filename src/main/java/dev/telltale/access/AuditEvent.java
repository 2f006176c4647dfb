package dev.telltale.access;

import dev.telltale.problem.Excerpt;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// One line of the log of changes and refusals. Texts from outside are cut, so that a line stays short.
///
/// @param time when it was over
/// @param who called: the name of its key or token, `anonymous` without one, `several` of callers not told apart
/// @param address from where, or null if the service itself did it
/// @param action such as `DELETE /api/v1/models/{name}`
/// @param object what it was done to, a path
/// @param status the HTTP status it was answered with, or null if nobody asked
/// @param requestId the `X-Request-Id` of the answer, or null if nobody asked
/// @param detail more of it, or null
/// @param count of events like this one, from the one before that is like it, 1 of all but refusals
@Schema(name = "AuditEvent")
record AuditEvent(
        @Schema(example = "2026-11-24T09:30:01.250Z") Instant time,

        Kind event,

        @Schema(example = "key:k3v9x2") String who,

        @Schema(example = "127.0.0.1") @Nullable String address,

        @Schema(example = "DELETE /api/v1/models/{name}") String action,

        @Schema(example = "/api/v1/models/disk-writes") String object,

        @Schema(example = "204") @Nullable Integer status,

        @Schema(example = "8e03978e-40d5-43dd-bc93-6894a57f9324") @Nullable
        String requestId,

        @Nullable String detail,

        @Schema(description = "of events like this one, from the one before that is like it", example = "1")
        long count) {

    static final String ANONYMOUS = "anonymous";

    private static final String SEVERAL = "several";
    private static final int LONGEST = 300;

    /// What happened.
    enum Kind {
        /// Something was changed.
        CHANGE,
        /// A change was asked for and not made.
        REFUSED_CHANGE,
        /// A caller showed no valid credentials.
        UNAUTHENTICATED,
        /// A caller asked for what it may not do, or the page of another site did.
        FORBIDDEN,
        /// An address could be read in two ways.
        BAD_ADDRESS,
        /// A caller asked for more than its share.
        LIMITED,
        /// Too many credentials from an address were wrong, these too.
        LIMITED_FAILURES,
        KEY_CREATED,
        KEY_REVOKED,
        /// The file of a saved model is not what was saved.
        MODEL_CORRUPT
    }

    AuditEvent {
        who = cut(who);
        action = cut(action);
        object = cut(object);
        detail = detail == null ? null : cut(detail);
    }

    /// A key was made or revoked without a request: by a file or the command.
    static AuditEvent ofKey(Instant time, Kind kind, Key key, String by) {
        return new AuditEvent(
                time,
                kind,
                by,
                null,
                "without a request",
                KeyController.PATH + "/" + key.id(),
                null,
                null,
                says(key),
                1);
    }

    /// What is told of a key.
    static String says(Key key) {
        return "'" + key.name() + "' with the roles "
                + key.roles().stream().map(Role::word).sorted().collect(Collectors.joining(", "));
    }

    /// The same for so many.
    AuditEvent times(long number) {
        return new AuditEvent(time, event, who, address, action, object, status, requestId, detail, number);
    }

    /// The same with more to say.
    AuditEvent with(String more) {
        return new AuditEvent(time, event, who, address, action, object, status, requestId, more, count);
    }

    /// The same of callers who are not told apart.
    AuditEvent ofSeveral() {
        return new AuditEvent(time, event, SEVERAL, null, action, object, status, requestId, detail, count);
    }

    /// What may stand in a line: no control characters nor halves of characters, whoever shows it to whom.
    private static String cut(String text) {
        String shown = text.codePoints()
                .limit(LONGEST)
                .map(character -> Excerpt.isUnprintable(character) ? '\ufffd' : character)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        return text.length() > shown.length() ? shown + "…" : shown;
    }
}
