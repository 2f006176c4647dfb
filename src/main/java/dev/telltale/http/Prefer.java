package dev.telltale.http;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a caller prefers of a long piece of work, from the header `Prefer` (RFC 7240).
///
/// @param patience how long the answer may take until it is 202, at most 60 s; absent if nothing was said
/// @param respondAsync whether 202 is preferred over waiting
public record Prefer(Optional<Duration> patience, boolean respondAsync) {

    private static final long LONGEST_WAIT_SECONDS = 60;

    /// What the header says; what is unknown or malformed in it is ignored, as the standard asks.
    public static Prefer of(@Nullable String header) {
        Optional<Duration> wait = Optional.empty();
        boolean respondAsync = false;
        for (String preference : header == null ? new String[0] : header.split("[,;]", -1)) {
            String[] parts = preference.strip().toLowerCase(Locale.ROOT).split("\\s*=\\s*", 2);
            if (parts[0].equals("respond-async")) {
                respondAsync = true;
            } else if (parts[0].equals("wait") && parts.length == 2 && wait.isEmpty()) {
                wait = seconds(parts[1].replace("\"", ""));
            }
        }
        return new Prefer(wait, respondAsync);
    }

    private static Optional<Duration> seconds(String text) {
        if (!text.matches("[0-9]{1,9}")) {
            return Optional.empty();
        }
        return Optional.of(Duration.ofSeconds(Math.min(Long.parseLong(text), LONGEST_WAIT_SECONDS)));
    }
}
