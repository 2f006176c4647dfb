package dev.telltale.ingest.kafka;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// What is counted of the topic of samples.
final class KafkaMeters {

    private final Map<Format, Counter> records = new EnumMap<>(Format.class);
    private final Map<Cause, Counter> deadLetters = new EnumMap<>(Cause.class);
    private final Map<Boolean, Counter> requests = new HashMap<>();
    private final Counter samples;
    private final Counter relayed;
    private final Counter gone;
    private final AtomicLong lag = new AtomicLong();
    private final AtomicLong partitions = new AtomicLong();
    private volatile long lastPoll = System.nanoTime();

    KafkaMeters(MeterRegistry registry) {
        for (Format format : Format.values()) {
            records.put(
                    format,
                    Counter.builder("telltale.kafka.records")
                            .description("Records of the topic of samples that are stored, by their format")
                            .baseUnit("records")
                            .tag("format", format.word())
                            .register(registry));
        }
        for (Cause cause : Cause.values()) {
            deadLetters.put(
                    cause,
                    Counter.builder("telltale.kafka.dead.letters")
                            .description(
                                    "Records that cannot be stored and went to the topic of dead letters, by cause")
                            .baseUnit("records")
                            .tag("cause", cause.word())
                            .register(registry));
        }
        for (boolean isWritten : new boolean[] {true, false}) {
            requests.put(
                    isWritten,
                    Counter.builder("telltale.kafka.relay.requests")
                            .description("Pushed requests for the topic of samples; what was refused is sent again")
                            .baseUnit("requests")
                            .tag("outcome", isWritten ? "written" : "refused")
                            .register(registry));
        }
        samples = counter(registry, "telltale.kafka.samples", "Samples in records that are stored", "samples");
        relayed = counter(
                registry,
                "telltale.kafka.relayed.samples",
                "Pushed samples that are in the topic of samples",
                "samples");
        gone = counter(
                registry,
                "telltale.kafka.gone.records",
                "Records that the topic no longer held when they were to be stored",
                "records");
        Gauge.builder("telltale.kafka.lag", lag, AtomicLong::get)
                .description("Records of the partitions that this process owns which are not stored yet")
                .baseUnit("records")
                .register(registry);
        Gauge.builder("telltale.kafka.partitions", partitions, AtomicLong::get)
                .description("Partitions of the topic of samples that this process reads")
                .baseUnit("partitions")
                .register(registry);
        Gauge.builder("telltale.kafka.poll.age", this, meters -> (System.nanoTime() - meters.lastPoll) / 1e9)
                .description("Time since this process last heard of records, or that there are none")
                .baseUnit("seconds")
                .register(registry);
    }

    private static Counter counter(MeterRegistry registry, String name, String description, String unit) {
        return Counter.builder(name).description(description).baseUnit(unit).register(registry);
    }

    void stored(Format format, int count) {
        count(records.get(format), count);
    }

    void stored(long count) {
        samples.increment((double) count);
    }

    void dead(Cause cause) {
        count(deadLetters.get(cause), 1);
    }

    void relayed(int count) {
        count(requests.get(true), 1);
        relayed.increment(count);
    }

    void notRelayed() {
        count(requests.get(false), 1);
    }

    void gone(long count) {
        gone.increment((double) count);
    }

    void polled() {
        lastPoll = System.nanoTime();
    }

    void lag(long count) {
        lag.set(count);
    }

    void partitions(int count) {
        partitions.set(count);
    }

    private static void count(@Nullable Counter counter, double more) {
        if (counter != null) {
            counter.increment(more);
        }
    }
}
