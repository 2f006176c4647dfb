package dev.telltale.ingest.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads those partitions of a topic that are owned, each from the first record that is not stored, and notes in Kafka
/// how far that is. For one thread.
final class TopicReader implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TopicReader.class);

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration BETWEEN_LOOKS_AT_LAG = Duration.ofSeconds(10);
    /// What is stored and not noted is read again after a crash: it is there already.
    private static final Duration BETWEEN_NOTES = Duration.ofSeconds(1);
    /// Notes may fail where reading does not, and each keeps it waiting.
    private static final Duration AFTER_A_FAILED_NOTE = Duration.ofSeconds(30);

    /// What Kafka's consumer says of bytes that are no record; it tells their place in no other way.
    private static final Pattern UNREADABLE =
            Pattern.compile("Received exception when fetching the next record from (.*)-([0-9]+)\\..*", Pattern.DOTALL);

    private final Supplier<Consumer<byte[], byte[]>> consumers;
    private final String topic;
    private final DeadLetters deadLetters;
    private final KafkaMeters meters;
    private final Set<Integer> owned = new TreeSet<>();
    private final Map<Integer, Long> next = new TreeMap<>(); // of each partition that is read, the first not stored
    private Optional<Consumer<byte[], byte[]>> consumer = Optional.empty();
    private long lastLook = System.nanoTime() - BETWEEN_LOOKS_AT_LAG.toNanos();
    private boolean isNews; // whether more is stored than is noted
    private long nextNote = System.nanoTime();
    private boolean areNotesTaken = true;

    /// @param consumers makes a consumer
    /// @param deadLetters takes what the broker holds instead of a record
    TopicReader(
            Supplier<Consumer<byte[], byte[]>> consumers, String topic, DeadLetters deadLetters, KafkaMeters meters) {
        this.consumers = consumers;
        this.topic = topic;
        this.deadLetters = deadLetters;
        this.meters = meters;
    }

    /// How many partitions are owned.
    int partitions() {
        return owned.size();
    }

    /// Reads one more partition from now on.
    void add(int partition) {
        owned.add(partition);
    }

    /// Reads a partition no longer; its next owner goes on where it stands.
    void remove(int partition) {
        try {
            if (areNotesTaken) {
                note();
            }
        } finally {
            owned.remove(partition);
            next.remove(partition);
        }
        consumer.ifPresent(open -> open.assign(places(owned)));
    }

    /// The next records; none if there are none for a while.
    ///
    /// @param longest to wait for them
    /// @throws KafkaException if they cannot be read
    ConsumerRecords<byte[], byte[]> poll(Duration longest) throws InterruptedException {
        Consumer<byte[], byte[]> open = open();
        begin(open);
        try {
            return open.poll(longest);
        } catch (InvalidOffsetException gone) {
            goOnAtTheBegin(open, gone.partitions());
        } catch (KafkaException failure) {
            Matcher unreadable = UNREADABLE.matcher(String.valueOf(failure.getMessage()));
            if (!unreadable.matches() || !unreadable.group(1).equals(topic)) {
                throw failure;
            }
            passOver(open, Integer.parseInt(unreadable.group(2)));
        }
        return ConsumerRecords.empty();
    }

    /// These are stored, and all before them.
    void stored(List<ConsumerRecord<byte[], byte[]>> records) {
        for (ConsumerRecord<byte[], byte[]> one : records) {
            next.put(one.partition(), one.offset() + 1);
        }
        isNews = true;
    }

    /// Reads again what is not stored.
    void rewind() {
        next.forEach((partition, offset) -> open().seek(place(partition), offset));
    }

    /// Notes in Kafka what is stored, and looks how much waits, each now and then.
    void look() {
        if (System.nanoTime() - nextNote >= 0) {
            note();
        }
        if (System.nanoTime() - lastLook < BETWEEN_LOOKS_AT_LAG.toNanos()) {
            return;
        }
        lastLook = System.nanoTime();
        try {
            Map<TopicPartition, Long> ends = open().endOffsets(places(next.keySet()), PATIENCE);
            long lag = 0;
            for (Map.Entry<TopicPartition, Long> end : ends.entrySet()) {
                lag += Math.max(
                        0, end.getValue() - next.getOrDefault(end.getKey().partition(), 0L));
            }
            meters.lag(lag);
        } catch (KafkaException failure) {
            LOG.debug("Nobody says how much waits", failure);
        }
    }

    /// Notes in Kafka what is stored, of quiet partitions too, whose marks Kafka would forget in time. Where that
    /// fails more is read again after the next start.
    void note() {
        if (!isNews || consumer.isEmpty()) {
            return;
        }
        Map<TopicPartition, OffsetAndMetadata> marks = new HashMap<>();
        next.forEach((partition, offset) -> marks.put(place(partition), new OffsetAndMetadata(offset)));
        try {
            consumer.get().commitSync(marks, PATIENCE);
            isNews = false;
            areNotesTaken = true;
        } catch (KafkaException failure) {
            if (areNotesTaken) {
                LOG.warn("What is stored cannot be noted in Kafka now: {}", failure.getMessage());
            }
            areNotesTaken = false;
        }
        nextNote = System.nanoTime() + (areNotesTaken ? BETWEEN_NOTES : AFTER_A_FAILED_NOTE).toNanos();
    }

    /// The next poll begins with a new consumer, at what is noted.
    @Override
    public void close() {
        next.clear();
        isNews = false;
        try {
            consumer.ifPresent(open -> open.close(CloseOptions.timeout(PATIENCE)));
        } catch (RuntimeException failure) {
            LOG.debug("A consumer could not be closed", failure);
        }
        consumer = Optional.empty();
    }

    private Consumer<byte[], byte[]> open() {
        Consumer<byte[], byte[]> open = consumer.orElseGet(consumers);
        consumer = Optional.of(open);
        return open;
    }

    /// Begins with partitions that came, each at the first record that is not stored.
    private void begin(Consumer<byte[], byte[]> open) {
        if (next.keySet().equals(owned)) {
            return;
        }
        open.assign(places(owned));
        Set<TopicPartition> fresh = new HashSet<>(places(owned));
        fresh.removeIf(place -> next.containsKey(place.partition()));
        Map<TopicPartition, OffsetAndMetadata> noted = open.committed(fresh, PATIENCE);
        Map<TopicPartition, Long> begins = open.beginningOffsets(fresh, PATIENCE);
        for (TopicPartition place : fresh) {
            OffsetAndMetadata mark = noted.get(place);
            long begin = begins.getOrDefault(place, 0L);
            long from = mark == null ? begin : mark.offset();
            open.seek(place, from);
            next.put(place.partition(), from);
        }
    }

    /// The topic keeps records for a time only, and may have been made anew.
    private void goOnAtTheBegin(Consumer<byte[], byte[]> open, Set<TopicPartition> places) {
        Map<TopicPartition, Long> begins = open.beginningOffsets(places, PATIENCE);
        for (TopicPartition place : places) {
            long begin = begins.getOrDefault(place, 0L);
            long from = next.getOrDefault(place.partition(), begin);
            long lost = Math.max(0, begin - from);
            meters.gone(lost);
            LOG.error(
                    "{} records of partition {} of the topic '{}' were removed before they were stored; it goes on at {}"
                            + " in place of {}",
                    lost,
                    place.partition(),
                    topic,
                    begin,
                    from);
            open.seek(place, begin);
            next.put(place.partition(), begin);
        }
        isNews = true;
    }

    private void passOver(Consumer<byte[], byte[]> open, int partition) throws InterruptedException {
        long offset = open.position(place(partition), PATIENCE);
        ConsumerRecord<byte[], byte[]> source = new ConsumerRecord<>(topic, partition, offset, null, null);
        deadLetters.send(List.of(new Poison(source, Cause.UNREADABLE, "the broker holds bytes that are no record")));
        meters.dead(Cause.UNREADABLE);
        open.seek(place(partition), offset + 1);
        next.put(partition, offset + 1);
        isNews = true;
    }

    private List<TopicPartition> places(Set<Integer> partitions) {
        return partitions.stream().map(this::place).toList();
    }

    private TopicPartition place(int partition) {
        return new TopicPartition(topic, partition);
    }
}
