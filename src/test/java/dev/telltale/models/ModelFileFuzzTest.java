package dev.telltale.models;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.telltale.autoencoder.Weights.Parameter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/// Whatever bytes stand in a model's file: it is refused as damaged, or all its weights are finite and it comes back
/// when it is written and read.
class ModelFileFuzzTest {

    @TempDir
    static Path directory;

    @FuzzTest
    void header(byte[] json) {
        try {
            assertThat(SafetensorsHeader.parse(json)).isNotNull();
        } catch (DamagedFileException refused) {
            assertThat(refused).hasMessageMatching("(?s).+");
        }
    }

    @FuzzTest
    void file(byte[] bytes) throws IOException {
        Path file = directory.resolve("model.safetensors");
        Files.write(file, bytes);
        try {
            SavedModel model = ModelFile.read(file);
            for (Parameter parameter : model.weights().parameters()) {
                for (float value : parameter.values()) {
                    assertThat(value).isFinite();
                }
            }
            Path again = directory.resolve("again.safetensors");
            ModelFile.write(again, model.manifest(), model.weights());
            assertThat(ManifestJson.write(ModelFile.read(again).manifest()))
                    .isEqualTo(ManifestJson.write(model.manifest()));
        } catch (DamagedFileException refused) {
            assertThat(refused).hasMessageMatching("(?s).+");
        }
    }
}
