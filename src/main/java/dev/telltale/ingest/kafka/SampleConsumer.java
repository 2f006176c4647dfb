package dev.telltale.ingest.kafka;

import dev.telltale.kafka.Topics;
import dev.telltale.problem.Problem;
import dev.telltale.problem.ProblemKind;
import dev.telltale.series.Intake;
import dev.telltale.series.PartitionListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Stores what lies in those partitions of the topic of samples that this process owns, on one thread. What is stored
/// is noted in Kafka after that, so records may come again, which changes nothing.
///
/// Who owns a partition is not asked of Kafka: it is told here as all owners are told.
final class SampleConsumer implements PartitionListener, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SampleConsumer.class);

    /// For records, where nothing else is to be done.
    private static final Duration POLL = Duration.ofMillis(500);
    /// While partitions come and go: each of them waits for this thread.
    private static final Duration SHORT_POLL = Duration.ofMillis(50);
    /// So long after one came or went more may do so.
    private static final Duration UNREST = Duration.ofSeconds(1);
    /// For what is under way when a partition is given up, or the service stops.
    private static final Duration END = Duration.ofSeconds(10);

    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    /// How often the same records are tried that fail for a reason that nobody knows.
    private static final int MOST_ATTEMPTS = 5;

    private final Topics topics;
    private final String topic;
    private final TopicReader reader;
    private final SampleDecoder decoder;
    private final DeadLetters deadLetters;
    private final Intake intake;
    private final long batchBytes;
    private final KafkaMeters meters;
    private final BlockingQueue<Change> changes = new LinkedBlockingQueue<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;
    // Touched by the thread alone:
    private boolean isWorking = true;
    private long changed = System.nanoTime(); // when a partition came or went last

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
        this.topics = topics;
        this.topic = topic;
        reader = new TopicReader(consumers, topic, deadLetters, meters);
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
            reader.note();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            reader.close();
            deadLetters.close();
        }
    }

    /// What is thrown here would end the thread, and nothing would be stored any more.
    private void turn() throws InterruptedException {
        try {
            follow();
            boolean isIdle = reader.partitions() == 0;
            if (isIdle) {
                meters.polled();
                meters.lag(0);
            }
            if (isIdle || !topics.areReady()) {
                sleep(pause());
                return;
            }
            ConsumerRecords<byte[], byte[]> records = reader.poll(pause());
            meters.polled();
            if (!records.isEmpty()) {
                take(records);
            }
            reader.look();
            if (!isWorking) {
                LOG.info("Records of the topic '{}' are read again", topic);
                isWorking = true;
            }
        } catch (RuntimeException | Error failure) {
            if (isWorking) {
                LOG.warn("Records of the topic '{}' cannot be read, and are tried again", topic, failure);
                isWorking = false;
            }
            reader.close();
            sleep(LONGEST_PAUSE);
        }
    }

    private Duration pause() {
        return System.nanoTime() - changed < UNREST.toNanos() ? SHORT_POLL : POLL;
    }

    /// Takes over partitions that came, and gives up those that go.
    private void follow() {
        for (Change change = changes.poll(); change != null; change = changes.poll()) {
            if (change.isGain()) {
                reader.add(change.partition());
            } else {
                reader.remove(change.partition());
                change.done().countDown();
            }
            changed = System.nanoTime();
        }
        meters.partitions(reader.partitions());
    }

    /// Stores what came, as much at once as memory allows. What cannot be stored before a partition goes is read again.
    private void take(ConsumerRecords<byte[], byte[]> records) throws InterruptedException {
        List<ConsumerRecord<byte[], byte[]>> batch = new ArrayList<>();
        long bytes = 0;
        boolean goesOn = true;
        for (ConsumerRecord<byte[], byte[]> one : records) {
            int size = Math.max(0, one.serializedValueSize());
            if (!batch.isEmpty() && bytes + size > batchBytes) {
                goesOn = goesOn && store(batch);
                batch = new ArrayList<>();
                bytes = 0;
            }
            batch.add(one);
            bytes += size;
        }
        if (!(goesOn && store(batch))) {
            reader.rewind();
        }
    }

    /// @return false if there is something else to do first
    private boolean store(List<ConsumerRecord<byte[], byte[]>> records) throws InterruptedException {
        if (!isStored(decoder.decode(records), records)) {
            return false;
        }
        reader.stored(records);
        return true;
    }

    /// Tries until the batch is stored. While the store does not work the records wait; those on which it fails where
    /// it works are told from the others in the end, and become dead letters.
    ///
    /// @return false if there is something else to do first
    private boolean isStored(RecordBatch batch, List<ConsumerRecord<byte[], byte[]>> records)
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
                return areStoredOneByOne(records);
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
            reader.look();
        }
    }

    private boolean areStoredOneByOne(List<ConsumerRecord<byte[], byte[]>> records) throws InterruptedException {
        for (ConsumerRecord<byte[], byte[]> one : records) {
            if (!store(List.of(one))) {
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
