package dev.telltale.models;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.telltale.problem.Excerpt;
import java.util.regex.Pattern;

/// The name of a model: it is part of paths, on disk too, so its grammar leaves no way out of a directory.
///
/// @param value `[a-z0-9][a-z0-9._-]{0,62}` without two dots in a row
public record ModelName(@JsonValue String value) {

    private static final Pattern GRAMMAR = Pattern.compile("[a-z0-9][a-z0-9._-]{0,62}");

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public ModelName {
        if (!GRAMMAR.matcher(value).matches() || value.contains("..")) {
            throw ModelsProblem.BAD_NAME.because(
                    "'%s' is no model name: 1 to 63 of a-z, 0-9, '.', '_' and '-', a letter or digit first, no '..'",
                    Excerpt.of(value));
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
