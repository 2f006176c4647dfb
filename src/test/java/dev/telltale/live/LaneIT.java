package dev.telltale.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.detection.AlarmPolicy;
import dev.telltale.models.ModelName;
import dev.telltale.series.Selector;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the worker of one detector does.
class LaneIT {

    private static final int MANY = 100;
    private static final Fleet FLEET = new Fleet(1);

    @TempDir
    private static Path directory;

    private static LiveService service;

    @BeforeAll
    static void start() {
        service = new LiveService(directory);
        FLEET.train(service, "m");
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    /// As all fails while the database is gone, so does each turn of a detector whose model is not there.
    @Test
    void isTriedAgainInAMomentAndNotAtOnceHoweverMuchWaits() {
        Queue<Runnable> turns = new ArrayDeque<>();
        Queue<Runnable> moments = new ArrayDeque<>();
        Lane lane = lane(new ModelName("late"), turns::add, moments::add);
        AtomicInteger done = new AtomicInteger();
        lane.submit(done::incrementAndGet);
        for (int failures = 1; failures <= 3; failures++) {
            assertThat(run(turns)).as("tries").isEqualTo(1);
            assertThat(lane.failure()).isPresent();
            assertThat(moments).hasSize(1);
            moments.remove().run();
        }
        assertThat(done).hasValue(0);

        service.train("{\"name\":\"late\",\"series\":[\"history\"],\"windowing\":{\"length\":4},"
                + "\"training\":{\"epochs\":1}}");
        assertThat(run(turns)).isEqualTo(1);
        assertThat(lane.failure()).isEmpty();
        assertThat(moments).isEmpty();
        assertThat(done).hasValue(1);
    }

    @Test
    void whatIsSaidOfAnEarlierStateOfAnAnomalyLeavesItAsItIsNow() throws Exception {
        FLEET.push(service, 0, Fleet.TRAINED - 50, Fleet.TRAINED);
        service.watch("d", Fleet.watching("cpu"));
        Anomaly early = afterOddRow(Fleet.TRAINED, 200);
        Anomaly late = afterOddRow(Fleet.TRAINED + 1, 600);
        assertThat(late.peak().score()).isGreaterThan(early.peak().score());

        Lane lane = service.bean(Detectors.class).find(new DetectorName("d")).orElseThrow();
        lane.feedback(early);
        CompletableFuture<Optional<Anomaly>> held = new CompletableFuture<>();
        lane.submit(() -> held.complete(lane.watched().iterator().next().open()));

        assertThat(held.get(1, TimeUnit.MINUTES)).contains(late);
        Anomaly last = afterOddRow(Fleet.TRAINED + 2, 200);
        assertThat(last.id()).isEqualTo(late.id());
        assertThat(last.peak()).isEqualTo(late.peak());
    }

    /// The anomaly that is open once a row is scored that lies so far from the usual ones.
    private static Anomaly afterOddRow(int row, double distance) {
        service.push(FLEET.machine(0), FLEET.time(row), FLEET.value(0, row) + distance);
        service.awaitScored("d", FLEET.time(row));
        List<Anomaly> open = service.bean(FindingStore.class).open(new DetectorName("d"));
        assertThat(open).hasSize(1);
        return open.getFirst();
    }

    /// A lane that works when the test lets it.
    private static Lane lane(ModelName model, Executor workers, Executor later) {
        Supplies all = service.bean(Supplies.class);
        Detector detector = new Detector(
                new DetectorName("by-hand"),
                model,
                Selector.parse("nothing"),
                Detector.ScaleOf.MODEL,
                AlarmPolicy.DEFAULT,
                Duration.ZERO,
                Optional.empty(),
                List.of());
        DetectorTable.Row row =
                all.database().write(connection -> all.detectors().save(connection, detector));
        Supplies supplies = new Supplies(
                all.database(),
                all.store(),
                all.annotations(),
                all.scoring(),
                all.findings(),
                all.detectors(),
                all.watches(),
                all.homes(),
                all.changes(),
                all.isShared(),
                all.scoreListeners(),
                all.receivers(),
                all.meters(),
                all.properties(),
                all.clock(),
                workers,
                later);
        return new Lane(row, supplies, new Lane.Keeper() {

            @Override
            public void outdated(Lane lane) {
                throw new IllegalStateException("nobody changes the detector");
            }

            @Override
            public void lost(Lane lane, Home home, List<WatchedSeries> dropped) {
                throw new IllegalStateException("there are no other processes");
            }
        });
    }

    /// Does what waits, as long as there is something, and says how often.
    private static int run(Queue<Runnable> turns) {
        int count = 0;
        for (Runnable turn = turns.poll(); turn != null && count < MANY; turn = turns.poll()) {
            turn.run();
            count++;
        }
        return count;
    }
}
