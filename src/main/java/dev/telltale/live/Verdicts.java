package dev.telltale.live;

import dev.telltale.database.Changes;
import dev.telltale.database.Database;
import dev.telltale.jobs.PeriodicWork;
import dev.telltale.series.Annotation;
import dev.telltale.series.AnnotationStore;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Takes what people say of anomalies, and says it of the rows of their series too: annotations, which trainings
/// use. An anomaly that goes on after that takes its annotations along, some time later.
final class Verdicts implements PeriodicWork {

    /// The kind of change by which detectors of other processes hear of it; the subject is the anomaly's id.
    static final String CHANGE = "feedback";

    private static final Duration INTERVAL = Duration.ofMinutes(1);
    private static final String SET = "default";
    private static final int LONGEST_NOTE = 1_000;
    private static final int MOST_AT_ONCE = 100;

    private final Database database;
    private final Changes changes;
    private final FindingStore store;
    private final AnnotationStore annotations;
    private final InstantSource clock;
    private final FindingMeters meters;
    private final Supplier<List<FeedbackListener>> listeners;

    /// @param listeners asked for when there is something to hear: they may need what this one is part of
    Verdicts(
            Database database,
            Changes changes,
            FindingStore store,
            AnnotationStore annotations,
            InstantSource clock,
            FindingMeters meters,
            Supplier<List<FeedbackListener>> listeners) {
        this.database = database;
        this.changes = changes;
        this.store = store;
        this.annotations = annotations;
        this.clock = clock;
        this.meters = meters;
        this.listeners = listeners;
    }

    /// Takes a verdict in place of the last one on the same anomaly.
    ///
    /// @return the anomaly as it is then
    /// @throws dev.telltale.problem.Problem if there is no such anomaly, or one of its series has as many
    ///     annotations as it may
    JudgedAnomaly give(long anomalyId, boolean wasOne, Optional<String> note) {
        note.filter(text -> text.length() > LONGEST_NOTE).ifPresent(text -> {
            throw LiveProblem.BAD_FEEDBACK.because(
                    "a note has up to %d characters, this one has %d", LONGEST_NOTE, text.length());
        });
        Feedback feedback = new Feedback(wasOne, note, clock.millis());
        JudgedAnomaly judged = database.write(connection -> {
            if (AnomalyReader.find(connection, anomalyId).isEmpty()) {
                throw unknown(Long.toString(anomalyId));
            }
            store.judge(connection, anomalyId, feedback);
            JudgedAnomaly anomaly = AnomalyReader.find(connection, anomalyId).orElseThrow();
            annotate(connection, anomaly.anomaly(), feedback);
            changes.note(connection, CHANGE, Long.toString(anomalyId));
            return anomaly;
        });
        store.announce();
        meters.judged(wasOne);
        listeners.get().forEach(listener -> listener.given(judged.anomaly(), wasOne));
        return judged;
    }

    static RuntimeException unknown(String id) {
        return LiveProblem.ANOMALY_NOT_FOUND.because(
                "no anomaly has the id %s; it may be older than telltale.incidents.retention", id);
    }

    @Override
    public String name() {
        return "feedback-annotations";
    }

    @Override
    public Duration interval() {
        return INTERVAL;
    }

    /// Lets the annotations of anomalies that went on since reach as far as these.
    @Override
    public void run() {
        long after = 0;
        while (true) {
            List<Long> grown = grown(after);
            if (grown.isEmpty()) {
                return;
            }
            for (long id : grown) {
                extend(id);
            }
            after = grown.getLast();
        }
    }

    private void extend(long id) {
        database.write(connection -> {
            Optional<JudgedAnomaly> found = AnomalyReader.find(connection, id);
            if (found.isPresent() && found.get().feedback().isPresent()) {
                annotate(
                        connection,
                        found.get().anomaly(),
                        found.get().feedback().get());
            }
            return null;
        });
    }

    private List<Long> grown(long afterId) {
        return database.read(connection -> {
            try (PreparedStatement select = connection.prepareStatement(
                    "SELECT id FROM anomaly WHERE annotated < finish AND id > ? ORDER BY id LIMIT " + MOST_AT_ONCE)) {
                select.setLong(1, afterId);
                List<Long> ids = new ArrayList<>();
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        ids.add(row.getLong(1));
                    }
                }
                return ids;
            }
        });
    }

    /// Replaces what earlier feedback on the anomaly said of its series; those that are deleted are left out.
    private void annotate(Connection connection, Anomaly anomaly, Feedback feedback) throws SQLException {
        int place = 0;
        for (Anomaly.Part part : anomaly.parts()) {
            long series = part.series().id();
            Optional<Long> earlier = annotation(connection, anomaly.id(), place);
            if (earlier.isPresent()) {
                annotations.delete(connection, series, earlier.get());
            }
            Optional<Annotation> made = annotations.add(connection, series, annotation(anomaly, feedback));
            note(connection, anomaly.id(), place, made.map(Annotation::id).orElse(null));
            place++;
        }
        try (PreparedStatement update = connection.prepareStatement("UPDATE anomaly SET annotated = ? WHERE id = ?")) {
            update.setLong(1, anomaly.end());
            update.setLong(2, anomaly.id());
            update.executeUpdate();
        }
    }

    /// Before a time without data there is a sample that is fine.
    private static Annotation annotation(Anomaly anomaly, Feedback feedback) {
        long start = switch (anomaly.kind()) {
            case SCORE -> anomaly.start();
            case NO_DATA -> Math.min(anomaly.start() + 1, anomaly.end());
        };
        return new Annotation(
                0,
                start,
                anomaly.end(),
                feedback.wasOne() ? Annotation.Verdict.ANOMALOUS : Annotation.Verdict.NORMAL,
                SET,
                Annotation.Source.FEEDBACK,
                feedback.note());
    }

    private static Optional<Long> annotation(Connection connection, long anomaly, int place) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT annotation FROM anomaly_part WHERE anomaly = ? AND place = ? AND annotation IS NOT NULL")) {
            select.setLong(1, anomaly);
            select.setInt(2, place);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? Optional.of(row.getLong(1)) : Optional.empty();
            }
        }
    }

    private static void note(Connection connection, long anomaly, int place, @Nullable Long annotation)
            throws SQLException {
        try (PreparedStatement update =
                connection.prepareStatement("UPDATE anomaly_part SET annotation = ? WHERE anomaly = ? AND place = ?")) {
            update.setObject(1, annotation);
            update.setLong(2, anomaly);
            update.setInt(3, place);
            update.executeUpdate();
        }
    }
}
