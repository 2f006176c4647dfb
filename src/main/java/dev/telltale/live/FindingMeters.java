package dev.telltale.live;

import dev.telltale.http.EnumWords;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Counts what is found, and what people say of it.
final class FindingMeters {

    private final Map<Anomaly.Kind, Counter> anomalies;
    private final Map<Anomaly.Suppression, Counter> suppressed;
    private final Counter confirmed;
    private final Counter refuted;

    FindingMeters(MeterRegistry registry) {
        anomalies = Arrays.stream(Anomaly.Kind.values())
                .collect(Collectors.toMap(
                        Function.identity(),
                        kind -> Counter.builder("telltale.anomalies")
                                .description("Anomalies that began, by what did not fit")
                                .baseUnit("anomalies")
                                .tag("kind", EnumWords.of(kind))
                                .register(registry)));
        suppressed = Arrays.stream(Anomaly.Suppression.values())
                .collect(Collectors.toMap(
                        Function.identity(),
                        why -> Counter.builder("telltale.suppressed.anomalies")
                                .description("Anomalies that nobody was told of when they began, by the reason")
                                .baseUnit("anomalies")
                                .tag("reason", EnumWords.of(why))
                                .register(registry)));
        confirmed = verdicts(registry, true);
        refuted = verdicts(registry, false);
    }

    /// Tells how much waits to be merged.
    static void watchWaiting(MeterRegistry registry, FindingStore store) {
        Gauge.builder("telltale.waiting.findings", store, FindingStore::countWaiting)
                .description("Turns of detectors whose anomalies wait to be merged into incidents")
                .baseUnit("turns")
                .register(registry);
    }

    void began(Anomaly anomaly) {
        counter(anomalies, anomaly.kind()).increment();
        anomaly.suppressed().ifPresent(why -> counter(suppressed, why).increment());
    }

    void judged(boolean wasOne) {
        (wasOne ? confirmed : refuted).increment();
    }

    private static <K> Counter counter(Map<K, Counter> counters, K key) {
        Counter counter = counters.get(key);
        if (counter == null) {
            throw new IllegalStateException("no counter of " + key);
        }
        return counter;
    }

    private static Counter verdicts(MeterRegistry registry, boolean wasOne) {
        return Counter.builder("telltale.feedback")
                .description("Feedback on anomalies, by its verdict")
                .baseUnit("verdicts")
                .tag("verdict", Boolean.toString(wasOne))
                .register(registry);
    }
}
