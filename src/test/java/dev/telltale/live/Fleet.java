package dev.telltale.live;

import static dev.telltale.live.LiveClient.key;
import static dev.telltale.live.LiveService.INTERVAL;

import dev.telltale.database.Database;
import dev.telltale.database.Replicas;
import dev.telltale.series.HandedPartitions;
import dev.telltale.series.Partitions;
import dev.telltale.series.SeriesKey;
import dev.telltale.series.SeriesStore;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;

/// Machines of which a metric is watched, each in the partition of its name, for tests of several services on one
/// database.
final class Fleet {

    static final int TRAINED = 600;
    static final int WAVE = 60; // rows

    /// Of the first row, some days ago.
    final long start = Instant.now().toEpochMilli() / INTERVAL * INTERVAL - 3_000 * INTERVAL;

    private final int machines;

    Fleet(int machines) {
        this.machines = machines;
    }

    /// Beans of a service whose partitions a test hands out, and of which it hears which scores it tells of.
    static class HandedOut {

        @Bean
        @Primary
        HandedPartitions handedPartitions(Database database, Replicas replicas) {
            return new HandedPartitions(database, replicas.self());
        }

        @Bean
        Told told() {
            return new Told();
        }
    }

    /// Scores that a service has told of, and how often.
    static final class Told implements ScoreListener {

        private final Map<String, AtomicInteger> times = new ConcurrentHashMap<>();

        @Override
        public void scored(List<LiveScore> scores) {
            scores.forEach(score -> times.computeIfAbsent(
                            score.detector() + " " + score.series() + " " + score.time(), first -> new AtomicInteger())
                    .incrementAndGet());
        }

        /// By detector, series and time.
        Map<String, Integer> times() {
            Map<String, Integer> all = new ConcurrentHashMap<>();
            times.forEach((score, count) -> all.put(score, count.get()));
            return all;
        }
    }

    static HandedPartitions partitions(LiveService service) {
        HandedPartitions partitions = service.bean(HandedPartitions.class);
        partitions.serve(service.bean(SeriesStore.class));
        return partitions;
    }

    SeriesKey machine(int number) {
        return key("cpu", "instance", "i-" + number);
    }

    int machines() {
        return machines;
    }

    String id(LiveService service, int machine) {
        return Long.toString(service.bean(SeriesStore.class)
                .find(machine(machine))
                .orElseThrow()
                .id());
    }

    int partition(LiveService service, int machine) {
        SeriesStore store = service.bean(SeriesStore.class);
        return store.partition(store.find(machine(machine)).orElseThrow().id());
    }

    boolean owns(LiveService service, int machine) {
        return service.bean(Partitions.class).owns(partition(service, machine));
    }

    long time(int row) {
        return start + row * INTERVAL;
    }

    /// A wave with noise; a row has the same value whenever it is asked for.
    double value(int machine, int row) {
        return 50
                + 20 * Math.sin(2 * Math.PI * row / WAVE)
                + new SplittableRandom(row * 31L + machine).nextDouble(-2, 2);
    }

    private double[] values(int machine, int from, int to) {
        double[] values = new double[to - from];
        Arrays.setAll(values, i -> value(machine, from + i));
        return values;
    }

    /// Sends what a model of the name is trained on, and trains it.
    void train(LiveService service, String model) {
        service.push(key("history"), start, values(100, 0, TRAINED));
        service.train("{\"name\":\"" + model + "\",\"series\":[\"history\"],\"windowing\":{\"length\":16},"
                + "\"training\":{\"epochs\":5},\"threshold\":{\"rule\":\"sigma\",\"k\":8}}");
    }

    void push(LiveService service, int machine, int from, int to) {
        service.push(machine(machine), time(from), values(machine, from, to));
    }

    static String watching(String select) {
        return "{\"model\":\"m\",\"select\":\"" + select + "\",\"scaling\":\"model\"}";
    }
}
