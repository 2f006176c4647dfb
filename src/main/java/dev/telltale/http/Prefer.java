package dev.telltale.http;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a caller prefers of a long piece of work, from the header `Prefer` (RFC 7240).
///
/// @param patience how long the answer may take until it is 202, at most 60 s; absent if nothing was said
/// @param respondAsync whether 202 is preferred over waiting
public record Prefer(Optional<Duration> patience, boolean respondAsync) {

    /// Names in an answer the preferences that it honours.
    public static final String APPLIED = "Preference-Applied";

    private static final long LONGEST_WAIT_SECONDS = 60;

    /// What the header says; what is unknown or malformed in it is ignored, and of a preference that stands
    /// twice the first counts, as the standard asks.
    public static Prefer of(@Nullable String header) {
        Optional<Duration> wait = Optional.empty();
        boolean waitIsSaid = false;
        boolean respondAsync = false;
        for (String preference : split(header == null ? "" : header, ',')) {
            String withoutParameters = split(preference, ';').getFirst();
            String[] parts = withoutParameters.strip().toLowerCase(Locale.ROOT).split("\\s*=\\s*", 2);
            if (parts[0].equals("respond-async")) {
                respondAsync = true;
            } else if (parts[0].equals("wait") && !waitIsSaid) {
                waitIsSaid = true;
                wait = parts.length == 2 ? seconds(parts[1].replace("\"", "")) : Optional.empty();
            }
        }
        return new Prefer(wait, respondAsync);
    }

    /// The value of `Preference-Applied`, absent if no preference was honoured.
    ///
    /// @param answersLater whether the answer is 202
    public Optional<String> applied(boolean answersLater) {
        List<String> applied = new ArrayList<>();
        if (respondAsync && answersLater) {
            applied.add("respond-async");
        }
        patience.ifPresent(wait -> applied.add("wait=" + wait.toSeconds()));
        return applied.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", applied));
    }

    /// The parts between separators; those within quotes separate nothing.
    private static List<String> split(String text, char separator) {
        List<String> parts = new ArrayList<>();
        boolean quoted = false;
        int from = 0;
        for (int at = 0; at < text.length(); at++) {
            char next = text.charAt(at);
            if (quoted && next == '\\') {
                at++;
            } else if (next == '"') {
                quoted = !quoted;
            } else if (next == separator && !quoted) {
                parts.add(text.substring(from, at));
                from = at + 1;
            }
        }
        parts.add(text.substring(from));
        return parts;
    }

    private static Optional<Duration> seconds(String text) {
        if (!text.matches("[0-9]{1,9}")) {
            return Optional.empty();
        }
        return Optional.of(Duration.ofSeconds(Math.min(Long.parseLong(text), LONGEST_WAIT_SECONDS)));
    }
}
