package dev.telltale.series;

import dev.telltale.problem.Excerpt;
import java.util.List;
import java.util.stream.Collectors;

/// Finds the series that a path or body names: by id, or by bare name while exactly one series has it.
public final class SeriesLookup {

    private static final int MOST_IDS = 100;

    private final SeriesStore store;

    public SeriesLookup(SeriesStore store) {
        this.store = store;
    }

    /// The series that is meant.
    ///
    /// @param reference a decimal id such as `17`, or a name
    /// @throws dev.telltale.problem.Problem if no series or more than one is meant; the ids then stand in
    ///     the problem's member `ids`
    public Series resolve(String reference) {
        return isId(reference) ? byId(reference) : byName(reference);
    }

    /// The series with this name and these labels.
    ///
    /// @throws dev.telltale.problem.Problem if there is none
    public Series resolve(SeriesKey key) {
        return store.find(key).orElseThrow(() -> SeriesProblem.SERIES_NOT_FOUND.because("there is no series %s", key));
    }

    /// Whether a reference can only be an id.
    static boolean isId(String reference) {
        return !reference.isEmpty() && reference.chars().allMatch(character -> character >= '0' && character <= '9');
    }

    private Series byId(String reference) {
        try {
            return store.find(Long.parseLong(reference)).orElseThrow(() -> noId(reference));
        } catch (NumberFormatException tooLarge) {
            throw noId(reference);
        }
    }

    private Series byName(String name) {
        List<Series> series = store.named(name);
        if (series.isEmpty()) {
            throw SeriesProblem.SERIES_NOT_FOUND.because("no series is named '%s'", Excerpt.of(name));
        }
        if (series.size() > 1) {
            List<String> ids = series.stream()
                    .limit(MOST_IDS)
                    .map(one -> Long.toString(one.id()))
                    .toList();
            throw SeriesProblem.SERIES_AMBIGUOUS
                    .because(
                            "%d series are named '%s'; use an id: %s",
                            series.size(),
                            name,
                            series.stream()
                                    .limit(MOST_IDS)
                                    .map(one -> one.id() + " " + one.labels())
                                    .collect(Collectors.joining(", ")))
                    .with("ids", ids);
        }
        return series.getFirst();
    }

    private static RuntimeException noId(String reference) {
        return SeriesProblem.SERIES_NOT_FOUND.because("no series has the id %s", Excerpt.of(reference));
    }
}
