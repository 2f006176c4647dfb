package dev.telltale.models;

import dev.telltale.models.TrainingData.Source;
import dev.telltale.problem.Problem;
import dev.telltale.problem.ProblemError;
import dev.telltale.series.AnnotationStore;
import dev.telltale.series.Samples;
import dev.telltale.series.Series;
import dev.telltale.series.SeriesLookup;
import dev.telltale.series.SeriesStore;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Reads the stored samples and annotations that models are made of.
final class TrainingSamples {

    /// What is read again for an explanation stays in memory as long as the answer is written.
    private static final long MOST_READ_AGAIN = 1_000_000;

    private final SeriesStore store;
    private final SeriesLookup lookup;
    private final AnnotationStore annotations;

    TrainingSamples(SeriesStore store, SeriesLookup lookup, AnnotationStore annotations) {
        this.store = store;
        this.lookup = lookup;
        this.annotations = annotations;
    }

    /// What a specification names, in its order.
    ///
    /// @throws dev.telltale.problem.Problem if a series is not there or named twice
    List<Source> read(ModelSpecification specification) {
        List<Source> sources = new ArrayList<>();
        Set<Long> seen = new HashSet<>();
        for (String reference : specification.series()) {
            Series series = lookup.resolve(reference);
            if (!seen.add(series.id())) {
                throw ModelsProblem.BAD_SPECIFICATION
                        .because("'%s' is a series that is named twice; a model sees each once", reference)
                        .with(List.of(ProblemError.at("/series/" + sources.size(), "is named before")));
            }
            sources.add(source(
                    specification,
                    series,
                    specification.range().first(),
                    specification.range().last()));
        }
        return sources;
    }

    /// What a model was made of, less what has been annotated as anomalous since; empty if the samples are no
    /// longer stored as they were, or too many to be read for an explanation.
    Optional<TrainingData> again(Manifest manifest) {
        long samples =
                manifest.sources().stream().mapToLong(Manifest.Source::samples).sum();
        if (samples > MOST_READ_AGAIN) {
            return Optional.empty();
        }
        List<Source> sources = new ArrayList<>();
        for (Manifest.Source source : manifest.sources()) {
            Optional<Series> series = store.find(source.key());
            if (series.isEmpty()) {
                return Optional.empty();
            }
            Source read = source(
                    manifest.specification(),
                    series.get(),
                    source.start().toEpochMilli(),
                    source.end().toEpochMilli());
            if (!Fingerprint.of(read.samples()).equals(source.fingerprint())) {
                return Optional.empty();
            }
            sources.add(read);
        }
        try {
            return Optional.of(TrainingData.of(manifest.specification(), sources))
                    .filter(data -> data.frame().grid().equals(manifest.grid()));
        } catch (Problem annotationsHaveChanged) {
            return Optional.empty(); // nothing could be trained on what they leave
        }
    }

    private Source source(ModelSpecification specification, Series series, long start, long end) {
        Samples samples = store.read(series.id(), start, end);
        return new Source(
                series,
                samples,
                annotations.of(series.id(), specification.annotated().set()));
    }
}
