package dev.telltale.ingest.kafka;

import dev.telltale.kafka.LazyProducer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/// Puts records that can never be stored into a topic of their own, with what is wrong with them in headers. For one
/// thread.
final class DeadLetters implements AutoCloseable {

    /// Larger values, which the topic may not take, stay where they are.
    private static final int LARGEST = 900_000;

    private static final int MOST_HEADERS = 20;
    private static final int LARGEST_HEADER = 1_000;

    private final LazyProducer producer;
    private final String topic;
    private final Duration timeout;

    /// @param timeout for each time
    DeadLetters(LazyProducer producer, String topic, Duration timeout) {
        this.producer = producer;
        this.topic = topic;
        this.timeout = timeout;
    }

    /// Returns once all are in the topic.
    ///
    /// @throws KafkaException if not, or if that is not known
    void send(List<Poison> poison) throws InterruptedException {
        Producer<byte[], byte[]> open = producer.open().orElseThrow();
        try {
            List<Future<?>> written = new ArrayList<>();
            for (Poison one : poison) {
                written.add(open.send(letter(one)));
            }
            for (Future<?> one : written) {
                one.get(2 * timeout.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (ExecutionException | TimeoutException | IllegalStateException failure) {
            producer.discard(open); // it may be beyond help
            throw new KafkaException("dead letters cannot be written to " + topic, failure);
        }
    }

    @Override
    public void close() {
        producer.close(Duration.ZERO);
    }

    private ProducerRecord<byte[], byte[]> letter(Poison poison) {
        ConsumerRecord<byte[], byte[]> source = poison.source();
        byte[] value = source.value();
        byte[] key = source.key();
        List<Header> headers = new ArrayList<>();
        headers.add(header("telltale-cause", poison.cause().word()));
        headers.add(header("telltale-detail", poison.detail()));
        headers.add(header("telltale-topic", source.topic()));
        headers.add(header("telltale-partition", Integer.toString(source.partition())));
        headers.add(header("telltale-offset", Long.toString(source.offset())));
        boolean isLeftOut = size(value) + size(key) > LARGEST;
        if (isLeftOut) {
            headers.add(header("telltale-bytes", Integer.toString(size(value))));
        }
        for (Header own : source.headers()) {
            if (headers.size() < MOST_HEADERS
                    && size(own.value()) <= LARGEST_HEADER
                    && own.key().length() <= LARGEST_HEADER
                    && !own.key().startsWith("telltale-")) {
                headers.add(own);
            }
        }
        return new ProducerRecord<>(topic, null, null, isLeftOut ? null : key, isLeftOut ? null : value, headers);
    }

    private static int size(byte @Nullable [] bytes) {
        return bytes == null ? 0 : bytes.length;
    }

    private static Header header(String name, String text) {
        return new RecordHeader(name, text.getBytes(StandardCharsets.UTF_8));
    }
}
