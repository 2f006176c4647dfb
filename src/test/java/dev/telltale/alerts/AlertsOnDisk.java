package dev.telltale.alerts;

import dev.telltale.alerts.alertmanager.AlertmanagerNotifier;
import dev.telltale.alerts.webhook.WebhookNotifier;
import dev.telltale.database.Changes;
import dev.telltale.database.DataDirectory;
import dev.telltale.database.Lease;
import dev.telltale.database.Leases;
import dev.telltale.database.Replicas;
import dev.telltale.database.SqliteDatabase;
import dev.telltale.http.Conditions;
import dev.telltale.http.Json;
import dev.telltale.http.PublicUrl;
import dev.telltale.live.Incident;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;

/// The parts of alerts over a real database, driven step by step by a clock that the test steers. Opened on the same
/// directory again, it goes on as the service does after a restart.
final class AlertsOnDisk implements AutoCloseable {

    static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    final SqliteDatabase database;
    final Outbox outbox;
    final ReceiverTable receivers;
    final SilenceTable silences;
    final AlertPipeline pipeline;
    final AlertsMeters meters;

    /// Those of a process that is alone.
    final Lease lease;

    final Changes changes;
    private final DataDirectory directory;
    private final SteeredClock clock;
    private final AlertIntake intake;
    private int events;

    AlertsOnDisk(Path path, SteeredClock clock, int capacity) {
        this.clock = clock;
        directory = DataDirectory.open(path);
        database = SqliteDatabase.open(directory);
        changes = Changes.on(database);
        lease = Leases.on(database, Replicas.on(database, "test")).lease("findings");
        outbox = new Outbox(database, changes, capacity);
        receivers = new ReceiverTable(database, changes, clock, 3);
        silences = new SilenceTable(database, changes, clock, 3);
        meters = new AlertsMeters(registry, outbox);
        pipeline = new AlertPipeline(database, lease, outbox, silences, meters, clock, () -> "event-" + ++events);
        intake = new AlertIntake(outbox, meters, () -> {});
    }

    /// Not started yet.
    Dispatch dispatch(Function<ReceiverName, Sender> senders) {
        return new Dispatch(lease, changes, pipeline, silences, receivers, senders, clock);
    }

    ReceiverName webhook(String name) {
        ReceiverName receiver = new ReceiverName(name);
        receivers.put(
                receiver,
                new ReceiverForm(
                        ReceiverForm.Kind.WEBHOOK, "https://hooks.example.com/" + name, SECRET, Duration.ofHours(1)),
                Conditions.NONE);
        return receiver;
    }

    ReceiverName alertmanager(String name) {
        ReceiverName receiver = new ReceiverName(name);
        receivers.put(
                receiver,
                new ReceiverForm(
                        ReceiverForm.Kind.ALERTMANAGER,
                        "http://" + name + ".example.com:9093",
                        null,
                        Duration.ofMinutes(1)),
                Conditions.NONE);
        return receiver;
    }

    Silence silence(String matchers, Instant start, Instant end) {
        Silence silence = silences.add(new SilenceForm(matchers, start, end, null, null));
        outbox.lookAtAll();
        return silence;
    }

    /// Stores an incident as the detectors do, and lets the pipeline take its turn.
    void happens(Incident incident) {
        stores(incident);
        pipeline.turn(_ -> {});
    }

    /// Stores an incident as the detectors do, while the pipeline is busy with something else.
    void stores(Incident incident) {
        database.write(connection -> {
            intake.changed(incident, connection);
            return true;
        });
        intake.stored();
    }

    /// Time passes, and the pipeline takes its turn.
    void later(Duration time) {
        clock.goOn(time);
        pipeline.turn(_ -> {});
    }

    /// What waits for a receiver, in order.
    List<Message> waiting(ReceiverName receiver) {
        List<Message> all = new ArrayList<>();
        // Seen one by one, as the sender sees them, and put back by undoing the work.
        try {
            database.write(connection -> {
                for (Optional<Message> head = Outbox.head(connection, receiver);
                        head.isPresent();
                        head = Outbox.head(connection, receiver)) {
                    all.add(head.get());
                    Outbox.update(
                            connection,
                            "delete from alert_outbox where id = ?",
                            head.get().id());
                }
                throw new Undo();
            });
        } catch (Undo undone) {
            return all;
        }
        throw new IllegalStateException("unreachable");
    }

    /// As `waiting`, as `began 17`.
    List<String> tellings(ReceiverName receiver) {
        return waiting(receiver).stream()
                .map(message -> message.occasion().name().toLowerCase(java.util.Locale.ROOT) + " "
                        + message.group().incident())
                .toList();
    }

    /// Takes all that waits, as the receiver would.
    void deliverAll(ReceiverName receiver) {
        for (Optional<Message> head = outbox.head(receiver); head.isPresent(); head = outbox.head(receiver)) {
            outbox.delivered(head.get(), clock.instant());
        }
    }

    Sender sender(ReceiverName receiver, Function<Outgoing, Courier.Outcome> courier) {
        return new Sender(
                receiver,
                receivers,
                outbox,
                wording(),
                courier,
                meters,
                clock,
                new BackOff(new Random(1)),
                Duration.ofHours(24));
    }

    static Wording wording() {
        Json json = new Json();
        IncidentLinks links = new IncidentLinks(new PublicUrl("https://telltale.example.com"));
        return new Wording(new AlertmanagerNotifier(json, links), new WebhookNotifier(json, links));
    }

    double count(String meter, String... tags) {
        return registry.get(meter)
                .tags(tags)
                .meter()
                .measure()
                .iterator()
                .next()
                .getValue();
    }

    @Override
    public void close() {
        database.close();
        directory.close();
    }

    private static final class Undo extends RuntimeException {

        private static final long serialVersionUID = 1;
    }
}
