package dev.telltale.live;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.telltale.problem.Excerpt;
import java.util.regex.Pattern;

/// The name of a detector.
///
/// @param value `[a-z0-9][a-z0-9._-]{0,62}` without two dots in a row, as models are named
public record DetectorName(@JsonValue String value) {

    private static final Pattern GRAMMAR = Pattern.compile("[a-z0-9][a-z0-9._-]{0,62}");

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public DetectorName {
        if (!GRAMMAR.matcher(value).matches() || value.contains("..")) {
            throw LiveProblem.BAD_NAME.because(
                    "'%s' is no detector name: 1 to 63 of a-z, 0-9, '.', '_' and '-', a letter or digit first, no '..'",
                    Excerpt.of(value));
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
