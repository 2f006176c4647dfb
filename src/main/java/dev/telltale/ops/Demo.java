package dev.telltale.ops;

import dev.telltale.http.Json;
import dev.telltale.jobs.Job;
import dev.telltale.jobs.JobFilter;
import dev.telltale.jobs.JobState;
import dev.telltale.jobs.Jobs;
import dev.telltale.models.ModelName;
import dev.telltale.models.ModelScoring;
import dev.telltale.models.ModelSpecification;
import dev.telltale.models.TrainingQueue;
import dev.telltale.problem.Problem;
import dev.telltale.problem.ProblemKind;
import dev.telltale.series.Annotation;
import dev.telltale.series.AnnotationStore;
import dev.telltale.series.Intake;
import dev.telltale.series.Labels;
import dev.telltale.series.OnConflict;
import dev.telltale.series.SampleBatch;
import dev.telltale.series.Selector;
import dev.telltale.series.SeriesKey;
import dev.telltale.series.SeriesStore;
import dev.telltale.signal.Windowing;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Fills an empty store with example telemetry, trains a model on each series with the settings that
/// everybody gets, and tells what they found. What an earlier start has made of it is kept.
final class Demo {

    private static final long SEED = 42;
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final String ANNOTATION_SET = "default";
    private static final int RECENT_JOBS = 100;

    private final SeriesStore store;
    private final Intake intake;
    private final AnnotationStore annotations;
    private final Jobs jobs;
    private final TrainingQueue trainings;
    private final ModelScoring scoring;
    private final Json json;

    Demo(
            SeriesStore store,
            Intake intake,
            AnnotationStore annotations,
            Jobs jobs,
            TrainingQueue trainings,
            ModelScoring scoring,
            Json json) {
        this.store = store;
        this.intake = intake;
        this.annotations = annotations;
        this.jobs = jobs;
        this.trainings = trainings;
        this.scoring = scoring;
        this.json = json;
    }

    /// Makes the demo, or what is missing of it after a start that was cut short; takes some seconds.
    ///
    /// @param url root of the service
    /// @return what to tell the user
    String run(String url) {
        List<DemoSeries> all = List.of(DemoTelemetry.diskWrites(SEED), DemoTelemetry.cpu(SEED));
        if (holdsOthers(all)) {
            return "The data directory holds series of its own, so no demo data is made. Look at " + url
                    + "/api/v1/series and " + url + "/api/v1/models.";
        }
        all.forEach(this::store);
        List<Job> queued =
                all.stream().map(this::train).flatMap(Optional::stream).toList();
        for (Job job : queued) {
            JobState state = jobs.await(job.id(), PATIENCE).state();
            if (!(state instanceof JobState.Succeeded)) {
                return "The demo has no results: its training is " + state.label() + "; see " + url + job.path();
            }
        }
        DemoReport report = new DemoReport(url);
        all.forEach(series -> report.add(series, find(series)));
        report.addWhereToLook(all.getFirst());
        return report.toString();
    }

    private boolean holdsOthers(List<DemoSeries> demo) {
        List<String> names = demo.stream().map(DemoSeries::name).toList();
        return store.select(Selector.all(), 0, demo.size() + 1).stream()
                .anyMatch(series -> !names.contains(series.key().name()));
    }

    /// What its model finds in a series.
    DemoFindings find(DemoSeries series) {
        long aftermath = DemoTelemetry.INTERVAL
                .multipliedBy(Windowing.DEFAULT.length() - 1)
                .toMillis();
        DemoFindings findings = new DemoFindings(series.incidents(), aftermath);
        scoring.score(
                new ModelName(series.model()),
                series.name(),
                series.samples().time(0),
                series.samples().time(series.samples().count() - 1),
                row -> findings.add(row.time(), row.score()));
        return findings;
    }

    private void store(DemoSeries series) {
        long id = store.findOrCreate(new SeriesKey(series.name(), Labels.NONE)).id();
        if (!annotations.of(id, ANNOTATION_SET).isEmpty()) {
            return; // they are written last
        }
        store.describe(id, made -> made.with(Optional.of(series.unit()), Optional.of(DemoTelemetry.INTERVAL)));
        intake.accept(SampleBatch.of(id, series.samples()), OnConflict.REFUSE);
        annotations.replace(
                id,
                ANNOTATION_SET,
                series.incidents().stream()
                        .map(incident -> new Annotation(
                                0,
                                incident.start(),
                                incident.end(),
                                Annotation.Verdict.ANOMALOUS,
                                ANNOTATION_SET,
                                Annotation.Source.DATASET,
                                Optional.of(incident.what())))
                        .toList());
    }

    /// Queues a training as a request with nothing but the two required fields would, unless one is left
    /// in the queue or the model is there.
    private Optional<Job> train(DemoSeries series) {
        Optional<Job> left = jobs.newest(JobFilter.ALL, Long.MAX_VALUE, RECENT_JOBS).stream()
                .filter(job ->
                        job.subject().equals(series.model()) && !job.state().isFinal())
                .findFirst();
        if (left.isPresent()) {
            return left;
        }
        byte[] body = json.write(Map.of("name", series.model(), "series", List.of(series.name())));
        try {
            return Optional.of(trainings.submit(json.read(new ByteArrayInputStream(body), ModelSpecification.class)));
        } catch (Problem refused) {
            if (refused.type().kind() == ProblemKind.CONFLICT) {
                return Optional.empty();
            }
            throw refused;
        }
    }
}
