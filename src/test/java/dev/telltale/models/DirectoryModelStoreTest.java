package dev.telltale.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.telltale.database.DataDirectory;
import dev.telltale.database.SqliteDatabase;
import dev.telltale.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryModelStoreTest {

    @TempDir
    private Path path;

    private DataDirectory directory;
    private SqliteDatabase database;
    private DirectoryModelStore store;

    @BeforeEach
    void open() {
        directory = DataDirectory.open(path);
        database = SqliteDatabase.open(directory);
        store = new DirectoryModelStore(path.resolve("models"), database);
    }

    @AfterEach
    void close() {
        database.close();
        directory.close();
    }

    @Test
    void findsWhatWasSavedAlsoAfterARestart() {
        SavedModel model = TestModels.saved("cpu");
        StoredModel stored = store.save(model);
        close();
        open();

        assertThat(store.find(new ModelName("cpu"))).contains(stored);
        assertThat(ManifestJson.write(store.load(stored).manifest())).isEqualTo(ManifestJson.write(model.manifest()));
        assertThat(stored.parameters()).isEqualTo(model.weights().count());
    }

    @Test
    void keepsTheFirstOfTwoModelsOfOneName() {
        StoredModel first = store.save(TestModels.saved(TestModels.specification("cpu", 4), 1));

        assertThatThrownBy(() -> store.save(TestModels.saved(TestModels.specification("cpu", 4), 2)))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.type()).isEqualTo(ModelsProblem.MODEL_EXISTS));
        assertThat(store.load(first).manifest().name()).isEqualTo(new ModelName("cpu"));
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

        assertThat(store.delete(new ModelName("cpu"))).isTrue();
        assertThat(store.delete(new ModelName("cpu"))).isFalse();
        assertThat(store.find(new ModelName("cpu"))).isEmpty();
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
        assertThat(store.delete(lost.name())).isTrue();
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
}
