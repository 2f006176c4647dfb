package dev.telltale.models;

import dev.telltale.series.Samples;
import dev.telltale.series.SeriesLookup;
import dev.telltale.series.SeriesStore;
import java.util.function.Consumer;

/// Judges samples with a model, those of a request or those stored. A row is judged by its window alone:
/// both ways, alone or among a million, it gets the same score, bit for bit.
public final class ModelScoring {

    private final LoadedModels models;
    private final SeriesLookup lookup;
    private final SeriesStore store;
    private final ModelMeters meters;

    ModelScoring(LoadedModels models, SeriesLookup lookup, SeriesStore store, ModelMeters meters) {
        this.models = models;
        this.lookup = lookup;
        this.store = store;
        this.meters = meters;
    }

    /// Judges the stored rows of a series in the order of time.
    ///
    /// @param series name or id
    /// @param start first time, epoch milliseconds UTC
    /// @param end last time, inclusive
    /// @throws dev.telltale.problem.Problem if there is no such model or series
    public void score(ModelName name, String series, long start, long end, Consumer<ScoredRow> rows) {
        try (LoadedModel model = borrow(name)) {
            score(model, series, start, end, rows);
        }
    }

    /// A model to score with, to be closed.
    LoadedModel borrow(ModelName name) {
        return models.borrow(name);
    }

    /// Judges what is asked for; rows before the first full window get no verdict.
    void score(LoadedModel model, ScoreRequest asked, Consumer<ScoredRow> rows) {
        switch (asked) {
            case ScoreRequest.Given(Samples samples) -> score(model, samples, rows);
            case ScoreRequest.Stored stored -> score(model, stored.series(), stored.first(), stored.last(), rows);
        }
    }

    private void score(LoadedModel model, String series, long start, long end, Consumer<ScoredRow> rows) {
        long id = lookup.resolve(series).id();
        ScoringPass pass = new ScoringPass(model, start, end, rows);
        store.scan(id, ScoringPass.firstNeeded(model.manifest(), start), end, pass::accept);
        finish(pass);
    }

    private void score(LoadedModel model, Samples samples, Consumer<ScoredRow> rows) {
        ScoringPass pass = new ScoringPass(model, Long.MIN_VALUE, Long.MAX_VALUE, rows);
        pass.accept(samples);
        finish(pass);
    }

    private void finish(ScoringPass pass) {
        pass.finish();
        meters.scored(pass.scored(), pass.anomalous());
    }
}
