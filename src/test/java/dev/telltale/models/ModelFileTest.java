package dev.telltale.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.telltale.autoencoder.Weights;
import dev.telltale.autoencoder.Weights.Parameter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFileTest {

    private static final int MUTATIONS = 400;

    @TempDir
    private Path directory;

    private byte[] written = {};
    private String writtenHash = "";

    @BeforeEach
    void write() throws IOException {
        SavedModel model = TestModels.hybrid("cpu");
        Path file = directory.resolve("model.safetensors");
        writtenHash = ModelFile.write(file, model.manifest(), model.weights());
        written = Files.readAllBytes(file);
        assertThat(new String(written, StandardCharsets.ISO_8859_1)).contains(writtenHash);
    }

    @Test
    void givesBackTheModelThatWasWritten() throws Exception {
        SavedModel model = TestModels.hybrid("cpu");
        Path file = directory.resolve("cpu/1/model.safetensors");

        String hash = ModelFile.write(file, model.manifest(), model.weights());
        SavedModel read = ModelFile.read(file, hash);

        assertThat(ManifestJson.write(read.manifest())).isEqualTo(ManifestJson.write(model.manifest()));
        assertThat(read.manifest().specification()).isEqualTo(model.manifest().specification());
        assertThat(read.weights().parameters()).zipSatisfy(model.weights().parameters(), (found, expected) -> {
            assertThat(found.name()).isEqualTo(expected.name());
            assertThat(found.shape()).isEqualTo(expected.shape());
            assertThat(found.values()).containsExactly(expected.values());
        });
    }

    @Test
    void leavesNothingBesideTheFile() throws IOException {
        SavedModel model = TestModels.saved("cpu");

        ModelFile.write(directory.resolve("model.safetensors"), model.manifest(), model.weights());

        assertThat(directory).isDirectoryNotContaining("glob:**unfinished*");
    }

    @Test
    void refusesEveryFlippedBit() throws IOException {
        Random random = new Random(7);
        for (int i = 0; i < MUTATIONS; i++) {
            byte[] bytes = written.clone();
            // Half of them in the first kilobyte, where the header says what is where.
            int at = random.nextInt(i % 2 == 0 ? 1024 : bytes.length);
            bytes[at] ^= (byte) (1 << random.nextInt(8));
            assertRefused(bytes, writtenHash, "bit flipped in byte " + at);
        }
    }

    @Test
    void refusesEveryTruncationAndEveryTrailingByte() throws IOException {
        Random random = new Random(8);
        for (int i = 0; i < MUTATIONS; i++) {
            int length = i < 16 ? i : random.nextInt(written.length);
            assertRefused(Arrays.copyOf(written, length), writtenHash, "cut to " + length + " bytes");
        }
        assertRefused(Arrays.copyOf(written, written.length + 1), writtenHash, "one byte more");
    }

    @Test
    void refusesForgedHeaderLengths() throws IOException {
        Random random = new Random(9);
        for (int i = 0; i < MUTATIONS; i++) {
            byte[] bytes = written.clone();
            long length = i % 2 == 0 ? random.nextLong() : random.nextInt(2 * bytes.length);
            ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
            if (buffer.getLong(0) != length) {
                buffer.putLong(0, length);
                assertRefused(bytes, writtenHash, "header of " + length + " bytes");
            }
        }
    }

    @Test
    void refusesZeroedBlocks() throws IOException {
        Random random = new Random(10);
        for (int i = 0; i < MUTATIONS; i++) {
            byte[] bytes = written.clone();
            int from = random.nextInt(bytes.length - 8);
            Arrays.fill(bytes, from, Math.min(bytes.length, from + 512), (byte) 0);
            assertRefused(bytes, writtenHash, "zeroes from " + from);
        }
    }

    @Test
    void refusesTwoTensorsOfOneShapeInEachOthersPlace() throws IOException {
        SavedModel model = TestModels.saved("cpu");
        List<Parameter> swapped = new ArrayList<>(model.weights().parameters());
        Parameter encoder = swapped.get(1);
        Parameter decoder = swapped.get(5);
        assertThat(encoder.shape()).isEqualTo(decoder.shape());
        swapped.set(1, new Parameter(encoder.name(), encoder.shape(), decoder.values()));
        swapped.set(5, new Parameter(decoder.name(), decoder.shape(), encoder.values()));
        Path file = directory.resolve("model.safetensors");
        String hash = ModelFile.write(file, model.manifest(), model.weights());
        ModelFile.write(file, model.manifest(), new Weights(swapped));

        assertThat(read(file, hash)).contains("another model");
    }

    @Test
    void refusesWeightsOfAnotherArchitectureEvenWithARightHash() throws IOException {
        SavedModel model = TestModels.saved("cpu");
        List<Parameter> parameters = new ArrayList<>(model.weights().parameters());
        Path file = directory.resolve("order.safetensors");

        Collections.swap(parameters, 0, 1);
        String reordered = ModelFile.write(file, model.manifest(), new Weights(parameters));
        assertThat(read(file, reordered)).contains("not those of its architecture");

        Collections.swap(parameters, 0, 1);
        parameters.removeLast();
        String lacking = ModelFile.write(file, model.manifest(), new Weights(parameters));
        assertThat(read(file, lacking)).contains("not those of its architecture");

        parameters.add(new Parameter("decoder.9.linear.bias", List.of(4), new float[4]));
        String renamed = ModelFile.write(file, model.manifest(), new Weights(parameters));
        assertThat(read(file, renamed)).contains("not those of its architecture");
    }

    @Test
    void refusesPointsThatNoForestIsMadeOf() throws IOException {
        SavedModel model = TestModels.hybrid("cpu");
        float[] beyond = new float[8];
        beyond[3] = 1e7f;

        assertThat(readWith(model, List.of())).contains("number 9 should be partner.points[1, 8], is none");
        assertThat(readWith(model, List.of(new Parameter(Hybrid.POINTS, List.of(3, 4), new float[12]))))
                .contains("should be partner.points[1, 8], is partner.points[3, 4]");
        assertThat(readWith(model, List.of(new Parameter(Hybrid.POINTS, List.of(2049, 8), new float[2049 * 8]))))
                .contains("should be partner.points[2048, 8], is partner.points[2049, 8]");
        assertThat(readWith(model, List.of(new Parameter(Hybrid.POINTS, List.of(1, 8), beyond))))
                .contains("partner.points holds 1.0E7");
        assertThat(readWith(
                        TestModels.saved("cpu"), List.of(new Parameter(Hybrid.POINTS, List.of(1, 4), new float[4]))))
                .contains("number 9 should be none, is partner.points[1, 4]");
    }

    private String readWith(SavedModel model, List<Parameter> points) throws IOException {
        List<Parameter> tensors = new ArrayList<>(model.network().parameters());
        tensors.addAll(points);
        Path file = directory.resolve("points.safetensors");
        return read(file, ModelFile.write(file, model.manifest(), new Weights(tensors)));
    }

    /// What a file says of itself reaches messages and logs.
    @Test
    void repeatsNeitherLongNorBrokenNamesOfTensors() throws IOException {
        SavedModel model = TestModels.saved("cpu");
        Path file = directory.resolve("named.safetensors");
        for (String name : List.of("x".repeat(40_000), "broken\nline", "escape\u001b[2J")) {
            List<Parameter> parameters = new ArrayList<>(model.weights().parameters());
            parameters.add(new Parameter(name, List.of(1), new float[1]));
            String hash = ModelFile.write(file, model.manifest(), new Weights(parameters));

            assertThat(read(file, hash))
                    .startsWith("the header's entry '")
                    .endsWith("' is not well-formed")
                    .hasSizeLessThan(200)
                    .matches("[^\\p{Cntrl}]*");
        }
    }

    @Test
    void namesTheFirstTensorThatIsNotOneOfTheArchitecture() throws IOException {
        SavedModel model = TestModels.saved("cpu");
        List<Parameter> parameters = new ArrayList<>(model.weights().parameters());
        for (int i = 0; i < 10_000; i++) {
            parameters.add(new Parameter("more." + i, List.of(1), new float[1]));
        }
        Path file = directory.resolve("many.safetensors");
        String hash = ModelFile.write(file, model.manifest(), new Weights(parameters));

        assertThat(read(file, hash))
                .isEqualTo("its tensors are not those of its architecture: number 9 should be none, is more.0[1]");
    }

    /// The hash covers the bytes of the tensors, in their order, and not their names.
    @Test
    void refusesTwoTensorsOfOneShapeUnderEachOthersName() throws IOException {
        Path file = directory.resolve("renamed.safetensors");
        String text = new String(written, StandardCharsets.ISO_8859_1)
                .replace("\"encoder.0.linear.bias\"", "\"?\"")
                .replace("\"decoder.0.linear.bias\"", "\"encoder.0.linear.bias\"")
                .replace("\"?\"", "\"decoder.0.linear.bias\"");
        assertThat(text).hasSize(written.length);
        Files.write(file, text.getBytes(StandardCharsets.ISO_8859_1));

        assertThat(read(file, writtenHash)).contains("not those of its architecture");
    }

    @Test
    void refusesTheFileOfAnotherModel() throws IOException {
        SavedModel one = TestModels.saved(TestModels.specification("one", 4), 1);
        SavedModel other = TestModels.saved(TestModels.specification("one", 4), 2);
        Path file = directory.resolve("model.safetensors");
        String hash = ModelFile.write(file, one.manifest(), one.weights());
        ModelFile.write(file, other.manifest(), other.weights());

        assertThat(read(file, hash)).contains("another model");
    }

    @Test
    void namesAFormatVersionThatItDoesNotKnow() {
        String text = ManifestJson.write(TestModels.saved("cpu").manifest())
                .replace("\"formatVersion\":3", "\"formatVersion\":7");

        assertThatThrownBy(() -> ManifestJson.read(text))
                .isInstanceOf(DamagedFileException.class)
                .hasMessageContaining("format version 7");
    }

    /// A model that the first release has trained and saved.
    @Test
    void readsAFileOfFormatVersion1() throws Exception {
        Path file = Files.write(directory.resolve("first.safetensors"), resource("format-1.safetensors"));

        SavedModel model = ModelFile.read(file, "3418d647c2a5b99eba599b45b3d1392b14506e9c17da8b5c3a7b83ff07734877");

        assertThat(model.manifest().formatVersion()).isEqualTo(3);
        assertThat(model.manifest().name()).isEqualTo(new ModelName("first-release"));
        assertThat(model.manifest().scoring().line()).isEqualTo(0.7192193206625949);
        assertThat(model.weights().count()).isEqualTo(35);
        Evaluation evaluation = model.manifest().evaluation();
        assertThat(evaluation.curves()).isEqualTo(Curves.NONE);
        assertThat(evaluation.baselines()).isEmpty();
        assertThat(evaluation.evidence()).isEmpty();
        assertThat(model.manifest().partner()).isNull();
        assertThat(evaluation.test().vusPr()).isNull();
        assertThat(evaluation.reasons())
                .containsEntry("vusPr", "the release that trained this model did not measure it");
    }

    @Test
    void refusesAManifestWithAnUnknownField() {
        String text = ManifestJson.write(TestModels.saved("cpu").manifest()).replaceFirst("\\{", "{\"surprise\":1,");

        assertThatThrownBy(() -> ManifestJson.read(text)).isInstanceOf(DamagedFileException.class);
    }

    @Test
    void doesNotFollowALink() throws IOException {
        Path link = Files.createSymbolicLink(directory.resolve("link"), directory.resolve("model.safetensors"));

        assertThatThrownBy(() -> ModelFile.read(link, writtenHash)).isInstanceOf(IOException.class);
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(ModelFileTest.class.getResourceAsStream(name))) {
            return in.readAllBytes();
        }
    }

    private void assertRefused(byte[] bytes, String hash, String mutation) throws IOException {
        Path file = Files.write(directory.resolve("mutant.safetensors"), bytes);
        assertThat(read(file, hash)).as(mutation).isNotEmpty();
    }

    /// Why the file is refused, empty if it is not.
    private static String read(Path file, String hash) throws IOException {
        try {
            ModelFile.read(file, hash);
            return "";
        } catch (DamagedFileException e) {
            return String.valueOf(e.getMessage());
        }
    }
}
