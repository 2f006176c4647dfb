package dev.telltale.egress;

import dev.telltale.kafka.LazyProducer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;

/// Writes records to Kafka, many together. For one thread.
final class TopicWriter implements AutoCloseable {

    private final LazyProducer producer;
    private final Duration timeout;

    /// @param timeout after it what was not written has failed
    TopicWriter(LazyProducer producer, Duration timeout) {
        this.producer = producer;
        this.timeout = timeout;
    }

    /// Returns once all are written, or will never be.
    ///
    /// @return how many the topic does not take because of their size
    /// @throws KafkaException if not, or if that is not known: they may be written again
    int write(List<ProducerRecord<byte[], byte[]>> records) throws InterruptedException {
        int refused = 0;
        Producer<byte[], byte[]> open = producer.open().orElseThrow();
        try {
            List<Future<?>> written = new ArrayList<>(records.size());
            for (ProducerRecord<byte[], byte[]> one : records) {
                Future<?> sent = open.send(one);
                written.add(sent);
                if (sent.isDone() && sent.state() == Future.State.FAILED && !isTooLarge(sent.exceptionNow())) {
                    break; // the next would take as long to fail
                }
            }
            for (Future<?> one : written) {
                refused += isRefused(one, open) ? 1 : 0;
            }
        } catch (TimeoutException | IllegalStateException failure) {
            producer.discard(open); // it may be beyond help
            throw new KafkaException(failure);
        }
        return refused;
    }

    @Override
    public void close() {
        producer.close(Duration.ZERO);
    }

    private static boolean isTooLarge(@Nullable Throwable failure) {
        return failure instanceof RecordTooLargeException;
    }

    private boolean isRefused(Future<?> one, Producer<byte[], byte[]> open)
            throws InterruptedException, TimeoutException {
        try {
            one.get(2 * timeout.toMillis(), TimeUnit.MILLISECONDS);
            return false;
        } catch (ExecutionException failure) {
            Throwable cause = failure.getCause();
            if (isTooLarge(cause)) {
                return true;
            }
            if (!(cause instanceof RetriableException)) {
                producer.discard(open);
            }
            throw new KafkaException(cause);
        }
    }
}
