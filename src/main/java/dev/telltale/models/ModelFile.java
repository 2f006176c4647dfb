package dev.telltale.models;

import dev.telltale.autoencoder.Architecture;
import dev.telltale.autoencoder.LayerDescription;
import dev.telltale.autoencoder.Weights;
import dev.telltale.autoencoder.Weights.Parameter;
import dev.telltale.database.DataDirectory;
import dev.telltale.detection.CutForest;
import dev.telltale.http.Sha256;
import dev.telltale.models.ModelSpecification.Partner;
import dev.telltale.signal.Scaling;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/// One saved model: a safetensors file with the manifest in its metadata, and beside that a hash over the
/// manifest and the tensors, so that no changed byte goes unseen.
final class ModelFile {

    static final long LARGEST = Safetensors.LONGEST_HEADER + Architecture.MOST_PARAMETERS * Float.BYTES + Long.BYTES;

    private static final String MANIFEST = "manifest";
    private static final String HASH = "sha256";
    private static final String UNFINISHED = ".unfinished";

    private ModelFile() {}

    /// Writes a file that is there whole or not at all, even if the machine stops meanwhile: it gets its
    /// name only when all of it is on disk.
    ///
    /// @return the hash in the file, 64 hexadecimal digits
    static String write(Path file, Manifest manifest, Weights weights) throws IOException {
        String text = ManifestJson.write(manifest);
        String hash = hash(text, weights);
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put(MANIFEST, text);
        metadata.put(HASH, hash);
        Path directory = DataDirectory.createDirectories(parent(file));
        Path unfinished = directory.resolve(file.getFileName() + UNFINISHED);
        Files.deleteIfExists(unfinished);
        try {
            try (FileChannel out = DataDirectory.createFile(unfinished)) {
                Safetensors.write(out, metadata, weights);
                out.force(true);
            }
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(unfinished);
        }
        DataDirectory.force(directory);
        return hash;
    }

    /// Reads a file and believes nothing: size, header, layout, hash, format version, manifest, and names
    /// and shapes of the tensors are checked, in this order.
    ///
    /// @param sha256 the hash that was returned when it was written
    /// @throws DamagedFileException with what is wrong
    static SavedModel read(Path file, String sha256) throws IOException, DamagedFileException {
        return read(file, Optional.of(sha256));
    }

    /// As `read`, a file of which nobody says which model it is: it needs to be whole in itself only.
    static SavedModel read(Path file) throws IOException, DamagedFileException {
        return read(file, Optional.empty());
    }

    private static SavedModel read(Path file, Optional<String> sha256) throws IOException, DamagedFileException {
        try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            SafetensorsHeader header = Safetensors.readHeader(in, LARGEST);
            if (!header.metadata().keySet().equals(Set.of(MANIFEST, HASH))) {
                throw new DamagedFileException("its metadata are not those of a model");
            }
            Weights weights = Safetensors.readTensors(in, header);
            String text = String.valueOf(header.metadata().get(MANIFEST));
            if (!hash(text, weights).equals(header.metadata().get(HASH))) {
                throw new DamagedFileException("its content is not what was saved: the hash differs");
            }
            if (sha256.filter(expected -> !expected.equals(header.metadata().get(HASH)))
                    .isPresent()) {
                throw new DamagedFileException("it is the file of another model");
            }
            Manifest manifest = ManifestJson.read(text);
            checkTensors(manifest, weights);
            return new SavedModel(manifest, weights);
        }
    }

    static Path parent(Path file) {
        return Objects.requireNonNull(file.toAbsolutePath().getParent());
    }

    /// Their order counts too: the hash covers their bytes, not their names, so that two tensors of one shape
    /// could have changed names.
    private static void checkTensors(Manifest manifest, Weights weights) throws DamagedFileException {
        List<String> expected = new ArrayList<>();
        for (LayerDescription layer : manifest.layers()) {
            layer.parameterShapes().forEach(parameter -> expected.add(parameter.name() + parameter.shape()));
        }
        if (manifest.specification().partner().equals(Optional.of(Partner.RANDOM_CUT_FOREST))) {
            expected.add(Hybrid.POINTS + pointsOf(manifest.specification(), weights));
        }
        List<String> found = weights.parameters().stream()
                .map(parameter -> parameter.name() + parameter.shape())
                .toList();
        for (int i = 0; i < Math.max(found.size(), expected.size()); i++) {
            String there = i < found.size() ? found.get(i) : "none";
            String wanted = i < expected.size() ? expected.get(i) : "none";
            if (!there.equals(wanted)) {
                throw new DamagedFileException("its tensors are not those of its architecture: number " + (i + 1)
                        + " should be " + wanted + ", is " + there);
            }
        }
    }

    /// The shape that a forest's points have: as many as there are, if no more than a forest has.
    private static List<Integer> pointsOf(ModelSpecification specification, Weights weights)
            throws DamagedFileException {
        int width = CutForest.rows(
                        specification.windowing().length(),
                        specification.series().size())
                * specification.series().size();
        int count = 0;
        for (Parameter parameter : weights.parameters()) {
            if (parameter.name().equals(Hybrid.POINTS)) {
                count = parameter.values().length / width;
                for (float value : parameter.values()) {
                    if (Math.abs(value) > Scaling.LIMIT) {
                        throw new DamagedFileException(
                                "tensor " + Hybrid.POINTS + " holds " + value + ", no scaled value");
                    }
                }
            }
        }
        return List.of(Math.clamp(count, 1, CutForest.MOST_POINTS), width);
    }

    private static String hash(String manifest, Weights weights) {
        MessageDigest digest = Sha256.digest();
        digest.update(manifest.getBytes(StandardCharsets.UTF_8));
        Safetensors.digest(weights, digest);
        return HexFormat.of().formatHex(digest.digest());
    }
}
