package dev.telltale.series;

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
                    Labels.printable(name));
        }
    }

    @Override
    public String toString() {
        return name + labels;
    }
}
