package dev.telltale.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.telltale.autoencoder.Architecture;
import dev.telltale.autoencoder.Reconstructor;
import dev.telltale.autoencoder.ReconstructorLoader;
import dev.telltale.autoencoder.Weights;
import dev.telltale.database.DataDirectory;
import dev.telltale.database.SqliteDatabase;
import dev.telltale.models.TestModels.MeanReconstructor;
import dev.telltale.problem.Problem;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoadedModelsTest {

    /// Of one of the models here.
    private static final long WEIGHT = new LoadedModel(
                    TestModels.saved("a").manifest().forScoring(), new MeanReconstructor(), Optional.empty())
            .weight();

    @TempDir
    private Path path;

    private final Networks networks = new Networks();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private DataDirectory directory;
    private SqliteDatabase database;
    private DirectoryModelStore store;

    @BeforeEach
    void open() {
        directory = DataDirectory.open(path);
        database = SqliteDatabase.open(directory);
        store = new DirectoryModelStore(path, database, new DamagedModels(Stream::empty));
        for (String name : List.of("a", "b", "c")) {
            store.save(TestModels.saved(name));
        }
    }

    @AfterEach
    void close() {
        database.close();
        directory.close();
    }

    @Test
    void loadsAModelOnce() {
        try (LoadedModels models = models(10 * WEIGHT)) {
            borrow(models, "a").close();
            borrow(models, "a").close();

            assertThat(networks.made).hasSize(1);
            assertThat(loaded()).isEqualTo(1);
        }
        assertThat(networks.made.getFirst().closed).isEqualTo(1);
    }

    @Test
    void letsModelsGoWhenOthersNeedTheirRoom() {
        try (LoadedModels models = models(2 * WEIGHT)) {
            for (String name : List.of("a", "b", "c", "a", "b", "c")) {
                borrow(models, name).close();
            }

            assertThat(loaded()).isLessThanOrEqualTo(2);
        }
        assertThat(networks.made)
                .allSatisfy(network -> assertThat(network.closed).isEqualTo(1));
    }

    @Test
    void keepsAModelOpenWhileSomebodyUsesIt() {
        try (LoadedModels models = models(10 * WEIGHT)) {
            LoadedModel first = borrow(models, "a");
            LoadedModel second = borrow(models, "a");
            models.forget(store.get(new ModelName("a")));
            MeanReconstructor network = networks.made.getFirst();

            assertThat(network.closed).isZero();
            first.close();
            assertThat(network.closed).isZero();
            second.close();
            assertThat(network.closed).isEqualTo(1);
        }
    }

    @Test
    void lendsAModelThatIsLargerThanAllRoom() {
        try (LoadedModels models = models(1)) {
            LoadedModel model = borrow(models, "a");

            assertThat(networks.made.getFirst().closed).isZero();
            model.close();
        }
        assertThat(networks.made.getFirst().closed).isEqualTo(1);
    }

    @Test
    void lendsTheNewModelOfANameThatWasDeletedAndTrainedAgain() {
        try (LoadedModels models = models(10 * WEIGHT)) {
            borrow(models, "a").close();
            store.delete(new ModelName("a"));
            assertThatThrownBy(() -> borrow(models, "a")).isInstanceOf(Problem.class);
            store.save(TestModels.saved(TestModels.specification("a", 8), 1));

            try (LoadedModel model = borrow(models, "a")) {
                assertThat(model.manifest().specification().windowing().length())
                        .isEqualTo(8);
            }
        }
    }

    /// The active version may change, and the one before be deleted, while its file is being opened.
    @Test
    void lendsTheVersionThatIsActiveNowWhenTheOneBeforeIsDeletedMeanwhile() {
        StoredModel before = store.get(new ModelName("a"));
        ModelStore changing = new DirectoryModelStore(path, database, new DamagedModels(Stream::empty)) {

            @Override
            public SavedModel load(StoredModel model) {
                if (model.equals(before)) {
                    store.save(TestModels.saved(TestModels.specification("a", 4), 2, 2), true);
                    store.delete(model);
                }
                return super.load(model);
            }
        };
        try (LoadedModels models = new LoadedModels(changing, networks, WEIGHT, new ModelMeters(registry));
                LoadedModel model = borrow(models, "a")) {
            assertThat(model.manifest().version()).isEqualTo(2);
        }
    }

    /// Neighbours in a hash table share more than their cache.
    @Test
    void waitsForNoOtherModelThatIsBeingLoaded() throws Exception {
        StoredModel slow = store.get(new ModelName("a"));
        int version = 1;
        StoredModel other;
        do {
            version++;
            other = store.save(TestModels.saved(TestModels.specification("b", 4), version, 1));
        } while (other.id() % 64 != slow.id() % 64);
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        ModelStore waiting = new DirectoryModelStore(path, database, new DamagedModels(Stream::empty)) {

            @Override
            public SavedModel load(StoredModel model) {
                if (model.equals(slow)) {
                    begun.countDown();
                    awaited(released);
                }
                return super.load(model);
            }
        };
        try (LoadedModels models = new LoadedModels(waiting, networks, 10 * WEIGHT, new ModelMeters(registry));
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<LoadedModel>> borrowers = Stream.generate(() -> threads.submit(() -> borrow(models, "a")))
                    .limit(3)
                    .toList();
            assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
            int there = version;
            Future<LoadedModel> borrowed = threads.submit(() -> models.borrow(new ModelName("b"), there));
            try {
                borrowed.get(10, TimeUnit.SECONDS).close();
            } finally {
                released.countDown();
            }
            for (Future<LoadedModel> borrower : borrowers) {
                borrower.get(10, TimeUnit.SECONDS).close();
            }
            assertThat(networks.made).hasSize(2);
        }
        assertThat(networks.made)
                .allSatisfy(network -> assertThat(network.closed).isEqualTo(1));
    }

    private static void awaited(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void holdsNoModelThatWasDeletedWhileItWasLoaded() {
        ModelStore deleting = new DirectoryModelStore(path, database, new DamagedModels(Stream::empty)) {

            @Override
            public SavedModel load(StoredModel model) {
                SavedModel saved = super.load(model);
                store.delete(model.name());
                return saved;
            }
        };
        try (LoadedModels models = new LoadedModels(deleting, networks, 10 * WEIGHT, new ModelMeters(registry))) {
            borrow(models, "a").close();

            assertThat(loaded()).isZero();
        }
    }

    /// A base network for windows of 4 rows has (4 + 1)·32 + 33·16 + 17·32 + 33·4 parameters.
    @Test
    void weighsMoreThanItsWeights() {
        assertThat(WEIGHT).isBetween(1_364 * 4L, 40_000L);
    }

    @Test
    void holdsNothingThatScoringDoesNotNeed() {
        try (LoadedModels models = models(10 * WEIGHT);
                LoadedModel model = borrow(models, "a")) {
            assertThat(model.manifest().history()).isEmpty();
            assertThat(store.manifest(store.get(new ModelName("a"))).history()).isNotEmpty();
        }
    }

    private LoadedModels models(long mostBytes) {
        return new LoadedModels(store, networks, mostBytes, new ModelMeters(registry));
    }

    private static LoadedModel borrow(LoadedModels models, String name) {
        return models.borrow(new ModelName(name));
    }

    private double loaded() {
        return registry.get("telltale.models.loaded").gauge().value();
    }

    private static final class Networks implements ReconstructorLoader {

        private final List<MeanReconstructor> made = new ArrayList<>();

        @Override
        public Reconstructor load(Architecture architecture, int length, int channels, Weights weights) {
            made.add(new MeanReconstructor());
            return made.getLast();
        }
    }
}
