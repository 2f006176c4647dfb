package dev.telltale.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.telltale.database.Changes;
import dev.telltale.database.DataDirectory;
import dev.telltale.database.Database;
import dev.telltale.database.Postgres;
import dev.telltale.jobs.JobStopped;
import dev.telltale.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two processes on one PostgreSQL database, each with a data directory of its own.
class SharedModelStoreTest {

    private static final ModelName NAME = new ModelName("cpu");

    @TempDir
    private Path path;

    private Postgres postgres;
    private Replica one;
    private Replica other;

    /// A process as far as models go.
    private static final class Replica implements AutoCloseable {

        private final Path path;
        private final DataDirectory directory;
        private final Database database;
        private final TableModelFiles files;
        private final Changes changes;
        private DirectoryModelStore store;

        Replica(Path path, Postgres postgres) {
            this.path = path;
            directory = DataDirectory.open(path);
            database = postgres.open(directory);
            files = new TableModelFiles(database);
            changes = Changes.on(database);
            open();
        }

        /// The store as a process finds it at its start.
        void open() {
            store = new DirectoryModelStore(path, database, new DamagedModels(Stream::empty), files, changes);
        }

        Path file(int version) {
            return path.resolve("models/cpu").resolve(Integer.toString(version)).resolve("model.safetensors");
        }

        @Override
        public void close() {
            changes.close();
            database.close();
            directory.close();
        }
    }

    @BeforeEach
    void open() {
        postgres = Postgres.fresh();
        one = new Replica(path.resolve("one"), postgres);
        other = new Replica(path.resolve("other"), postgres);
    }

    @AfterEach
    void close() {
        one.close();
        other.close();
    }

    @Test
    void eachKnowsLatelyWhichVersionIsActiveAndAtOnceWhatItChangedItself() {
        StoredModel first = one.store.save(TestModels.saved("cpu"));
        assertThat(one.store.lately(NAME)).isEqualTo(first);
        assertThat(other.store.lately(NAME)).isEqualTo(first);
        StoredModel second = other.store.save(TestModels.saved(TestModels.specification("cpu", 4), 2, 1), true);
        assertThat(other.store.lately(NAME)).isEqualTo(second);
        one.changes.catchUp();
        assertThat(one.store.lately(NAME)).isEqualTo(second);

        one.store.activate(NAME, 1);
        assertThat(one.store.lately(NAME).version()).isEqualTo(1);
        other.changes.catchUp();
        assertThat(other.store.lately(NAME).version()).isEqualTo(1);

        one.store.delete(NAME);
        assertThatExceptionOfType(Problem.class).isThrownBy(() -> one.store.lately(NAME));
        other.changes.catchUp();
        assertThatExceptionOfType(Problem.class).isThrownBy(() -> other.store.lately(NAME));
    }

    @Test
    void copiesOfWhatAnotherDeletedGoButNotOfWhatHasItsNameAgain() throws Exception {
        StoredModel stored = one.store.save(TestModels.saved("cpu"));
        other.store.load(stored);
        assertThat(other.file(1)).exists();
        one.store.delete(NAME);
        other.changes.catchUp();
        while (Files.exists(other.file(1))) {
            Thread.sleep(10);
        }

        StoredModel again = one.store.save(TestModels.saved("cpu"));
        other.store.load(again);
        one.store.delete(NAME);
        StoredModel third = other.store.save(TestModels.saved("cpu"));
        other.changes.catchUp();
        assertThat(other.store.load(third).manifest().name()).isEqualTo(NAME);
        assertThat(one.store.load(third).manifest().name()).isEqualTo(NAME);
    }

    @Test
    void eachLoadsWhatAnotherHasSavedAndKeepsACopy() throws Exception {
        StoredModel stored = one.store.save(TestModels.saved("cpu"));
        assertThat(other.store.get(NAME)).isEqualTo(stored);
        assertThat(other.file(1)).doesNotExist();

        SavedModel loaded = other.store.load(stored);

        assertThat(ManifestJson.write(loaded.manifest()))
                .isEqualTo(ManifestJson.write(one.store.load(stored).manifest()));
        assertThat(other.file(1)).hasSameBinaryContentAs(one.file(1));
        other.open();
        postgres.administer("DELETE FROM model_part");
        assertThat(other.store.load(stored).weights().count())
                .as("from the copy")
                .isEqualTo(loaded.weights().count());
    }

    @Test
    void aFileOfManyPartsComesBackWhole() throws Exception {
        byte[] content = new byte[(3 << 20) + 7];
        for (int i = 0; i < content.length; i++) {
            content[i] = (byte) ((i * 31) >> 3);
        }
        StoredModel stored = one.store.save(TestModels.saved("cpu"));
        Path large = Files.write(path.resolve("large"), content);
        String id = one.files.keep(large).orElseThrow().toString();
        postgres.administer("UPDATE model SET file = '" + id + "'");

        Path fetched = path.resolve("fetched");
        try (var out = DataDirectory.createFile(fetched)) {
            assertThat(other.files.fetch(stored, out)).isTrue();
        }

        assertThat(Files.readAllBytes(fetched)).isEqualTo(content);
        assertThat(postgres.number("SELECT count(*) FROM model_part WHERE file = '" + id + "'"))
                .isEqualTo(4);
    }

    @Test
    void aDamagedCopyIsFetchedAnew() throws IOException {
        StoredModel stored = one.store.save(TestModels.saved("cpu"));
        byte[] whole = Files.readAllBytes(one.file(1));
        byte[] damaged = whole.clone();
        damaged[damaged.length - 1] ^= 1;
        for (byte[] content : new byte[][] {damaged, Arrays.copyOf(whole, whole.length / 2), {}}) {
            Files.write(one.file(1), content);
            one.store.load(stored);
            assertThat(one.file(1)).hasBinaryContent(whole);
        }
        Files.delete(one.file(1).resolveSibling(ModelSignature.FILE));
        one.store.load(stored);
        assertThat(one.file(1).resolveSibling(ModelSignature.FILE)).exists();
    }

    @Test
    void aCopyOfADeletedModelIsNotTakenForTheNextOfItsName() {
        StoredModel before = one.store.save(TestModels.saved(TestModels.specification("cpu", 4), 1));
        other.store.load(before);
        one.store.delete(NAME);
        StoredModel next = one.store.save(TestModels.saved(TestModels.specification("cpu", 4), 2));
        assertThat(next.version()).isEqualTo(before.version());

        assertThat(other.store
                        .load(next)
                        .weights()
                        .parameters()
                        .iterator()
                        .next()
                        .values())
                .isEqualTo(one.store
                        .load(next)
                        .weights()
                        .parameters()
                        .iterator()
                        .next()
                        .values());
        assertThatExceptionOfType(Problem.class).isThrownBy(() -> other.store.load(before));
    }

    @Test
    void whatIsDamagedInTheDatabaseTooIsRefused() throws IOException, SQLException {
        StoredModel stored = one.store.save(TestModels.saved("cpu"));
        postgres.administer(
                "UPDATE model_part SET bytes = set_byte(bytes, length(bytes) - 1, 255 - get_byte(bytes, length(bytes) - 1))");

        assertThatExceptionOfType(Problem.class)
                .isThrownBy(() -> other.store.load(stored))
                .satisfies(problem -> assertThat(problem.type()).isEqualTo(ModelsProblem.MODEL_CORRUPT));
        one.store.load(stored);
    }

    @Test
    void aRunThatLostItsJobPublishesNothing() {
        SavedModel model = TestModels.saved("cpu");

        assertThatExceptionOfType(JobStopped.class)
                .isThrownBy(() -> one.store.save(model, true, connection -> {
                    throw new JobStopped();
                }));

        assertThat(other.store.find(NAME)).isEmpty();
        StoredModel stored = other.store.save(model);
        assertThat(one.store.load(stored).manifest().name()).isEqualTo(NAME);
    }

    @Test
    void oneOfTwoWhoSaveAVersionAtOnceDoes() {
        one.store.save(TestModels.saved(TestModels.specification("cpu", 4), 1));

        assertThatExceptionOfType(Problem.class)
                .isThrownBy(() -> other.store.save(TestModels.saved(TestModels.specification("cpu", 4), 2)))
                .satisfies(problem -> assertThat(problem.type()).isEqualTo(ModelsProblem.MODEL_EXISTS));
    }

    @Test
    void filesThatNoVersionHasAreSweptOnceTheyAreOld() throws SQLException, IOException {
        StoredModel kept = one.store.save(TestModels.saved("cpu"));
        one.store.save(TestModels.saved("memory"));
        one.store.delete(new ModelName("memory"));
        one.files.run();
        assertThat(postgres.number("SELECT count(DISTINCT file) FROM model_part"))
                .as("they may be of a save under way")
                .isEqualTo(2);

        postgres.administer("UPDATE model_part SET at = at - interval '2 hours'");
        one.files.run();

        assertThat(postgres.number("SELECT count(DISTINCT file) FROM model_part"))
                .isEqualTo(1);
        assertThat(other.store.load(kept).manifest().name()).isEqualTo(NAME);
    }
}
