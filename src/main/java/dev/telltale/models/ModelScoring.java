package dev.telltale.models;

import dev.telltale.models.ModelSpecification.ErrorOf;
import dev.telltale.problem.Problem;
import dev.telltale.series.Samples;
import dev.telltale.series.Series;
import dev.telltale.series.SeriesLookup;
import dev.telltale.series.SeriesStore;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// Judges samples with a model, those of a request or those stored. A row is judged by its window alone:
/// both ways, alone or among a million, it gets the same score, bit for bit.
public final class ModelScoring {

    private final LoadedModels models;
    private final SeriesLookup lookup;
    private final SeriesStore store;
    private final TrainingSamples learned;
    private final ModelMeters meters;

    /// @param learned gives an explanation what the model was made of
    ModelScoring(
            LoadedModels models, SeriesLookup lookup, SeriesStore store, TrainingSamples learned, ModelMeters meters) {
        this.models = models;
        this.lookup = lookup;
        this.store = store;
        this.learned = learned;
        this.meters = meters;
    }

    /// Judges the stored rows of a series in the order of time, with a model of one.
    ///
    /// @param series name or id
    /// @param start first time, epoch milliseconds UTC
    /// @param end last time, inclusive
    /// @throws dev.telltale.problem.Problem if there is no such model or series
    public void score(ModelName name, String series, long start, long end, Consumer<ScoredRow> rows) {
        try (LoadedModel model = borrow(name, Optional.empty())) {
            scoreStored(model, List.of(lookup.resolve(series)), start, end, false, rows);
        }
    }

    /// Requires that there is a model. In an ordered write it is so until the transaction ends.
    ///
    /// @throws dev.telltale.problem.Problem if there is none of this name
    public void requirePresent(Connection connection, ModelName name) throws SQLException {
        if (!ModelTable.isPresent(connection, name)) {
            throw ModelStore.notFound(name);
        }
    }

    /// The active version of a model, for rows as they arrive; to be closed.
    ///
    /// @throws dev.telltale.problem.Problem if there is no such model, or it judges a row by later ones
    public RowScorer rows(ModelName name) {
        LoadedModel model = borrow(name, Optional.empty());
        if (model.manifest().specification().errorOf() == ErrorOf.MEAN) {
            model.close();
            throw ModelsProblem.MODEL_NOT_LIVE.because(
                    "model '%s' has errorOf mean: it judges a row by the windows that come after it; train one with"
                            + " errorOf last",
                    name);
        }
        return new RowScorer(model);
    }

    /// A version of a model to score with, the active one if none is chosen; to be closed.
    LoadedModel borrow(ModelName name, Optional<Integer> version) {
        return version.isPresent() ? models.borrow(name, version.get()) : models.borrow(name);
    }

    /// Judges what is asked for; rows before the first full window get no verdict.
    ///
    /// @param explained whether each verdict shall come with an explanation
    /// @throws dev.telltale.problem.Problem FEATURE_MISMATCH if that is not what the model takes
    void score(LoadedModel model, ScoreRequest asked, boolean explained, Consumer<ScoredRow> rows) {
        Manifest manifest = model.manifest();
        switch (asked) {
            case ScoreRequest.One(Samples samples) -> score(model, inOrder(manifest, samples), explained, rows);
            case ScoreRequest.Table(Map<String, Samples> columns) ->
                score(model, inOrder(manifest, columns), explained, rows);
            case ScoreRequest.Stored stored ->
                scoreStored(model, series(manifest, stored), stored.first(), stored.last(), explained, rows);
        }
    }

    /// Samples of one series, whatever it is called.
    static List<Samples> inOrder(Manifest manifest, Samples samples) {
        return inOrder(manifest, Map.of("value", samples));
    }

    /// The columns in the order of the model's channels. A model of one series takes a column of any name.
    static List<Samples> inOrder(Manifest manifest, Map<String, Samples> columns) {
        List<String> channels = manifest.seriesNames();
        if (channels.size() == 1 && columns.size() == 1) {
            return List.copyOf(columns.values());
        }
        if (!columns.keySet().equals(Set.copyOf(channels))) {
            throw mismatch(channels, List.copyOf(columns.keySet()));
        }
        return channels.stream().map(columns::get).toList();
    }

    /// The series that are named, else the model's own.
    List<Series> series(Manifest manifest, ScoreRequest.Stored stored) {
        if (stored.names().isEmpty()) {
            return manifest.sources().stream()
                    .map(source -> lookup.resolve(source.key()))
                    .toList();
        }
        if (stored.names().size() != manifest.sources().size()) {
            throw mismatch(manifest.seriesNames(), stored.names());
        }
        List<Series> series = stored.names().stream().map(lookup::resolve).toList();
        Set<Long> different = series.stream().map(Series::id).collect(Collectors.toSet());
        if (different.size() < series.size()) {
            throw ModelsProblem.BAD_SCORE_REQUEST.because("a series is named twice; each channel needs its own");
        }
        return series;
    }

    /// Refuses the columns of a table once there are more than the model takes.
    ///
    /// @throws Problem FEATURE_MISMATCH
    static void refuseMore(Manifest manifest, Collection<String> columns) {
        List<String> channels = manifest.seriesNames();
        if (columns.size() > channels.size()) {
            throw mismatch(channels, columns.stream().limit(channels.size() + 1).toList());
        }
    }

    private static Problem mismatch(List<String> expected, List<String> got) {
        return ModelsProblem.FEATURE_MISMATCH
                .because(
                        "the model takes %s, these came: %s",
                        String.join(", ", expected), got.isEmpty() ? "none" : String.join(", ", got))
                .with("expected", expected)
                .with("got", got);
    }

    /// Reads the series in step: from each the next page as soon as it has few samples that wait for others.
    private void scoreStored(
            LoadedModel model, List<Series> series, long start, long end, boolean explained, Consumer<ScoredRow> rows) {
        ScoringPass pass = pass(model, start, end, explained, rows);
        List<StoredPages> pages = series.stream()
                .map(one -> new StoredPages(store, one.id(), pass.firstNeeded(), pass.lastNeeded()))
                .toList();
        while (!pass.isOver()) {
            for (int channel = 0; channel < pages.size(); channel++) {
                if (pass.wants(channel)) {
                    read(pages.get(channel), pass, channel);
                }
            }
            pass.judge();
        }
        pass.finish();
        count(pass);
    }

    private static void read(StoredPages pages, ScoringPass pass, int channel) {
        Samples page = pages.next();
        if (page.isEmpty()) {
            pass.end(channel);
        } else {
            pass.accept(channel, page);
        }
    }

    private void score(LoadedModel model, List<Samples> channels, boolean explained, Consumer<ScoredRow> rows) {
        ScoringPass pass = pass(model, Long.MIN_VALUE, Long.MAX_VALUE, explained, rows);
        for (int channel = 0; channel < channels.size(); channel++) {
            pass.accept(channel, channels.get(channel));
        }
        pass.finish();
        count(pass);
    }

    private ScoringPass pass(LoadedModel model, long start, long end, boolean explained, Consumer<ScoredRow> rows) {
        Optional<Explainer> explainer = explained
                ? Optional.of(
                        new Explainer(model, learned.again(model.manifest()).map(LearnedWindows::new)))
                : Optional.empty();
        return new ScoringPass(model, start, end, explainer, rows);
    }

    private void count(ScoringPass pass) {
        meters.scored(pass.scored(), pass.anomalous());
    }
}
