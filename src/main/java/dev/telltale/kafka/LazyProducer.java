package dev.telltale.kafka;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;

/// A producer that is made at its first use, and another at the next use after one that may be beyond help.
public final class LazyProducer {

    private final Supplier<Producer<byte[], byte[]>> producers;
    private Optional<Producer<byte[], byte[]>> current = Optional.empty(); // guarded by this, as what follows
    private boolean isClosed;

    LazyProducer(Supplier<Producer<byte[], byte[]>> producers) {
        this.producers = producers;
    }

    /// The producer, for as long as it works; none once this is closed.
    ///
    /// @throws org.apache.kafka.common.KafkaException if none can be made now
    public synchronized Optional<Producer<byte[], byte[]>> open() {
        if (!isClosed) {
            current = Optional.of(current.orElseGet(producers));
        }
        return current;
    }

    /// Closes a producer on which something failed. Others may have a new one by now, which stays.
    public synchronized void discard(Producer<byte[], byte[]> failed) {
        if (current.filter(failed::equals).isPresent()) {
            current = Optional.empty();
            failed.close(Duration.ZERO);
        }
    }

    /// Gives no producer any more.
    ///
    /// @param timeout for what is on its way
    public synchronized void close(Duration timeout) {
        isClosed = true;
        current.ifPresent(one -> one.close(timeout));
        current = Optional.empty();
    }
}
