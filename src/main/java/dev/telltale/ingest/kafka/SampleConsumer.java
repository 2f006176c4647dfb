package dev.telltale.ingest.kafka;

import dev.telltale.kafka.Topics;
import dev.telltale.problem.Problem;
import dev.telltale.problem.ProblemKind;
import dev.telltale.series.Intake;
import dev.telltale.series.PartitionListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
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

/// Stores what lies in those partitions of the topic of samples that this process owns, on one thread. What is stored
/// is noted in Kafka after that, so records may come again, which changes nothing.
///
/// Who owns a partition is not asked of Kafka: it is told here as all owners are told.
final class SampleConsumer implements PartitionListener, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SampleConsumer.class);

    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    /// For what is under way when a partition is given up, or the service stops.
    private static final Duration END = Duration.ofSeconds(10);

    private static final Duration BETWEEN_LOOKS_AT_LAG = Duration.ofSeconds(5);
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    /// How often the same records are tried that fail for a reason that nobody knows.
    private static final int MOST_ATTEMPTS = 5;

    /// What Kafka's consumer says of bytes that are no record; it tells their place in no other way.
    private static final Pattern UNREADABLE =
            Pattern.compile("Received exception when fetching the next record from (.*)-([0-9]+)\\..*", Pattern.DOTALL);

    private final Supplier<Consumer<byte[], byte[]>> consumers;
    private final Topics topics;
    private final String topic;
    private final SampleDecoder decoder;
    private final DeadLetters deadLetters;
    private final Intake intake;
    private final long batchBytes;
    private final KafkaMeters meters;
    private final BlockingQueue<Change> changes = new LinkedBlockingQueue<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;

    // Touched by the thread alone:
    private Optional<Consumer<byte[], byte[]>> consumer = Optional.empty();
    private final Map<Integer, Long> next = new TreeMap<>(); // of each partition that is read, the first not stored
    private final Set<Integer> owned = new TreeSet<>();
    private long lastLook = System.nanoTime() - BETWEEN_LOOKS_AT_LAG.toNanos();
    private boolean isWorking = true;
    private boolean isNoted = true;

    /// A partition comes or goes.
    private record Change(int partition, boolean isGain, CountDownLatch done) {}

    /// @param consumers makes a consumer
    /// @param batchBytes of records that are stored together, about
    SampleConsumer(
            Supplier<Consumer<byte[], byte[]>> consumers,
            Topics topics,
            String topic,
            SampleDecoder decoder,
            DeadLetters deadLetters,
            Intake intake,
            long batchBytes,
            KafkaMeters meters) {
        this.consumers = consumers;
        this.topics = topics;
        this.topic = topic;
        this.decoder = decoder;
        this.deadLetters = deadLetters;
        this.intake = intake;
        this.batchBytes = batchBytes;
        this.meters = meters;
        thread = Thread.ofPlatform().name("sample-consumer").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    @Override
    public void gained(int partition) {
        changes.add(new Change(partition, true, new CountDownLatch(0)));
    }

    @Override
    public void losing(int partition) {
        Change change = new Change(partition, false, new CountDownLatch(1));
        changes.add(change);
        try {
            long latest = System.nanoTime() + END.toNanos();
            while (thread.isAlive() && !isClosed() && System.nanoTime() < latest) {
                if (change.done().await(POLL.toMillis(), TimeUnit.MILLISECONDS)) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Ends after what is being stored.
    @Override
    public void close() {
        closed.countDown();
        try {
            if (!thread.join(END)) {
                LOG.warn("Records are still being stored");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            while (!isClosed()) {
                turn();
            }
            consumer.ifPresent(open -> note(open, next.keySet()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            forget();
            deadLetters.close();
        }
    }

    /// What is thrown here would end the thread, and nothing would be stored any more.
    private void turn() throws InterruptedException {
        try {
            follow();
            if (owned.isEmpty()) {
                meters.polled();
                meters.lag(0);
            }
            if (owned.isEmpty() || !topics.areReady()) {
                sleep(POLL);
                return;
            }
            Consumer<byte[], byte[]> open = open();
            ConsumerRecords<byte[], byte[]> records = poll(open);
            meters.polled();
            if (!records.isEmpty()) {
                take(records, open);
            }
            look(open);
            if (!isWorking) {
                LOG.info("Records of the topic '{}' are read again", topic);
                isWorking = true;
            }
        } catch (RuntimeException | Error failure) {
            if (isWorking) {
                LOG.warn("Records of the topic '{}' cannot be read, and are tried again", topic, failure);
                isWorking = false;
            }
            forget();
            sleep(LONGEST_PAUSE);
        }
    }

    /// Takes over partitions that came, and gives up those that go.
    private void follow() {
        for (Change change = changes.poll(); change != null; change = changes.poll()) {
            int partition = change.partition();
            if (change.isGain()) {
                owned.add(partition);
            } else {
                consumer.filter(open -> next.containsKey(partition)).ifPresent(open -> note(open, Set.of(partition)));
                owned.remove(partition);
                next.remove(partition);
                consumer.ifPresent(
                        open -> open.assign(owned.stream().map(this::place).toList()));
                change.done().countDown();
            }
        }
        meters.partitions(owned.size());
    }

    /// A consumer of all partitions that are owned, each at the first record that is not stored.
    private Consumer<byte[], byte[]> open() {
        Consumer<byte[], byte[]> open = consumer.orElseGet(consumers);
        consumer = Optional.of(open);
        if (!next.keySet().equals(owned)) {
            open.assign(owned.stream().map(this::place).toList());
            Set<TopicPartition> fresh = new HashSet<>();
            owned.stream()
                    .filter(one -> !next.containsKey(one))
                    .map(this::place)
                    .forEach(fresh::add);
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
        return open;
    }

    private ConsumerRecords<byte[], byte[]> poll(Consumer<byte[], byte[]> open) throws InterruptedException {
        try {
            return open.poll(POLL);
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
    }

    private void passOver(Consumer<byte[], byte[]> open, int partition) throws InterruptedException {
        long offset = open.position(place(partition), PATIENCE);
        ConsumerRecord<byte[], byte[]> source = new ConsumerRecord<>(topic, partition, offset, null, null);
        deadLetters.send(List.of(new Poison(source, Cause.UNREADABLE, "the broker holds bytes that are no record")));
        meters.dead(Cause.UNREADABLE);
        open.seek(place(partition), offset + 1);
        next.put(partition, offset + 1);
    }

    /// Stores what came, as much at once as memory allows. What cannot be stored before a partition goes is read again.
    private void take(ConsumerRecords<byte[], byte[]> records, Consumer<byte[], byte[]> open)
            throws InterruptedException {
        List<ConsumerRecord<byte[], byte[]>> batch = new ArrayList<>();
        long bytes = 0;
        boolean goesOn = true;
        for (ConsumerRecord<byte[], byte[]> one : records) {
            int size = Math.max(0, one.serializedValueSize());
            if (!batch.isEmpty() && bytes + size > batchBytes) {
                goesOn = goesOn && store(batch, open);
                batch = new ArrayList<>();
                bytes = 0;
            }
            batch.add(one);
            bytes += size;
        }
        if (!(goesOn && store(batch, open))) {
            next.forEach((partition, offset) -> open.seek(place(partition), offset));
        }
    }

    /// @return false if there is something else to do first
    private boolean store(List<ConsumerRecord<byte[], byte[]>> records, Consumer<byte[], byte[]> open)
            throws InterruptedException {
        if (!isStored(decoder.decode(records), records, open)) {
            return false;
        }
        for (ConsumerRecord<byte[], byte[]> one : records) {
            next.put(one.partition(), one.offset() + 1);
        }
        note(open, next.keySet());
        return true;
    }

    /// Tries until the batch is stored. While the store does not work the records wait; those on which it fails where
    /// it works are told from the others in the end, and become dead letters.
    ///
    /// @return false if there is something else to do first
    private boolean isStored(
            RecordBatch batch, List<ConsumerRecord<byte[], byte[]>> records, Consumer<byte[], byte[]> open)
            throws InterruptedException {
        Duration pause = SHORTEST_PAUSE;
        int failures = 0;
        boolean isTold = false;
        while (true) {
            String why;
            try {
                bury(batch.poison());
                batch.poison().clear();
                batch.store(intake, meters);
                return true;
            } catch (Problem problem) {
                why = problem.detail();
                failures += isOfTheStore(problem) ? 0 : 1;
            } catch (KafkaException failure) {
                why = String.valueOf(failure.getMessage());
            } catch (RuntimeException | OutOfMemoryError | StackOverflowError failure) {
                LOG.error("{} records cannot be stored", records.size(), failure);
                why = String.valueOf(failure);
                failures++;
            }
            if (failures == MOST_ATTEMPTS && records.size() == 1) {
                bury(List.of(new Poison(records.getFirst(), Cause.NOT_STORABLE, why)));
                return true;
            }
            if (failures == MOST_ATTEMPTS) {
                return areStoredOneByOne(records, open);
            }
            if (!isTold) {
                LOG.warn("Records of the topic '{}' wait, since they cannot be stored now: {}", topic, why);
                isTold = true;
            }
            sleep(pause);
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
            if (isClosed() || !changes.isEmpty()) {
                return false;
            }
            look(open);
        }
    }

    private boolean areStoredOneByOne(List<ConsumerRecord<byte[], byte[]>> records, Consumer<byte[], byte[]> open)
            throws InterruptedException {
        for (ConsumerRecord<byte[], byte[]> one : records) {
            if (!store(List.of(one), open)) {
                return false;
            }
        }
        return true;
    }

    private void bury(List<Poison> poison) throws InterruptedException {
        if (poison.isEmpty()) {
            return;
        }
        deadLetters.send(poison);
        for (Poison one : poison) {
            meters.dead(one.cause());
            LOG.warn(
                    "The record {} of partition {} of the topic '{}' is a dead letter: {}",
                    one.source().offset(),
                    one.source().partition(),
                    topic,
                    one.detail());
        }
    }

    private static boolean isOfTheStore(Problem problem) {
        ProblemKind kind = problem.type().kind();
        return kind == ProblemKind.UNAVAILABLE || kind == ProblemKind.OVERLOADED || kind == ProblemKind.STORAGE_FULL;
    }

    /// Notes in Kafka what is stored. Where that fails more is read again after the next start, which changes nothing.
    private void note(Consumer<byte[], byte[]> open, Set<Integer> partitions) {
        Map<TopicPartition, OffsetAndMetadata> marks = new HashMap<>();
        partitions.forEach(one -> marks.put(place(one), new OffsetAndMetadata(next.getOrDefault(one, 0L))));
        try {
            open.commitSync(marks, PATIENCE);
            isNoted = true;
        } catch (KafkaException failure) {
            if (isNoted) {
                LOG.warn("What is stored cannot be noted in Kafka now: {}", failure.getMessage());
            }
            isNoted = false;
        }
    }

    /// Looks now and then how much waits.
    private void look(Consumer<byte[], byte[]> open) {
        if (System.nanoTime() - lastLook < BETWEEN_LOOKS_AT_LAG.toNanos()) {
            return;
        }
        lastLook = System.nanoTime();
        try {
            Map<TopicPartition, Long> ends =
                    open.endOffsets(next.keySet().stream().map(this::place).toList(), PATIENCE);
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

    /// The next turn begins with a new consumer, at what is noted.
    private void forget() {
        next.clear();
        try {
            consumer.ifPresent(open -> open.close(CloseOptions.timeout(PATIENCE)));
        } catch (RuntimeException failure) {
            LOG.debug("A consumer could not be closed", failure);
        }
        consumer = Optional.empty();
    }

    private TopicPartition place(int partition) {
        return new TopicPartition(topic, partition);
    }

    private boolean isClosed() {
        return closed.getCount() == 0;
    }

    private void sleep(Duration pause) throws InterruptedException {
        long end = System.nanoTime() + pause.toNanos();
        while (!isClosed() && changes.isEmpty() && System.nanoTime() < end) {
            if (closed.await(Math.min(POLL.toMillis(), pause.toMillis()), TimeUnit.MILLISECONDS)) {
                return;
            }
        }
    }
}
