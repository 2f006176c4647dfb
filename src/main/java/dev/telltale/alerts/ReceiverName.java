package dev.telltale.alerts;

import dev.telltale.problem.Excerpt;
import java.util.regex.Pattern;

/// The name of a receiver, by which detectors name it.
///
/// @param value `[a-z0-9][a-z0-9._-]{0,62}` without two dots in a row, as models are named
public record ReceiverName(String value) implements Comparable<ReceiverName> {

    private static final Pattern GRAMMAR = Pattern.compile("[a-z0-9][a-z0-9._-]{0,62}");

    public ReceiverName {
        if (!GRAMMAR.matcher(value).matches() || value.contains("..")) {
            throw AlertsProblem.BAD_NAME.because(
                    "'%s' is no receiver name: 1 to 63 of a-z, 0-9, '.', '_' and '-', a letter or digit first, no '..'",
                    Excerpt.of(value));
        }
    }

    @Override
    public int compareTo(ReceiverName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
