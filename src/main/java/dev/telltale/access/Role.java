package dev.telltale.access;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/// What a caller may do. A key or a token has one role or several; `RouteRoles` says which route needs which.
public enum Role {
    /// Looks at everything but keys, the audit log and backups, and lets the service compute for it.
    READER,
    /// A reader that also pushes and changes samples, series and annotations, and gives feedback.
    WRITER,
    /// A reader that also trains models, and says what is watched and who is told.
    TRAINER,
    /// Reads health and meters, nothing else.
    METRICS,
    /// Does everything.
    ADMIN;

    /// Whether who has this role may do all that the other one stands for.
    boolean includes(Role other) {
        return switch (this) {
            case READER, METRICS -> other == this;
            case WRITER, TRAINER -> other == this || other == READER;
            case ADMIN -> true;
        };
    }

    /// The name as users write it.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Role> of(String word) {
        return Arrays.stream(values()).filter(role -> role.word().equals(word)).findFirst();
    }

    /// All of them as a sentence names them.
    static String words() {
        return Arrays.stream(values()).map(Role::word).collect(Collectors.joining(", "));
    }
}
