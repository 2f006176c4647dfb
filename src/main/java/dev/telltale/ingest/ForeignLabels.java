package dev.telltale.ingest;

import dev.telltale.series.Labels;
import java.util.SortedMap;
import java.util.TreeMap;

/// What another system says of a series in names and values of its own, on the way to labels.
///
/// Names that become the same label share it: their values stand in it in the order of the names, joined by
/// `;`, as Prometheus does it. So two series that differ there stay two.
public final class ForeignLabels {

    private final SortedMap<String, String> values = new TreeMap<>();

    public ForeignLabels() {}

    /// The same to begin with.
    public ForeignLabels(ForeignLabels others) {
        values.putAll(others.values);
    }

    /// Sets what a name says; what it said before is replaced.
    public ForeignLabels put(String name, String value) {
        values.put(name, value);
        return this;
    }

    /// The labels that they are.
    ///
    /// @throws dev.telltale.problem.Problem if they are too many, or one is too long or has a control character
    public Labels labels() {
        SortedMap<String, String> labels = new TreeMap<>();
        values.forEach((name, value) -> {
            if (!value.isEmpty()) {
                labels.merge(ForeignNames.label(name), value, (before, more) -> before + ";" + more);
            }
        });
        return new Labels(labels);
    }
}
