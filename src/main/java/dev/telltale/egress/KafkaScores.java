package dev.telltale.egress;

import dev.telltale.http.Json;
import dev.telltale.live.LiveScore;
import dev.telltale.live.ScoreListener;
import dev.telltale.series.FrameGroup;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes scores to a topic, those of one series in the order in which they came, on a thread of its own. Scoring waits
/// for nothing of it: while Kafka does not take them scores gather, up to a limit, and may be written twice.
final class KafkaScores implements ScoreListener, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(KafkaScores.class);
    private static final int MOST_AT_ONCE = 2_000;
    private static final int MOST_BYTES = 4 << 20;
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration TIME_TO_FLUSH = Duration.ofSeconds(5);
    private static final Duration TIME_TO_END = Duration.ofSeconds(1);

    private final TopicWriter writer;
    private final BooleanSupplier isReady;
    private final String topic;
    private final FrameGroup group;
    private final Json json;
    private final KafkaEgressMeters meters;
    private final WaitingScores waiting;
    private final AtomicInteger unwritten = new AtomicInteger(); // scores that wait or are on their way
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Thread thread;
    private boolean isAnswering = true; // touched by the thread alone

    /// @param isReady whether the topic is there
    /// @param topic nothing is heard of if it is empty
    /// @param group gives the key of a record: the scores of a group lie in one partition, as its samples do
    /// @param queue samples of scores that wait at most
    KafkaScores(
            TopicWriter writer,
            BooleanSupplier isReady,
            String topic,
            FrameGroup group,
            int queue,
            Json json,
            KafkaEgressMeters meters) {
        this.writer = writer;
        this.isReady = isReady;
        this.topic = topic;
        this.group = group;
        this.json = json;
        this.meters = meters;
        waiting = new WaitingScores(queue);
        thread = Thread.ofVirtual().name("kafka-scores").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    @Override
    public void scored(List<LiveScore> scores) {
        if (topic.isEmpty()) {
            return;
        }
        count(scores.size());
        int gone = waiting.add(scores).size();
        if (gone > 0) {
            count(-gone);
            meters.overflowed(gone);
        }
    }

    /// Writes what waits if that takes but a moment, and says what is left.
    @Override
    public void close() {
        stopping.countDown();
        waiting.close();
        try {
            if (!thread.join(TIME_TO_FLUSH)) {
                thread.interrupt();
                thread.join(TIME_TO_END);
            }
        } catch (InterruptedException e) {
            thread.interrupt();
            Thread.currentThread().interrupt();
        }
        if (unwritten.get() > 0) {
            LOG.warn(
                    "{} scores are not written to the topic '{}', and will not be: the service stops. The scores are"
                            + " stored here",
                    unwritten.get(),
                    topic);
        }
    }

    private void run() {
        try (writer) {
            List<LiveScore> next = waiting.take(MOST_AT_ONCE, MOST_BYTES);
            while (!next.isEmpty()) {
                write(next);
                next = waiting.take(MOST_AT_ONCE, MOST_BYTES);
            }
        } catch (InterruptedException stopped) {
            LOG.debug("Stopped while scores were on their way to the topic '{}'", topic, stopped);
        }
    }

    private void write(List<LiveScore> scores) throws InterruptedException {
        while (true) {
            try {
                if (isReady.getAsBoolean()) {
                    int refused = writer.write(scores.stream().map(this::of).toList());
                    meters.written(scores.size() - refused);
                    meters.refused(refused);
                    count(-scores.size()); // last: whoever sees that none wait sees what has become of them
                    noteAnswer();
                    return;
                }
            } catch (KafkaException failure) {
                noteFailure(failure);
            } catch (RuntimeException | Error failure) {
                // Thrown on, it would end the thread, and no score would be written any more.
                LOG.error("{} scores cannot be written to the topic '{}'", scores.size(), topic, failure);
                meters.refused(scores.size());
                count(-scores.size());
                return;
            }
            if (stopping.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new InterruptedException("the service stops");
            }
        }
    }

    private ProducerRecord<byte[], byte[]> of(LiveScore score) {
        byte[] key = group.of(score.series()).getBytes(StandardCharsets.UTF_8);
        return new ProducerRecord<>(topic, key, json.write(ScoreRecord.of(score)));
    }

    private void noteFailure(KafkaException failure) {
        if (isAnswering) {
            LOG.warn("Scores cannot be written to the topic '{}' now, and wait: {}", topic, failure.getMessage());
            isAnswering = false;
        }
    }

    private void noteAnswer() {
        if (!isAnswering) {
            LOG.info("The topic '{}' takes scores again; {} wait", topic, unwritten.get());
            isAnswering = true;
        }
    }

    private void count(int scores) {
        unwritten.addAndGet(scores);
        meters.waiting(scores);
    }
}
