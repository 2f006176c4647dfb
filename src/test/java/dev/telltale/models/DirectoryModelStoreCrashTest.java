package dev.telltale.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What the next start finds when the process ends in the middle of a save or a delete: the model is there
/// whole or not at all, the others are there, and nothing else lies around.
class DirectoryModelStoreCrashTest extends ModelStoreOnDisk {

    private static final ModelName NAME = new ModelName("cpu");

    /// The steps of a save and of a delete, in their order.
    enum End {
        DIRECTORY_MADE(false),
        VERSION_DIRECTORY_MADE(false),
        FILE_BEGUN(false),
        HEADER_WRITTEN(false),
        FILE_WRITTEN(false),
        FILE_RENAMED(false),
        FILE_SIGNED(false),
        ROW_WRITTEN(true),
        ROW_DELETED(false),
        FILE_DELETED(false),
        VERSION_DIRECTORY_DELETED(false);

        private final boolean isThere;

        End(boolean isThere) {
            this.isThere = isThere;
        }

        /// Leaves on disk what is there after this step.
        ///
        /// @param whole the bytes of the finished file
        void leave(Path ofName, byte[] whole) throws IOException {
            Path ofVersion = ofName.resolve("1");
            Path file = ofVersion.resolve("model.safetensors");
            Path unfinished = ofVersion.resolve("model.safetensors.unfinished");
            switch (this) {
                case DIRECTORY_MADE, VERSION_DIRECTORY_DELETED -> Files.createDirectories(ofName);
                case VERSION_DIRECTORY_MADE, FILE_DELETED -> Files.createDirectories(ofVersion);
                case FILE_BEGUN -> write(unfinished, new byte[0]);
                case HEADER_WRITTEN -> write(unfinished, Arrays.copyOf(whole, whole.length / 2));
                case FILE_WRITTEN -> write(unfinished, whole);
                case FILE_RENAMED -> write(file, whole);
                case FILE_SIGNED, ROW_WRITTEN, ROW_DELETED -> {
                    write(file, whole);
                    write(ofVersion.resolve("model.signature"), new byte[1]);
                }
            }
        }

        private static void write(Path file, byte[] bytes) throws IOException {
            Files.createDirectories(file.getParent());
            Files.write(file, bytes);
        }
    }

    @ParameterizedTest
    @EnumSource
    void findsTheModelWholeOrNotAtAll(End end) throws IOException {
        store.save(TestModels.saved("other"));
        SavedModel model = TestModels.saved(NAME.value());
        store.save(model);
        Path ofName = path.resolve("models/cpu");
        byte[] whole = Files.readAllBytes(ofName.resolve("1/model.safetensors"));
        if (!end.isThere) {
            store.delete(NAME);
            end.leave(ofName, whole);
        }
        close();
        open();

        assertThat(store.find(NAME).isPresent()).isEqualTo(end.isThere);
        assertThat(files()).isEqualTo(end.isThere ? List.of("cpu", "other") : List.of("other"));
        assertThat(store.load(store.get(new ModelName("other")))).isNotNull();
        if (!end.isThere) {
            store.save(model);
        }
        assertThat(ManifestJson.write(store.load(store.get(NAME)).manifest()))
                .isEqualTo(ManifestJson.write(model.manifest()));
    }

    /// A file whose save was reported as failed, since its row could not be written, does not stand in the way.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void savesOverWhatAFailedSaveLeft(boolean unfinished) throws IOException {
        Path left = path.resolve("models/cpu/1/model.safetensors" + (unfinished ? ".unfinished" : ""));
        Files.createDirectories(left.getParent());
        Files.writeString(left, "half");

        StoredModel saved = store.save(TestModels.saved(NAME.value()));

        assertThat(store.load(saved)).isNotNull();
        assertThat(files()).containsExactly("cpu");
    }

    /// The models whose version 1 has its file, after a check that nothing else is there.
    private List<String> files() throws IOException {
        Path models = path.resolve("models");
        try (Stream<Path> tree = Files.walk(models)) {
            List<String> found = tree.filter(entry -> !entry.equals(models))
                    .map(entry -> models.relativize(entry).toString())
                    .sorted()
                    .toList();
            List<String> names =
                    found.stream().filter(entry -> !entry.contains("/")).toList();
            assertThat(found)
                    .containsExactlyElementsOf(names.stream()
                            .flatMap(name -> Stream.of(
                                    name, name + "/1", name + "/1/model.safetensors", name + "/1/model.signature"))
                            .sorted()
                            .toList());
            return names;
        }
    }
}
