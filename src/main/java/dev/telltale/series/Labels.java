package dev.telltale.series;

import dev.telltale.problem.Excerpt;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The labels of a series in the order of their names, as in Prometheus. Immutable. A label with an
/// empty value is the same as none.
public final class Labels {

    public static final Labels NONE = new Labels(new TreeMap<>());

    private static final int MOST = 40;
    private static final int LONGEST_NAME = 200;
    private static final int LARGEST_VALUE = 4096;
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final String METRIC_NAME = "__name__";

    private final SortedMap<String, String> values;
    private final int hash; // asked for several times for each sample that is pushed

    /// @param values up to 40; values up to 4 KiB of UTF-8 without control characters
    public Labels(SortedMap<String, String> values) {
        SortedMap<String, String> present = new TreeMap<>();
        values.forEach((name, value) -> {
            checkName(name);
            checkValue(name, value);
            if (!value.isEmpty()) {
                present.put(name, value);
            }
        });
        if (present.size() > MOST) {
            throw SeriesProblem.BAD_LABELS.because(
                    "a series has up to %d labels, this one has %d", MOST, present.size());
        }
        this.values = Collections.unmodifiableSortedMap(present);
        this.hash = hash(present);
    }

    public static Labels of(Map<String, String> values) {
        return values.isEmpty() ? NONE : new Labels(new TreeMap<>(values));
    }

    /// The labels that a text lists as `name=value,name=value`; none if it is empty. A value has no comma.
    static Labels parse(String text) {
        Map<String, String> values = new TreeMap<>();
        for (String pair : text.isEmpty() ? new String[0] : text.split(",", -1)) {
            String[] parts = pair.split("=", 2);
            if (parts.length < 2) {
                throw SeriesProblem.BAD_LABELS.because(
                        "'%s' is not a label; write labels as name=value,name=value", Excerpt.of(pair));
            }
            if (values.put(parts[0].strip(), parts[1]) != null) {
                throw SeriesProblem.BAD_LABELS.because("the label '%s' stands twice", Excerpt.of(parts[0].strip()));
            }
        }
        return of(values);
    }

    public SortedMap<String, String> values() {
        return values;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Labels that && hash == that.hash && values.equals(that.values);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    /// As in Prometheus: `{instance="i-1",region="eu"}`, empty without labels.
    @Override
    public String toString() {
        return values.isEmpty()
                ? ""
                : values.entrySet().stream()
                        .map(label -> label.getKey() + "=\""
                                + label.getValue().replace("\\", "\\\\").replace("\"", "\\\"") + "\"")
                        .collect(Collectors.joining(",", "{", "}"));
    }

    /// Mixes well: the values of many series differ in few digits, and a map's own hash, a sum, is often the same
    /// then.
    private static int hash(SortedMap<String, String> values) {
        int hash = 1;
        for (Map.Entry<String, String> label : values.entrySet()) {
            hash = (hash ^ label.getKey().hashCode()) * 0x9e3779b1;
            hash = (hash ^ label.getValue().hashCode()) * 0x9e3779b1;
        }
        return hash ^ (hash >>> 15);
    }

    private static void checkName(String name) {
        if (name.length() > LONGEST_NAME || !NAME.matcher(name).matches()) {
            throw SeriesProblem.BAD_LABELS.because(
                    "'%s' is not a label name: it has up to %d letters, digits and _, and does not start with a digit",
                    Excerpt.of(name), LONGEST_NAME);
        }
        if (name.equals(METRIC_NAME)) {
            throw SeriesProblem.BAD_LABELS.because("%s is the name of the series, not a label of it", METRIC_NAME);
        }
    }

    private static void checkValue(String name, String value) {
        if (value.codePoints().anyMatch(Excerpt::isUnprintable)) {
            throw SeriesProblem.BAD_LABELS.because(
                    "the value of label '%s' has a control character or half of a surrogate pair", name);
        }
        if (value.getBytes(StandardCharsets.UTF_8).length > LARGEST_VALUE) {
            throw SeriesProblem.BAD_LABELS.because(
                    "the value of label '%s' is longer than %d bytes", name, LARGEST_VALUE);
        }
    }
}
