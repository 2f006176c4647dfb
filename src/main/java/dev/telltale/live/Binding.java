package dev.telltale.live;

import dev.telltale.series.Labels;
import dev.telltale.series.Series;
import dev.telltale.series.SeriesKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Which of the series that a detector selects are judged together. A model of one series judges each by itself.
/// One of several takes those that have the names it was trained on and the same labels; where its own series share
/// a name, it takes just these. Remembers series that wait for others.
final class Binding {

    private final List<SeriesKey> sources;
    private final boolean byName;
    private final Map<Labels, Map<String, Series>> waiting = new HashMap<>();
    private final Map<SeriesKey, Series> own = new HashMap<>();

    /// @param sources what the model was trained on, in the order of its channels
    Binding(List<SeriesKey> sources) {
        this.sources = List.copyOf(sources);
        this.byName = new HashSet<>(sources.stream().map(SeriesKey::name).toList()).size() == sources.size();
    }

    /// How many series are judged together.
    int channels() {
        return sources.size();
    }

    /// A series that the detector selects, each once.
    ///
    /// @return the series that are judged together, in the order of the channels, once all are there
    Optional<List<Series>> add(Series series) {
        if (sources.size() == 1) {
            return Optional.of(List.of(series));
        }
        return byName ? addByName(series) : addOwn(series);
    }

    private Optional<List<Series>> addByName(Series series) {
        if (sources.stream().noneMatch(source -> source.name().equals(series.name()))) {
            return Optional.empty();
        }
        Map<String, Series> alike = waiting.computeIfAbsent(series.labels(), labels -> new HashMap<>());
        alike.put(series.name(), series);
        if (alike.size() < sources.size()) {
            return Optional.empty();
        }
        waiting.remove(series.labels());
        List<Series> channels = new ArrayList<>();
        sources.forEach(source -> channels.add(alike.get(source.name())));
        return Optional.of(channels);
    }

    private Optional<List<Series>> addOwn(Series series) {
        if (!sources.contains(series.key())) {
            return Optional.empty();
        }
        own.put(series.key(), series);
        return own.size() < sources.size()
                ? Optional.empty()
                : Optional.of(sources.stream().map(own::get).toList());
    }
}
