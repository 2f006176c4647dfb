package dev.telltale.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.telltale.database.DataDirectory;
import dev.telltale.database.DataDirectoryUnusable;
import dev.telltale.database.SqliteDatabase;
import dev.telltale.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelSignatureTest extends ModelStoreOnDisk {

    @Test
    void keepsAKeyThatOnlyItsOwnerMayRead() throws IOException {
        Path key = path.resolve("telltale.key");
        byte[] first = Files.readAllBytes(key);
        assertThat(first).hasSize(32);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
                .isEqualTo("rw-------");

        close();
        open();
        assertThat(Files.readAllBytes(key)).isEqualTo(first);
    }

    @ParameterizedTest
    @ValueSource(strings = {"missing", "empty", "changed", "of another version"})
    void refusesAModelWithoutItsSignature(String damage) throws IOException {
        StoredModel model = store.save(TestModels.saved(TestModels.specification("cpu", 4), 1, 1));
        store.save(TestModels.saved(TestModels.specification("cpu", 4), 2, 1));
        Path signature = path.resolve("models/cpu/1/model.signature");
        String text = Files.readString(signature);
        switch (damage) {
            case "missing" -> Files.delete(signature);
            case "empty" -> Files.writeString(signature, "");
            case "changed" -> Files.writeString(signature, text.replaceAll("[0-9a-f]\n$", "x\n"));
            default -> Files.writeString(signature, Files.readString(path.resolve("models/cpu/2/model.signature")));
        }

        assertThatThrownBy(() -> store.load(model)).isInstanceOf(Problem.class).hasMessageContaining("signature");
    }

    /// Somebody who can write to the volume and to the database copies both from an installation of his own.
    @Test
    void refusesAFileAndARowThatAnotherInstallationHasMade(@TempDir Path elsewhere) throws IOException {
        StoredModel model = store.save(TestModels.saved(TestModels.specification("cpu", 4), 1));
        close();
        try (DataDirectory other = DataDirectory.open(elsewhere);
                SqliteDatabase otherDatabase = SqliteDatabase.open(other)) {
            new DirectoryModelStore(elsewhere, otherDatabase, new DamagedModels(Stream::empty))
                    .save(TestModels.saved(TestModels.specification("cpu", 4), 2));
        }
        for (String file :
                new String[] {"telltale.db", "models/cpu/1/model.safetensors", "models/cpu/1/model.signature"}) {
            Files.write(path.resolve(file), Files.readAllBytes(elsewhere.resolve(file)));
        }
        open();

        StoredModel swapped = store.get(model.name());
        assertThat(swapped.sha256()).isNotEqualTo(model.sha256());
        assertThatThrownBy(() -> store.load(swapped))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("not this installation's");
    }

    /// The first release signed nothing and had no key.
    @Test
    void signsAtItsFirstStartWhatFitsItsRow() throws IOException {
        StoredModel sound = store.save(TestModels.saved(TestModels.specification("sound", 4), 1));
        StoredModel damaged = store.save(TestModels.saved(TestModels.specification("damaged", 4), 2));
        Files.delete(path.resolve("telltale.key"));
        for (String name : new String[] {"sound", "damaged"}) {
            Files.delete(path.resolve("models/" + name + "/1/model.signature"));
        }
        Files.copy(
                path.resolve("models/sound/1/model.safetensors"),
                path.resolve("models/damaged/1/model.safetensors"),
                StandardCopyOption.REPLACE_EXISTING);
        close();
        open();

        assertThat(store.load(sound)).isNotNull();
        assertThatThrownBy(() -> store.load(damaged)).isInstanceOf(Problem.class);
        assertThat(path.resolve("models/damaged/1/model.signature")).doesNotExist();
    }

    /// The key is kept last, so that a start which was cut short begins anew.
    @Test
    void signsAnewWithAnotherKeyAfterAStartThatWasCutShort() throws IOException {
        StoredModel model = store.save(TestModels.saved("cpu"));
        Files.move(path.resolve("telltale.key"), path.resolve("telltale.key.unfinished"));
        close();
        open();

        assertThat(store.load(model)).isNotNull();
        assertThat(path.resolve("telltale.key.unfinished")).doesNotExist();
    }

    @Test
    void doesNotStartWithADamagedKey() throws IOException {
        close();
        Files.write(path.resolve("telltale.key"), new byte[31]);

        assertThatThrownBy(this::open)
                .isInstanceOf(DataDirectoryUnusable.class)
                .hasMessageContaining("telltale.key is damaged");
    }
}
