package dev.telltale.series;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// What a decoder made of what was pushed, for the tests of other rooms.
public final class PushedView {

    private PushedView() {}

    /// Of each series the samples by time, in milliseconds.
    public static SortedMap<String, Map<Long, Double>> samples(PushedSamples pushed) {
        SortedMap<String, Map<Long, Double>> samples = new TreeMap<>();
        for (int i = 0; i < pushed.count(); i++) {
            samples.computeIfAbsent(pushed.keys().get(pushed.series(i)).toString(), key -> new TreeMap<>())
                    .put(pushed.time(i), pushed.value(i));
        }
        return samples;
    }

    /// The ends, as `series @ time`.
    public static List<String> ends(PushedSamples pushed) {
        return pushed.ends().stream()
                .map(end -> pushed.keys().get(end.series()) + " @ " + end.time())
                .collect(Collectors.toCollection(TreeSet::new))
                .stream()
                .toList();
    }
}
