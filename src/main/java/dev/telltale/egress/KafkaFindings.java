package dev.telltale.egress;

import dev.telltale.database.Database;
import dev.telltale.database.Lease;
import dev.telltale.live.FindingFeed;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes incidents and anomalies to a topic, each time that one has changed, as they are then. One process at a time
/// does it, who holds a lease. How far it got stands in the database, so each change is written at least once.
final class KafkaFindings implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(KafkaFindings.class);

    private static final String INCIDENTS = "kafka_incidents"; // in the table of counters: the last change written
    private static final String ANOMALIES = "kafka_anomalies"; // the latest time of a change of those written
    /// Anomalies have only the time of their last change: by so much the clocks of two processes may differ.
    private static final Duration CLOCKS = Duration.ofMinutes(10);

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);
    private static final Duration PAUSE = Duration.ofSeconds(2);
    private static final Duration TIME_TO_END = Duration.ofSeconds(5);
    private static final int MOST_AT_ONCE = 200;
    private static final int MOST_REMEMBERED = 200_000;

    private final Database database;
    private final Lease lease;
    private final FindingFeed feed;
    private final TopicWriter writer;
    private final BooleanSupplier isReady;
    private final String topic;
    private final KafkaEgressMeters meters;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Thread thread;

    // Touched by the thread alone:
    private final Map<Long, Long> told = new LinkedHashMap<>(); // anomalies, and which change of theirs was written
    private final Map<String, Long> places = new HashMap<>(); // how far it got, as the database has it
    private boolean isWorking = true;

    /// @param lease of who alone does it
    /// @param isReady whether the topic is there
    /// @param topic nothing is written if it is empty
    KafkaFindings(
            Database database,
            Lease lease,
            FindingFeed feed,
            TopicWriter writer,
            BooleanSupplier isReady,
            String topic,
            KafkaEgressMeters meters) {
        this.database = database;
        this.lease = lease;
        this.feed = feed;
        this.writer = writer;
        this.isReady = isReady;
        this.topic = topic;
        this.meters = meters;
        // Of the operating system, as it asks the database again and again: see `Pulse`.
        thread = Thread.ofPlatform().daemon().name("kafka-findings").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    @Override
    public void close() {
        stopping.countDown();
        try {
            if (!thread.join(TIME_TO_END)) {
                LOG.debug("Findings are still being written");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try (writer) {
            Duration pause = BETWEEN_LOOKS;
            while (!stopping.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                pause = look() ? BETWEEN_LOOKS : PAUSE;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// What is thrown here would end the looks for ever.
    private boolean look() throws InterruptedException {
        if (topic.isEmpty() || !lease.isHeld() || !isReady.getAsBoolean()) {
            told.clear();
            places.clear(); // another process may get further
            return true;
        }
        try {
            writeIncidents();
            writeAnomalies();
            if (!isWorking) {
                LOG.info("Findings are written to the topic '{}' again", topic);
                isWorking = true;
            }
            return true;
        } catch (RuntimeException | Error failure) {
            if (isWorking) { // once, and not each time
                LOG.warn(
                        "Findings cannot be written to the topic '{}' now, and are tried again: {}",
                        topic,
                        String.valueOf(failure.getMessage()));
                LOG.debug("It failed by", failure);
                isWorking = false;
            }
            return false;
        }
    }

    private void writeIncidents() throws InterruptedException {
        boolean isAll = false;
        long place = place(INCIDENTS);
        while (!isAll && stopping.getCount() > 0) {
            FindingFeed.Incidents part = feed.incidentsAfter(place, MOST_AT_ONCE);
            write("incident", part.changed());
            if (part.place() > place) {
                place = part.place();
                keep(INCIDENTS, place);
            }
            isAll = part.isAll();
        }
    }

    private void writeAnomalies() throws InterruptedException {
        long latest = place(ANOMALIES);
        Map<Long, Long> changes = feed.anomaliesSince(latest - CLOCKS.toMillis());
        List<Long> fresh = new ArrayList<>();
        changes.forEach((id, time) -> {
            if (!time.equals(told.get(id))) {
                fresh.add(id);
            }
        });
        for (int from = 0; from < fresh.size() && stopping.getCount() > 0; from += MOST_AT_ONCE) {
            List<Long> ids = fresh.subList(from, Math.min(fresh.size(), from + MOST_AT_ONCE));
            write("anomaly", feed.anomalies(ids));
            ids.forEach(id -> remember(id, changes.getOrDefault(id, 0L)));
        }
        long last = changes.values().stream().mapToLong(time -> time).max().orElse(latest);
        if (last > latest && stopping.getCount() > 0) {
            keep(ANOMALIES, last);
        }
    }

    private void remember(long id, long time) {
        told.remove(id);
        told.put(id, time);
        if (told.size() > MOST_REMEMBERED) {
            told.remove(told.keySet().iterator().next());
        }
    }

    private void write(String type, List<FindingFeed.Finding> findings) throws InterruptedException {
        List<Header> headers = List.of(new RecordHeader("type", bytes(type)));
        List<ProducerRecord<byte[], byte[]>> records = findings.stream()
                .map(one -> new ProducerRecord<>(topic, null, null, bytes(type + "/" + one.id()), one.json(), headers))
                .toList();
        int refused = writer.write(records);
        if (refused > 0) {
            LOG.error("The topic '{}' does not take {} findings because of their size", topic, refused);
        }
        meters.found(records.size() - refused);
    }

    private long place(String name) {
        return places.computeIfAbsent(name, one -> database.read(connection -> place(connection, one)));
    }

    private void keep(String name, long value) {
        database.writeAlone(connection -> {
            lease.require(connection);
            try (PreparedStatement keep = connection.prepareStatement("INSERT INTO counter (name, value) VALUES (?, ?)"
                    + " ON CONFLICT (name) DO UPDATE SET value = excluded.value")) {
                keep.setString(1, name);
                keep.setLong(2, value);
                return keep.executeUpdate();
            }
        });
        places.put(name, value);
    }

    private static long place(Connection connection, String name) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT value FROM counter WHERE name = ?")) {
            select.setString(1, name);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? row.getLong(1) : 0;
            }
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
