package dev.telltale.models;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.database.DataDirectory;
import dev.telltale.database.SqliteDatabase;
import dev.telltale.problem.Problem;
import dev.telltale.signal.Windows;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Many threads borrow, delete and save models of few names in a cache that has room for two. Nobody meets a closed
/// network, each answer is that of the version that was borrowed, and in the end each network was closed once.
///
/// Runs for `-Dstress.seconds`, 2 by default, from `-Dstress.seed` on.
class StressedModelsTest {

    private static final int THREADS = 8;
    private static final List<String> NAMES = List.of("a", "b", "c", "d");
    private static final Duration TIME = Duration.ofSeconds(Integer.getInteger("stress.seconds", 2));
    private static final long SEED = Integer.getInteger("stress.seed", 1);

    @TempDir
    private Path path;

    private final Queue<TestModels.MeanReconstructor> made = new ConcurrentLinkedQueue<>();
    private final AtomicInteger scored = new AtomicInteger();
    private final AtomicInteger missed = new AtomicInteger();

    @Test
    void lendsOpenModelsAloneAndClosesEachOnce() throws Exception {
        try (DataDirectory directory = DataDirectory.open(path);
                SqliteDatabase database = SqliteDatabase.open(directory)) {
            DirectoryModelStore store = new DirectoryModelStore(path, database, new DamagedModels(Stream::empty));
            NAMES.forEach(name -> store.save(TestModels.saved(name)));
            long room = 2
                    * new LoadedModel(
                                    TestModels.saved("a").manifest().forScoring(),
                                    new TestModels.MeanReconstructor(),
                                    Optional.empty())
                            .weight();
            SimpleMeterRegistry registry = new SimpleMeterRegistry();
            try (LoadedModels models =
                    new LoadedModels(store, (_, _, _, _) -> network(), room, new ModelMeters(registry))) {
                long end = System.nanoTime() + TIME.toNanos();
                try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
                    List<Future<?>> all = new ArrayList<>();
                    for (int i = 0; i < THREADS; i++) {
                        SplittableRandom random = new SplittableRandom(SEED * THREADS + i);
                        all.add(threads.submit(() -> {
                            while (System.nanoTime() < end) {
                                step(models, store, random);
                            }
                        }));
                    }
                    for (Future<?> one : all) {
                        one.get();
                    }
                }
                assertThat(registry.get("telltale.models.loaded").gauge().value())
                        .isLessThanOrEqualTo(2);
            }
        }
        assertThat(scored.get()).isGreaterThan(missed.get()).isGreaterThan(100);
        assertThat(made).allSatisfy(network -> assertThat(network.closed).isEqualTo(1));
    }

    private TestModels.MeanReconstructor network() {
        TestModels.MeanReconstructor network = new TestModels.MeanReconstructor();
        made.add(network);
        return network;
    }

    private void step(LoadedModels models, DirectoryModelStore store, SplittableRandom random) {
        ModelName name = new ModelName(NAMES.get(random.nextInt(NAMES.size())));
        if (random.nextInt(50) > 0) {
            score(models, name, random);
            return;
        }
        store.delete(name).forEach(models::forget);
        try {
            store.save(TestModels.saved(name.value()));
        } catch (Problem anotherSavedIt) {
            assertThat(anotherSavedIt.type()).isEqualTo(ModelsProblem.MODEL_EXISTS);
        }
    }

    private void score(LoadedModels models, ModelName name, SplittableRandom random) {
        try (LoadedModel model = models.borrow(name)) {
            assertThat(model.manifest().name()).isEqualTo(name);
            float value = random.nextInt(100);
            int length = model.manifest().specification().windowing().length();
            float[] window = new float[length];
            Arrays.fill(window, value);
            for (int i = 0; i < 3; i++) {
                assertThat(model.network()
                                .reconstruct(new Windows(window, length, 1))
                                .values())
                        .containsOnly(value);
            }
            scored.incrementAndGet();
        } catch (Problem deletedMeanwhile) {
            assertThat(deletedMeanwhile.type())
                    .isIn(ModelsProblem.MODEL_NOT_FOUND, ModelsProblem.VERSION_NOT_FOUND, ModelsProblem.MODEL_CORRUPT);
            missed.incrementAndGet();
        }
    }
}
