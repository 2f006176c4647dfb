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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoadedModelsTest {

    /// Of one of the models here.
    private static final long WEIGHT =
            new LoadedModel(TestModels.saved("a").manifest().forScoring(), new MeanReconstructor()).weight();

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
        store = new DirectoryModelStore(path, database);
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
        ModelStore changing = new DirectoryModelStore(path, database) {

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
