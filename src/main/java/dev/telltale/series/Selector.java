package dev.telltale.series;

import com.google.re2j.Pattern;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Which series somebody means, in Prometheus' syntax: `cpu{instance=~"i-.*",zone!="a"}`. A label that a
/// series does not have counts as empty; regular expressions match whole values, in linear time (RE2).
public final class Selector {

    private static final String NAME = "__name__";

    private final String text;
    private final List<Matcher> matchers;

    Selector(String text, List<Matcher> matchers) {
        this.text = text;
        this.matchers = List.copyOf(matchers);
    }

    /// The selector that a text spells.
    ///
    /// @throws dev.telltale.problem.Problem `BAD_SELECTOR` with the column of the first fault
    public static Selector parse(String text) {
        return new SelectorParser(text).selector();
    }

    /// Every series.
    public static Selector all() {
        return new Selector("", List.of());
    }

    public boolean matches(SeriesKey key) {
        return matches(key.name(), key.labels().values());
    }

    /// As `matches`, of what has a name and labels as a series has.
    public boolean matches(String name, Map<String, String> labels) {
        for (Matcher matcher : matchers) {
            if (!matcher.matches(name, labels)) {
                return false;
            }
        }
        return true;
    }

    /// The one metric name that all matching series have, if the selector says it outright.
    public Optional<String> name() {
        return matchers.stream()
                .filter(matcher -> matcher.label().equals(NAME))
                .flatMap(matcher ->
                        matcher.test() instanceof Test.Equal(String name) ? Optional.of(name).stream() : Stream.empty())
                .findFirst();
    }

    /// The one series that the selector spells out: a metric name, and each label once with `=`.
    Optional<SeriesKey> key() {
        Map<String, String> labels = new HashMap<>();
        for (Matcher matcher : matchers) {
            if (!(matcher.test() instanceof Test.Equal(String value)) || labels.put(matcher.label(), value) != null) {
                return Optional.empty();
            }
        }
        return Optional.ofNullable(labels.remove(NAME)).map(name -> new SeriesKey(name, Labels.of(labels)));
    }

    @Override
    public String toString() {
        return text;
    }

    /// What the value of one label must be.
    record Matcher(String label, Test test) {

        static Matcher name(String name) {
            return new Matcher(NAME, new Test.Equal(name));
        }

        boolean matches(String name, Map<String, String> labels) {
            String value = label.equals(NAME) ? name : labels.getOrDefault(label, "");
            return switch (test) {
                case Test.Equal(String expected) -> value.equals(expected);
                case Test.NotEqual(String refused) -> !value.equals(refused);
                case Test.Like(Pattern pattern) -> pattern.matches(value);
                case Test.NotLike(Pattern pattern) -> !pattern.matches(value);
            };
        }
    }

    /// The four comparisons of Prometheus: `=`, `!=`, `=~`, `!~`.
    sealed interface Test {

        record Equal(String value) implements Test {}

        record NotEqual(String value) implements Test {}

        record Like(Pattern pattern) implements Test {}

        record NotLike(Pattern pattern) implements Test {}
    }
}
