package dev.telltale.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.telltale.autoencoder.Weights;
import dev.telltale.autoencoder.Weights.Parameter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsTest {

    private static final String WEIGHT = "\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}";

    @TempDir
    private Path directory;

    @Test
    void givesBackWhatWasWritten() throws Exception {
        float[] many = new float[100_000]; // more than one chunk
        for (int i = 0; i < many.length; i++) {
            many[i] = i / 7f;
        }
        Weights weights = new Weights(List.of(
                new Parameter("encoder.0.linear.weight", List.of(1_000, 100), many),
                new Parameter("encoder.0.linear.bias", List.of(2), new float[] {-0.0f, Float.MIN_VALUE})));

        Weights read = read(write(Map.of("manifest", "äöü \"quoted\""), weights));

        assertThat(read.parameters())
                .extracting(Parameter::name)
                .containsExactly("encoder.0.linear.weight", "encoder.0.linear.bias");
        assertThat(read.parameters()).zipSatisfy(weights.parameters(), (found, expected) -> {
            assertThat(found.shape()).isEqualTo(expected.shape());
            assertThat(found.values()).containsExactly(expected.values());
        });
    }

    @Test
    void writesTheLayoutThatOthersRead() throws IOException {
        Path file = write(Map.of(), new Weights(List.of(new Parameter("w", List.of(2), new float[] {1, -2}))));

        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        byte[] header = new byte[(int) bytes.getLong()];
        bytes.get(header);
        assertThat(new String(header, StandardCharsets.UTF_8)).isEqualTo("{\"__metadata__\":{}," + WEIGHT + "}");
        assertThat(bytes.getFloat()).isEqualTo(1f);
        assertThat(bytes.getFloat()).isEqualTo(-2f);
        assertThat(bytes.hasRemaining()).isFalse();
    }

    @Test
    void readsAHeaderPaddedWithBlanks() throws Exception {
        assertThat(read(file("{" + WEIGHT + "}   ", 8)).count()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", // no JSON
                "{", // cut off
                "[]", // no object
                "{} {}", // more than one
                "{" + WEIGHT + "," + WEIGHT + "}", // a name twice
                "{\"__metadata__\":{\"a\":1}}", // metadata that is no text
                "{\"__metadata__\":[]}",
                "{\"w\":{\"dtype\":\"F16\",\"shape\":[4],\"data_offsets\":[0,8]}}", // another type
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,8]}}", // shape and bytes differ
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8],\"x\":1}}", // unknown field
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[0,8]}}",
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,0]}}", // backwards
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8.0]}}",
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[-8,0]}}",
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}", // a hole before
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", // bytes left over
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,16]}}", // more than the file has
                "{\"v\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}," + WEIGHT + "}", // overlap
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[65536,65536,65536,65536],\"data_offsets\":[0,0]}}",
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[[[[[[2]]]]]],\"data_offsets\":[0,8]}}",
            })
    void refusesAHeaderThatDoesNotFit(String header) {
        assertThatThrownBy(() -> read(file(header, 8))).isInstanceOf(DamagedFileException.class);
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 0, 1, 10_000, Integer.MAX_VALUE, Long.MAX_VALUE, Long.MIN_VALUE})
    void refusesAForgedHeaderLength(long length) throws IOException {
        Path file = file("{" + WEIGHT + "}", 8);
        byte[] bytes = Files.readAllBytes(file);
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(length);
        Files.write(file, bytes);

        assertThatThrownBy(() -> read(file)).isInstanceOf(DamagedFileException.class);
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void refusesValuesThatAreNotFinite(float value) throws IOException {
        Path file = write(Map.of(), new Weights(List.of(new Parameter("w", List.of(2), new float[] {1, value}))));

        assertThatThrownBy(() -> read(file))
                .isInstanceOf(DamagedFileException.class)
                .hasMessageContaining("w");
    }

    private Path write(Map<String, String> metadata, Weights weights) throws IOException {
        Path file = directory.resolve("model.safetensors");
        try (FileChannel out = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            Safetensors.write(out, metadata, weights);
        }
        return file;
    }

    private Path file(String header, int tensorBytes) throws IOException {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(8 + text.length + tensorBytes).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(text.length).put(text);
        return Files.write(directory.resolve("forged.safetensors"), bytes.array());
    }

    private static Weights read(Path file) throws IOException, DamagedFileException {
        try (FileChannel in = FileChannel.open(file)) {
            return Safetensors.readTensors(in, Safetensors.readHeader(in, 1 << 20));
        }
    }
}
