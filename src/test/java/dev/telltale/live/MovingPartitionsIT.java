package dev.telltale.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.telltale.database.Postgres;
import dev.telltale.series.HandedPartitions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Partitions that go from one service to another while samples come.
///
/// `-Dmoving.rows` of them, `-Dmoving.seed` for who owns what when.
class MovingPartitionsIT {

    private static final int PARTITIONS = 16;
    private static final int ROWS = Integer.getInteger("moving.rows", 150);
    private static final int SEED = Integer.getInteger("moving.seed", 1);
    private static final int LAST = Fleet.TRAINED + ROWS;

    @TempDir
    private Path directory;

    private final Postgres postgres = Postgres.fresh();
    private final Fleet fleet = new Fleet(10);
    private final List<LiveService> services = new ArrayList<>();
    private final int[] owners = new int[PARTITIONS];

    @AfterEach
    void stop() {
        services.forEach(LiveService::close);
    }

    private LiveService start(String name) throws IOException {
        LiveService service = LiveService.replica(directory.resolve(name), postgres, List.of(Fleet.HandedOut.class));
        services.add(service);
        return service;
    }

    private void prepare(LiveService service) {
        fleet.train(service, "m");
        for (int machine = 0; machine < fleet.machines(); machine++) {
            fleet.push(service, machine, Fleet.TRAINED - 50, Fleet.TRAINED);
        }
        service.watch("d", Fleet.watching("cpu"));
    }

    /// Of three rows in a hundred, another place for each machine.
    private double value(int machine, int row) {
        boolean isOdd = (row + 17 * machine) % 100 < 3;
        return fleet.value(machine, row) + (isOdd ? 200 : 0);
    }

    private void push(LiveService service, int machine, int row) {
        service.push(fleet.machine(machine), fleet.time(row), value(machine, row));
    }

    @Test
    void eachRowGetsTheScoreThatItGetsFromOneProcessAndOneScore() throws Exception {
        LiveService one = start("one");
        LiveService other = start("other");
        List<HandedPartitions> partitions = List.of(Fleet.partitions(one), Fleet.partitions(other));
        for (int partition = 0; partition < PARTITIONS; partition++) {
            owners[partition] = partition % 2;
            partitions.get(partition % 2).take(partition);
        }
        prepare(one);
        AtomicBoolean isOver = new AtomicBoolean();
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            Future<?> moves = threads.submit(() -> move(partitions, isOver));
            Future<?> samples = threads.submit(() -> {
                for (int row = Fleet.TRAINED; row < LAST; row++) {
                    for (int machine = 0; machine < fleet.machines(); machine++) {
                        push(row % 3 == 0 ? one : other, machine, row);
                    }
                    Thread.sleep(50);
                }
                return null;
            });
            samples.get();
            isOver.set(true);
            moves.get();
        }
        services.forEach(service -> service.awaitScored("d", fleet.time(LAST - 1)));
        one.await(() -> one.bean(Detectors.class).isIdle()
                && other.bean(Detectors.class).isIdle());

        Map<String, Integer> told = new HashMap<>();
        services.forEach(service -> service.bean(Fleet.Told.class)
                .times()
                .forEach((score, times) -> told.merge(score, times, Integer::sum)));
        assertThat(told).hasSize(ROWS * fleet.machines());
        assertThat(told.values()).as("each is told of once").containsOnly(1);
        assertThat(one.bean(Detectors.class).watchedSeries()
                        + other.bean(Detectors.class).watchedSeries())
                .isEqualTo(fleet.machines());

        try (LiveService alone = new LiveService(directory.resolve("alone"))) {
            prepare(alone);
            for (int machine = 0; machine < fleet.machines(); machine++) {
                for (int row = Fleet.TRAINED; row < LAST; row++) {
                    push(alone, machine, row);
                }
            }
            alone.awaitScored("d", fleet.time(LAST - 1));
            for (int machine = 0; machine < fleet.machines(); machine++) {
                Map<Instant, Double> expected = scores(alone, machine);
                assertThat(expected).hasSize(ROWS);
                for (LiveService service : services) {
                    Map<Instant, Double> scores = scores(service, machine);
                    assertThat(scores.keySet()).isEqualTo(expected.keySet());
                    expected.forEach((time, score) ->
                            assertThat(scores.get(time)).as("at %s", time).isCloseTo(score, within(1e-9)));
                }
            }
            Map<String, String> expected = anomalies(alone);
            assertThat(expected).hasSizeGreaterThanOrEqualTo(fleet.machines());
            one.await(() -> anomalies(one).equals(expected) && anomalies(other).equals(expected));
        }
    }

    /// Every half second another process owns some partitions: they are given up in good order, or taken from one that
    /// does not know for a while.
    private Void move(List<HandedPartitions> partitions, AtomicBoolean isOver) throws InterruptedException {
        Random random = new Random(SEED);
        while (!isOver.get()) {
            Map<Integer, HandedPartitions> asleep = new TreeMap<>();
            for (int partition = 0; partition < PARTITIONS; partition++) {
                if (random.nextBoolean()) {
                    HandedPartitions before = partitions.get(owners[partition]);
                    owners[partition] = 1 - owners[partition];
                    if (random.nextBoolean()) {
                        before.give(partition);
                    } else {
                        asleep.put(partition, before);
                    }
                    partitions.get(owners[partition]).take(partition);
                }
            }
            Thread.sleep(250);
            asleep.forEach((partition, before) -> before.lose(partition));
            Thread.sleep(250);
        }
        return null;
    }

    private Map<Instant, Double> scores(LiveService service, int machine) {
        return service.scores("d", fleet.id(service, machine));
    }

    /// From when to when, and how high, by series and begin.
    private static Map<String, String> anomalies(LiveService service) {
        Map<String, String> anomalies = new TreeMap<>();
        for (JsonNode anomaly : service.get("/api/v1/anomalies?limit=1000").get("items")) {
            anomalies.put(
                    anomaly.at("/series/0/labels/instance").asString() + " "
                            + anomaly.get("start").asString(),
                    anomaly.get("end").asString() + " " + anomaly.get("open") + " "
                            + anomaly.at("/peak/value").asDouble());
        }
        return anomalies;
    }

    @Test
    void anOwnerThatHasSleptStoresNothing() throws Exception {
        LiveService one = start("one");
        LiveService other = start("other");
        HandedPartitions asleep = Fleet.partitions(one);
        HandedPartitions awake = Fleet.partitions(other);
        for (int partition = 0; partition < PARTITIONS; partition++) {
            asleep.take(partition);
        }
        prepare(one);
        push(one, 0, Fleet.TRAINED);
        one.await(() -> one.bean(Fleet.Told.class).times().size() == 1);
        assertThat(one.bean(Detectors.class).watchedSeries()).isEqualTo(fleet.machines());

        for (int partition = 0; partition < PARTITIONS; partition++) {
            awake.take(partition);
        }
        for (int machine = 0; machine < fleet.machines(); machine++) {
            push(one, machine, machine == 0 ? Fleet.TRAINED + 1 : Fleet.TRAINED);
        }

        other.await(() -> other.bean(Fleet.Told.class).times().size() == fleet.machines());
        one.await(() -> one.bean(Detectors.class).watchedSeries() == 0);
        assertThat(one.bean(Fleet.Told.class).times()).hasSize(1);
        assertThat(scores(one, 0)).hasSize(2);
        assertThat(one.get("/api/v1/detectors/d").get("watched").asInt()).isEqualTo(fleet.machines());
    }

    @Test
    void anotherGoesOnWhereAServiceHasEnded() throws Exception {
        LiveService one = start("one");
        HandedPartitions partitions = Fleet.partitions(one);
        for (int partition = 0; partition < PARTITIONS; partition++) {
            partitions.take(partition);
        }
        prepare(one);
        for (int row = Fleet.TRAINED; row < Fleet.TRAINED + 20; row++) {
            for (int machine = 0; machine < fleet.machines(); machine++) {
                push(one, machine, row);
            }
        }
        services.remove(one);
        one.close();

        LiveService other = start("other");
        for (int machine = 0; machine < fleet.machines(); machine++) {
            push(other, machine, Fleet.TRAINED + 20); // nobody owns its partition
        }
        HandedPartitions taken = Fleet.partitions(other);
        for (int partition = 0; partition < PARTITIONS; partition++) {
            taken.take(partition);
        }
        other.awaitScored("d", fleet.time(Fleet.TRAINED + 20));
        for (int machine = 0; machine < fleet.machines(); machine++) {
            assertThat(scores(other, machine)).hasSize(21);
        }
    }
}
