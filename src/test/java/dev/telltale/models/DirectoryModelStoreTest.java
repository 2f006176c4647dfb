package dev.telltale.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.telltale.database.Changes;
import dev.telltale.database.DataDirectory;
import dev.telltale.database.DatabaseProblem;
import dev.telltale.database.MeasuredDisk;
import dev.telltale.database.SqliteDatabase;
import dev.telltale.jobs.Fence;
import dev.telltale.models.ModelSpecification.ErrorOf;
import dev.telltale.problem.Problem;
import dev.telltale.signal.GapPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DirectoryModelStoreTest extends ModelStoreOnDisk {

    private static final ModelName NAME = new ModelName("cpu");

    @Test
    void findsWhatWasSavedAlsoAfterARestart() {
        SavedModel model = TestModels.saved("cpu");
        StoredModel stored = store.save(model);
        close();
        open();

        assertThat(store.find(NAME)).contains(stored);
        assertThat(ManifestJson.write(store.load(stored).manifest())).isEqualTo(ManifestJson.write(model.manifest()));
        assertThat(stored.parameters()).isEqualTo(model.weights().count());
    }

    @Test
    void savesNothingThatWouldLeaveTooLittleRoomOnTheDisk() {
        SavedModel model = TestModels.saved("cpu");
        close();
        directory = DataDirectory.open(path);
        AtomicLong free = new AtomicLong(1_000 + model.weights().count() * Float.BYTES - 1);
        database = MeasuredDisk.open(directory, 1_000, free::get);
        store = new DirectoryModelStore(path, database, new DamagedModels(Stream::empty));

        assertThatThrownBy(() -> store.save(model))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.type()).isEqualTo(DatabaseProblem.STORAGE_FULL));
        assertThat(path.resolve("models")).isEmptyDirectory();

        free.incrementAndGet();
        assertThat(store.load(store.save(model)).weights().count())
                .isEqualTo(model.weights().count());
    }

    @Test
    void readsAManifestOnceForAllWhoAskMeanwhile() {
        StoredModel stored = store.save(TestModels.saved("cpu"));
        AtomicInteger loads = new AtomicInteger();
        ModelStore slow = new DirectoryModelStore(path, database, new DamagedModels(Stream::empty)) {

            @Override
            public SavedModel load(StoredModel model) {
                loads.incrementAndGet();
                LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
                return super.load(model);
            }
        };
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 8; i++) {
                threads.execute(() -> slow.manifest(stored));
            }
        }
        assertThat(slow.manifest(stored).name()).isEqualTo(NAME);

        assertThat(loads).hasValue(1);
    }

    @Test
    void keepsTheFirstOfTwoModelsOfOneName() {
        StoredModel first = store.save(TestModels.saved(TestModels.specification("cpu", 4), 1));

        assertThatThrownBy(() -> store.save(TestModels.saved(TestModels.specification("cpu", 4), 2)))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.type()).isEqualTo(ModelsProblem.MODEL_EXISTS));
        assertThat(store.load(first).manifest().name()).isEqualTo(NAME);
    }

    @Test
    void refusesAVersionThatAnotherHasWrittenMeanwhile() {
        StoredModel first = store.save(TestModels.saved("cpu"));
        Manifest same = store.load(first).manifest();

        assertRefused(
                () -> new ModelTable(database, Changes.on(database))
                        .insert(same, "other", true, Optional.empty(), Fence.OPEN),
                ModelsProblem.MODEL_EXISTS);
        assertThat(store.find(NAME)).contains(first);
    }

    @Test
    void makesTheFirstVersionActiveAndAFurtherOneWhenToldTo() {
        StoredModel first = store.save(version(1));
        StoredModel second = store.save(version(2));
        assertThat(first.active()).isTrue();
        assertThat(second.active()).isFalse();
        assertThat(store.get(NAME)).isEqualTo(first);

        StoredModel third = store.save(version(3), true);
        assertThat(third.active()).isTrue();
        close();
        open();
        assertThat(store.get(NAME)).isEqualTo(third);
        assertThat(store.versions(NAME, Integer.MAX_VALUE, 10))
                .extracting(StoredModel::version)
                .containsExactly(3, 2, 1);
        assertThat(store.versions(NAME, 3, 1)).containsExactly(second);
        assertThat(store.list("", 10)).containsExactly(third);
    }

    @Test
    void switchesToAnyVersionThatThereIs() {
        store.save(version(1));
        store.save(version(2));

        assertThat(store.activate(NAME, 2).active()).isTrue();
        assertThat(store.get(NAME).version()).isEqualTo(2);
        assertThat(store.activate(NAME, 1)).isEqualTo(store.get(NAME));
        assertRefused(() -> store.activate(NAME, 3), ModelsProblem.VERSION_NOT_FOUND);
        assertRefused(() -> store.activate(new ModelName("nobody"), 1), ModelsProblem.MODEL_NOT_FOUND);
        assertThat(store.get(NAME).version()).isEqualTo(1);
    }

    @Test
    void deletesAVersionButNotTheActiveOneAndNeverGivesItsNumberAgain() {
        StoredModel first = store.save(version(1));
        StoredModel second = store.save(version(2));
        assertRefused(() -> store.delete(first), ModelsProblem.VERSION_ACTIVE);
        assertThat(store.load(first)).isNotNull();

        store.delete(second);
        assertThat(path.resolve("models/cpu/2")).doesNotExist();
        assertThat(store.find(NAME, 2)).isEmpty();
        assertThat(store.newest(NAME)).isEqualTo(2);
        assertRefused(() -> store.load(second), ModelsProblem.VERSION_NOT_FOUND);
        assertRefused(() -> store.save(version(2)), ModelsProblem.MODEL_EXISTS);
        assertThat(store.save(version(3)).version()).isEqualTo(3);
        store.delete(second); // once more does nothing
    }

    /// The tables of the first release, in which the newest version was the one to score.
    @Test
    void takesTheNewestVersionsOfTheFirstReleaseAsActive(@TempDir Path older) throws SQLException {
        String url = "jdbc:sqlite:" + older.resolve("telltale.db");
        Flyway.configure(DirectoryModelStore.class.getClassLoader())
                .dataSource(url, "", "")
                .locations("classpath:db/migration/sqlite")
                .target("3")
                .load()
                .migrate();
        try (Connection first = DriverManager.getConnection(url)) {
            for (int version = 1; version <= 2; version++) {
                first.createStatement()
                        .executeUpdate("insert into model (name, version, created, series, architecture, length,"
                                + " parameters, sha256) values ('cpu', %d, 0, 'cpu', 'base', 4, 1, '')"
                                        .formatted(version));
            }
        }
        try (DataDirectory olderDirectory = DataDirectory.open(older);
                SqliteDatabase olderDatabase = SqliteDatabase.open(olderDirectory)) {
            ModelStore upgraded = new DirectoryModelStore(older, olderDatabase, new DamagedModels(Stream::empty));

            assertThat(upgraded.get(NAME).version()).isEqualTo(2);
            assertThat(upgraded.newest(NAME)).isEqualTo(2);
        }
    }

    @Test
    void listsTheSeriesOfAModelAsTheyWereNamed() {
        String[] series = {"cpu{instance=\"a,b\",zone=\"c}\"}", "memory"};
        store.save(TestModels.saved(TestModels.specification("cpu", 4, GapPolicy.DEFAULT, ErrorOf.LAST, series), 1));

        assertThat(store.get(NAME).series()).containsExactly(series);
    }

    @Test
    void listsTheSeriesThatAReleaseBeforeHasJoined() throws SQLException {
        store.save(TestModels.saved("cpu"));
        database.write(connection -> connection
                .createStatement()
                .executeUpdate("update model set series = 'a,17,cpu{instance=\"i-1\",zone=\"eu\"},b'"));

        assertThat(store.get(NAME).series()).containsExactly("a", "17", "cpu{instance=\"i-1\",zone=\"eu\"}", "b");
    }

    @Test
    void listsNamesInOrderFromAPlaceOn() {
        for (String name : List.of("c", "a", "b", "a.b")) {
            store.save(TestModels.saved(name));
        }

        assertThat(store.list("", 10)).extracting(model -> model.name().value()).containsExactly("a", "a.b", "b", "c");
        assertThat(store.list("a", 2)).extracting(model -> model.name().value()).containsExactly("a.b", "b");
    }

    @Test
    void forgetsADeletedModelAndGivesItsNameFreeUnderANewId() {
        StoredModel old = store.save(TestModels.saved("cpu"));

        assertThat(store.delete(NAME)).containsExactly(old);
        assertThat(store.delete(NAME)).isEmpty();
        assertThat(store.find(NAME)).isEmpty();
        assertThat(path.resolve("models/cpu")).doesNotExist();
        assertThat(store.save(TestModels.saved("cpu")).id()).isGreaterThan(old.id());
    }

    @Test
    void sweepsAtTheStartWhatWasNeverFinished() throws IOException {
        store.save(TestModels.saved("whole"));
        Path half = path.resolve("models/half/1");
        Files.createDirectories(half);
        Files.writeString(half.resolve("model.safetensors.unfinished"), "half");
        SavedModel uncommitted = TestModels.saved("uncommitted");
        ModelFile.write(
                path.resolve("models/uncommitted/1/model.safetensors"), uncommitted.manifest(), uncommitted.weights());
        Files.createDirectories(path.resolve("models/whole/2"));
        close();
        open();

        assertThat(path.resolve("models")).isDirectoryNotContaining("glob:**/{half,uncommitted}");
        assertThat(path.resolve("models/whole/2")).doesNotExist();
        assertThat(store.load(store.get(new ModelName("whole")))).isNotNull();
    }

    @Test
    void tellsThatAFileIsLostAndServesTheOthers() throws IOException {
        StoredModel lost = store.save(TestModels.saved("lost"));
        StoredModel other = store.save(TestModels.saved("other"));
        Files.delete(path.resolve("models/lost/1/model.safetensors"));
        close();
        open();

        assertThatThrownBy(() -> store.load(lost)).isInstanceOfSatisfying(Problem.class, problem -> {
            assertThat(problem.type()).isEqualTo(ModelsProblem.MODEL_CORRUPT);
            assertThat(problem.detail()).contains("'lost'");
        });
        assertThat(store.load(other)).isNotNull();
        assertThat(store.delete(lost.name())).containsExactly(lost);
    }

    @Test
    void tellsDamageOnceUntilTheFileWasWholeAgain() throws IOException {
        List<String> told = new ArrayList<>();
        DamagedModels damaged = new DamagedModels(
                () -> Stream.of((name, version, reason) -> told.add(name + " " + version + " " + reason)));
        DirectoryModelStore watched = new DirectoryModelStore(path, database, damaged);
        StoredModel model = watched.save(version(1));
        Path file = path.resolve("models/cpu/1/model.safetensors");
        byte[] whole = Files.readAllBytes(file);
        byte[] changed = whole.clone();
        changed[changed.length - 1] ^= 1;

        Files.write(file, changed);
        for (int i = 0; i < 3; i++) {
            assertRefused(() -> watched.load(model), ModelsProblem.MODEL_CORRUPT);
        }
        assertThat(told).containsExactly("cpu 1 its content is not what was saved: the hash differs");
        assertThat(damaged.count()).isEqualTo(1);

        Files.write(file, whole);
        assertThat(watched.load(model)).isNotNull();
        assertThat(damaged.count()).isZero();

        Files.delete(file);
        assertRefused(() -> watched.load(model), ModelsProblem.MODEL_CORRUPT);
        assertThat(told).hasSize(2).last().isEqualTo("cpu 1 it is not there");
        watched.delete(model.name());
        assertThat(damaged.count()).isZero();
    }

    @Test
    void saysThatAModelIsDamagedThoughAListenerFails() throws IOException {
        DamagedModels damaged = new DamagedModels(() -> Stream.of((name, version, reason) -> {
            throw new IllegalStateException("no audit today");
        }));
        DirectoryModelStore watched = new DirectoryModelStore(path, database, damaged);
        StoredModel model = watched.save(version(1));
        Files.delete(path.resolve("models/cpu/1/model.safetensors"));

        assertRefused(() -> watched.load(model), ModelsProblem.MODEL_CORRUPT);
    }

    /// Whoever can plant one could make the service write and read elsewhere.
    @ParameterizedTest
    @ValueSource(strings = {"models/cpu", "models/cpu/1"})
    void followsNoLinkInThePlaceOfADirectory(String place, @TempDir Path elsewhere) throws IOException {
        Path link = path.resolve(place);
        Files.createDirectories(link.getParent());
        Files.createSymbolicLink(link, elsewhere);

        assertRefused(() -> store.save(version(1)), ModelsProblem.MODEL_NOT_SAVED);
        assertThat(elsewhere).isEmptyDirectory();

        Files.delete(link);
        StoredModel model = store.save(version(1));
        Path moved = elsewhere.resolve("moved");
        Files.move(link, moved);
        Files.createSymbolicLink(link, moved);

        assertThatThrownBy(() -> store.load(model)).isInstanceOf(Problem.class).hasMessageContaining("symbolic link");
        close();
        open();
        assertThat(moved).isNotEmptyDirectory(); // the sweep stays in the models' directory
    }

    /// Neither a half-written file nor a signature is written through a link.
    @ParameterizedTest
    @ValueSource(strings = {"model.safetensors.unfinished", "model.safetensors", "model.signature"})
    void writesThroughNoLinkInThePlaceOfAFile(String name, @TempDir Path elsewhere) throws IOException {
        Path target = Files.writeString(elsewhere.resolve("precious"), "kept");
        Path link = path.resolve("models/cpu/1").resolve(name);
        Files.createDirectories(link.getParent());
        Files.createSymbolicLink(link, target);

        StoredModel model = store.save(version(1));

        assertThat(target).hasContent("kept");
        assertThat(store.load(model)).isNotNull();
    }

    @Test
    void keepsFilesForTheirOwnerOnly() throws IOException {
        store.save(version(1));

        try (Stream<Path> all = Files.walk(path.resolve("models"))) {
            assertThat(all)
                    .allSatisfy(entry -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(entry)))
                            .isEqualTo(Files.isDirectory(entry) ? "rwx------" : "rw-------"));
        }
    }

    @Test
    void refusesAFileThatWasPutInPlaceOfAnother() throws IOException {
        StoredModel one = store.save(TestModels.saved(TestModels.specification("one", 4), 1));
        store.save(TestModels.saved(TestModels.specification("two", 4), 2));
        Files.copy(
                path.resolve("models/two/1/model.safetensors"),
                path.resolve("models/one/1/model.safetensors"),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);

        assertThatThrownBy(() -> store.load(one)).isInstanceOf(Problem.class).hasMessageContaining("another model");
    }

    private static SavedModel version(int version) {
        return TestModels.saved(TestModels.specification(NAME.value(), 4), version, version);
    }

    private static void assertRefused(ThrowingCallable work, ModelsProblem expected) {
        assertThatThrownBy(work)
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.type()).isEqualTo(expected));
    }
}
