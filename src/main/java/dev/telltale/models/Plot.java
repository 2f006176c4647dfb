package dev.telltale.models;

import dev.telltale.http.EnumWords;
import dev.telltale.problem.Excerpt;
import java.util.Arrays;

/// What can be plotted of a model.
enum Plot {
    LOSS,
    ACCURACY,
    CONFUSION_MATRIX,
    PRECISION_RECALL,
    RECONSTRUCTION_ERROR,
    SCORE;

    /// The plot of a name such as `confusion-matrix`.
    ///
    /// @throws dev.telltale.problem.Problem `PLOT_NOT_FOUND` if there is none
    static Plot of(String name) {
        return Arrays.stream(values())
                .filter(plot -> plot.label().equals(name))
                .findAny()
                .orElseThrow(() -> ModelsProblem.PLOT_NOT_FOUND.because(
                        "no plot is named '%s'; there are %s, each also with the suffix .svg or .png",
                        Excerpt.of(name), EnumWords.choices(Plot.class)));
    }

    String label() {
        return EnumWords.of(this);
    }

    /// Whether it shows stored rows, which change while the version does not.
    boolean showsRows() {
        return this == RECONSTRUCTION_ERROR || this == SCORE;
    }
}
