package dev.telltale.ingest.kafka;

import dev.telltale.kafka.LazyProducer;
import dev.telltale.kafka.Topics;
import dev.telltale.problem.Problem;
import dev.telltale.series.SampleBatch;
import dev.telltale.series.SampleRelay;
import dev.telltale.series.SeriesStore;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.BufferExhaustedException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Puts what was pushed into the topic of samples, into the partition of each series. It is on all brokers that are
/// in step when `send` returns.
///
/// Once a record was not written in time, one caller at a time tries and all others are refused at once, until one
/// of them has got through.
final class KafkaRelay implements SampleRelay, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(KafkaRelay.class);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);
    private static final Duration MARGIN = Duration.ofSeconds(3);
    private static final List<Header> HEADERS = List.of(
            new RecordHeader(SampleDecoder.CONTENT_TYPE, RelayedBytes.CONTENT_TYPE.getBytes(StandardCharsets.UTF_8)));

    private final LazyProducer producer;
    private final Topics topics;
    private final String topic;
    private final long installation;
    private final SeriesStore store;
    private final Duration timeout;
    private final KafkaMeters meters;
    private final Semaphore attempt = new Semaphore(1);
    private volatile boolean isFailing;

    /// @param topic of samples
    /// @param timeout after it what was not written has failed
    KafkaRelay(
            LazyProducer producer,
            Topics topics,
            String topic,
            long installation,
            SeriesStore store,
            Duration timeout,
            KafkaMeters meters) {
        this.producer = producer;
        this.topics = topics;
        this.topic = topic;
        this.installation = installation;
        this.store = store;
        this.timeout = timeout;
        this.meters = meters;
    }

    @Override
    public void send(SampleBatch batch) {
        int count = batch.count();
        long[] ids = new long[count];
        for (int row = 0; row < count; row++) {
            ids[row] = batch.seriesId(row);
        }
        send(ids, rows -> RelayedBytes.ofSamples(installation, batch, rows), count);
    }

    @Override
    public void end(long[] seriesIds, long[] times) {
        send(seriesIds, rows -> RelayedBytes.ofEnds(installation, seriesIds, times, rows), 0);
    }

    @Override
    public void close() {
        producer.close(timeout);
    }

    /// How rows of a request, by their numbers, become the value of a record.
    private interface Form {
        byte[] of(int[] rows);
    }

    private void send(long[] ids, Form form, int samples) {
        topics.fault().ifPresent(fault -> {
            throw refusal("Kafka cannot be used yet: " + fault);
        });
        boolean isAttempt = isFailing;
        if (isAttempt && !attempt.tryAcquire()) {
            meters.notRelayed();
            throw refusal("Kafka does not answer now; another request tries it");
        }
        try {
            write(records(ids, form));
            meters.relayed(samples);
            noteSuccess();
        } finally {
            if (isAttempt) {
                attempt.release();
            }
        }
    }

    private List<ProducerRecord<byte[], byte[]>> records(long[] ids, Form form) {
        long[] places = new long[ids.length]; // partition and row, so that sorting puts those of one together
        int partition = 0;
        for (int row = 0; row < ids.length; row++) {
            if (row == 0 || ids[row] != ids[row - 1]) {
                partition = store.partition(ids[row]);
            }
            places[row] = (long) partition << Integer.SIZE | row;
        }
        Arrays.sort(places);
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        int from = 0;
        while (from < places.length) {
            int place = (int) (places[from] >>> Integer.SIZE);
            int to = from;
            while (to < places.length && places[to] >>> Integer.SIZE == place && to - from < RelayedBytes.MOST_ROWS) {
                to++;
            }
            int[] rows = new int[to - from];
            for (int i = from; i < to; i++) {
                rows[i - from] = (int) places[i];
            }
            records.add(new ProducerRecord<>(topic, place, null, null, form.of(rows), HEADERS));
            from = to;
        }
        return records;
    }

    private void write(List<ProducerRecord<byte[], byte[]>> records) {
        long latest = System.nanoTime() + timeout.plus(MARGIN).toNanos();
        Producer<byte[], byte[]> open = open();
        try {
            List<Future<?>> written = new ArrayList<>(records.size());
            for (ProducerRecord<byte[], byte[]> one : records) {
                Future<?> sent = open.send(one);
                written.add(sent);
                if (sent.isDone() && sent.state() == Future.State.FAILED) {
                    break; // the next would take as long to fail
                }
            }
            for (Future<?> one : written) {
                one.get(latest - System.nanoTime(), TimeUnit.NANOSECONDS);
            }
        } catch (ExecutionException failure) {
            throw failed(open, failure.getCause() == null ? failure : failure.getCause());
        } catch (TimeoutException | KafkaException | IllegalStateException failure) {
            throw failed(open, failure);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptException(e);
        }
    }

    private Producer<byte[], byte[]> open() {
        try {
            return producer.open().orElseThrow(() -> refusal("the service stops; another process takes it"));
        } catch (KafkaException unresolved) { // the names of the brokers, now
            throw failed(unresolved);
        }
    }

    private Problem failed(Producer<byte[], byte[]> used, Throwable failure) {
        if (!(failure instanceof RetriableException
                || failure instanceof TimeoutException
                || failure instanceof RecordTooLargeException)) {
            producer.discard(used); // it may be beyond help
        }
        return failed(failure);
    }

    private Problem failed(Throwable failure) {
        meters.notRelayed();
        if (failure instanceof BufferExhaustedException) {
            return refusal("as much waits for Kafka as the buffer holds; send it again");
        }
        if (failure instanceof RecordTooLargeException) {
            LOG.error("The topic '{}' does not take the records of this service: {}", topic, failure.getMessage());
            return refusal("the topic does not take records of this size: let its max.message.bytes be 1 MB or more");
        }
        if (!isFailing) {
            isFailing = true;
            LOG.warn("What is pushed is refused, since Kafka does not take it: {}", String.valueOf(failure));
        }
        return refusal("Kafka does not answer now; it may have got some of it, and sending it again does no harm");
    }

    private void noteSuccess() {
        if (isFailing) {
            isFailing = false;
            LOG.info("Kafka takes what is pushed again");
        }
    }

    private static Problem refusal(String why) {
        return KafkaProblem.SAMPLES_NOT_RELAYED.because("%s", why).retryAfter(RETRY_AFTER);
    }
}
