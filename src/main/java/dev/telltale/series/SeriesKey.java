package dev.telltale.series;

import dev.telltale.problem.Excerpt;
import dev.telltale.problem.Problem;
import java.util.regex.Pattern;

/// What makes a series itself: its metric name and its labels, both immutable.
///
/// @param name as in Prometheus plus `.` and `-`, up to 200 characters; it never looks like an id
public record SeriesKey(String name, Labels labels) {

    private static final int LONGEST_NAME = 200;
    private static final Pattern NAME = Pattern.compile("[A-Za-z_:][A-Za-z0-9_:.-]*");

    public SeriesKey {
        if (name.length() > LONGEST_NAME) {
            throw SeriesProblem.BAD_SERIES_NAME.because(
                    "a series name has up to %d characters, this one has %d", LONGEST_NAME, name.length());
        }
        if (!NAME.matcher(name).matches()) {
            throw SeriesProblem.BAD_SERIES_NAME.because(
                    "'%s' is not a series name: it starts with a letter, _ or : and goes on with letters, digits, _ : . or -",
                    Excerpt.of(name));
        }
    }

    /// The series that a text spells out as Prometheus would, such as `cpu{instance="i-1",zone="a"}`.
    ///
    /// @throws dev.telltale.problem.Problem `BAD_SERIES_NAME` or `BAD_LABELS`
    static SeriesKey parse(String text) {
        Selector selector;
        try {
            selector = Selector.parse(text);
        } catch (Problem unreadable) {
            throw SeriesProblem.BAD_SERIES_NAME.because(
                    "%s", unreadable.detail().replace("selector", "name"));
        }
        return selector.key()
                .orElseThrow(() -> SeriesProblem.BAD_SERIES_NAME.because(
                        "'%s' does not name one series: write each label once as label=\"value\"", Excerpt.of(text)));
    }

    @Override
    public String toString() {
        return name + labels;
    }
}
