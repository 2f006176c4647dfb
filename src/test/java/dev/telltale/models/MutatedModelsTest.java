package dev.telltale.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import dev.telltale.models.ModelMutation.Saved;
import dev.telltale.problem.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Saved models whose bytes were changed: every one is refused before it serves, and none makes the reader
/// take much more memory than a sound file does. `bench/release/mutations` does it for long.
class MutatedModelsTest extends ModelStoreOnDisk {

    private static final int USUALLY = 10_000;
    private static final int MUTATIONS = Integer.getInteger("mutations", USUALLY);
    private static final long SEED = Long.getLong("mutations.seed", 61);
    private static final int BETWEEN_LOOKS = 500;

    /// A sound file of 6 KB takes 0.2 MB to read.
    private static final long MOST_ALLOCATED = 2 << 20;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private StoredModel victim;
    private StoredModel bystander;
    private Saved sound;
    private Saved older;
    private Saved other;

    /// Small files of a real training, so that their heads, manifests and tensors are of like size.
    @BeforeEach
    void save() throws IOException, DamagedFileException {
        store.save(small("cpu", 1, 1));
        victim = store.save(small("cpu", 2, 2), true);
        bystander = store.save(small("memory", 1, 3));
        sound = read("cpu/2");
        older = read("cpu/1");
        other = read("memory/1");
    }

    @Test
    void refusesEveryMutationOfAStoredModelAndServesTheOthers() throws IOException {
        Random random = new Random(SEED);
        List<ModelMutation> kinds = List.of(ModelMutation.values());
        Map<ModelMutation, Integer> refused = new EnumMap<>(ModelMutation.class);
        for (int i = 0; i < MUTATIONS / 2; i++) {
            ModelMutation kind = kinds.get(i % kinds.size());
            Saved changed = change(kind, random);
            write(changed);
            long before = allocated();
            try {
                store.load(victim);
                fail("%s, number %d of seed %d, was served", kind, i, SEED);
            } catch (Problem problem) {
                long taken = allocated() - before;
                assertThat(problem.type()).isEqualTo(ModelsProblem.MODEL_CORRUPT);
                assertThat(problem.detail()).contains("version 2 of model 'cpu'");
                assertThat(taken).as("%s, number %d", kind, i).isLessThan(MOST_ALLOCATED);
                refused.merge(kind, 1, Integer::sum);
            }
            if (i % BETWEEN_LOOKS == 0) {
                assertThat(store.load(bystander)).isNotNull();
                write(sound);
                assertThat(store.load(victim)).isNotNull();
            }
        }
        System.out.println("stored models: " + MUTATIONS / 2 + " mutations, all refused: " + refused);
    }

    /// What comes from elsewhere has no row and no signature: what it holds must not fit together.
    @Test
    void refusesEveryMutationOfAFileThatComesFromElsewhere() throws IOException {
        Random random = new Random(SEED + 1);
        List<ModelMutation> kinds = List.of(ModelMutation.values()).stream()
                .filter(ModelMutation::isSeenInTheFileAlone)
                .toList();
        Path file = path.resolve("foreign.safetensors");
        for (int i = 0; i < MUTATIONS / 2; i++) {
            ModelMutation kind = kinds.get(i % kinds.size());
            Files.write(file, change(kind, random).model());
            assertRefused(file, kind + ", number " + i + " of seed " + (SEED + 1));
        }
        System.out.println("files from elsewhere: " + MUTATIONS / 2 + " mutations, all refused");
    }

    /// One bit in most bytes, each of the eight in turn; every bit where more mutations are asked for.
    @Test
    void refusesFlippedBitsFromTheFirstByteToTheLast() throws IOException {
        Path file = Files.write(path.resolve("foreign.safetensors"), sound.model());
        int step = MUTATIONS > USUALLY ? 1 : Byte.SIZE + 1;
        int bits = Byte.SIZE * sound.model().length;
        int flipped = 0;
        try (FileChannel bytes = FileChannel.open(file, StandardOpenOption.WRITE)) {
            for (int bit = 0; bit < bits; bit += step) {
                int at = bit / Byte.SIZE;
                put(bytes, at, sound.model()[at] ^ 1 << bit % Byte.SIZE);
                assertRefused(file, "bit " + bit % Byte.SIZE + " of byte " + at);
                put(bytes, at, sound.model()[at]);
                flipped++;
            }
        }
        System.out.println("flipped bits: " + flipped + " of " + bits + ", all refused");
    }

    /// The longest header that is read at all, all of it names of tensors.
    @Test
    void readsNoHeaderThatWouldTakeManyTimesItsLength() throws IOException {
        StringBuilder header = new StringBuilder("{");
        for (int i = 0; header.length() < Safetensors.LONGEST_HEADER - 100; i++) {
            header.append("\"%d\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[%d,%d]},"
                    .formatted(i, 4 * i, 4 * i + 4));
        }
        header.setCharAt(header.length() - 1, '}');
        byte[] text = header.toString().getBytes(StandardCharsets.US_ASCII);
        Path file = Files.write(
                path.resolve("foreign.safetensors"),
                ByteBuffer.allocate(Long.BYTES + text.length)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(text.length)
                        .put(text)
                        .array());
        long before = allocated();

        assertThatThrownBy(() -> ModelFile.read(file)).isInstanceOf(DamagedFileException.class);
        assertThat(allocated() - before).isLessThan(8L * Safetensors.LONGEST_HEADER);
    }

    private static void assertRefused(Path file, String mutation) throws IOException {
        long before = allocated();
        try {
            ModelFile.read(file);
            fail("%s was read", mutation);
        } catch (DamagedFileException refused) {
            assertThat(allocated() - before).as(mutation).isLessThan(MOST_ALLOCATED);
            assertThat(refused.getMessage()).isNotBlank().hasSizeLessThan(500);
        }
    }

    /// One that changes something.
    private Saved change(ModelMutation kind, Random random) {
        while (true) {
            Saved changed = kind.of(sound, older, other, random);
            if (!changed.isAs(sound)) {
                return changed;
            }
        }
    }

    private static SavedModel small(String name, int version, int seed) throws IOException, DamagedFileException {
        try (InputStream in =
                Objects.requireNonNull(MutatedModelsTest.class.getResourceAsStream("format-1.safetensors"))) {
            Path file = Files.createTempFile("small", ".safetensors");
            try {
                Files.write(file, in.readAllBytes());
                Manifest trained =
                        ModelFile.read(file).manifest().importedAs(new ModelName(name), version, Instant.EPOCH);
                return new SavedModel(trained, TestModels.weights(trained.specification(), seed));
            } finally {
                Files.delete(file);
            }
        }
    }

    private Saved read(String version) throws IOException {
        Path directory = path.resolve("models").resolve(version);
        return new Saved(
                Files.readAllBytes(directory.resolve("model.safetensors")),
                Files.readAllBytes(directory.resolve("model.signature")));
    }

    private void write(Saved files) throws IOException {
        Path directory = path.resolve("models/cpu/2");
        Files.write(directory.resolve("model.safetensors"), files.model());
        Files.write(directory.resolve("model.signature"), files.signature());
    }

    private static void put(FileChannel file, int at, int value) throws IOException {
        file.write(ByteBuffer.wrap(new byte[] {(byte) value}), at);
    }

    private static long allocated() {
        return THREADS.getCurrentThreadAllocatedBytes();
    }
}
