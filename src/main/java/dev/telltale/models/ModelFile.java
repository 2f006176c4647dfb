package dev.telltale.models;

import dev.telltale.autoencoder.Architecture;
import dev.telltale.autoencoder.Layer;
import dev.telltale.autoencoder.LayerDescription;
import dev.telltale.autoencoder.Weights;
import dev.telltale.autoencoder.Weights.Parameter;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// One saved model: a safetensors file with the manifest in its metadata, and beside it a hash over the
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
        Path directory = Files.createDirectories(parent(file));
        Path unfinished = directory.resolve(file.getFileName() + UNFINISHED);
        Files.deleteIfExists(unfinished);
        try {
            try (FileChannel out =
                    FileChannel.open(unfinished, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                Safetensors.write(out, metadata, weights);
                out.force(true);
            }
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(unfinished);
        }
        force(directory);
        return hash;
    }

    /// Puts the entries of a directory on disk.
    static void force(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /// Reads a file and believes nothing: size, header, layout, hash, format version, manifest, and names
    /// and shapes of the tensors are checked, in this order.
    ///
    /// @param sha256 the hash that was returned when it was written
    /// @throws DamagedFileException with what is wrong
    static SavedModel read(Path file, String sha256) throws IOException, DamagedFileException {
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
            if (!sha256.equals(header.metadata().get(HASH))) {
                throw new DamagedFileException("it is the file of another model");
            }
            Manifest manifest = ManifestJson.read(text);
            checkTensors(manifest.layers(), weights);
            return new SavedModel(manifest, weights);
        }
    }

    private static Path parent(Path file) {
        return Objects.requireNonNull(file.toAbsolutePath().getParent());
    }

    private static void checkTensors(List<LayerDescription> layers, Weights weights) throws DamagedFileException {
        Map<String, List<Integer>> expected = new LinkedHashMap<>();
        for (LayerDescription layer : layers) {
            if (layer.layer() instanceof Layer.Linear) {
                expected.put(layer.name() + ".weight", List.of(layer.outputs(), layer.inputs()));
                expected.put(layer.name() + ".bias", List.of(layer.outputs()));
            }
        }
        Map<String, List<Integer>> found = new LinkedHashMap<>();
        for (Parameter parameter : weights.parameters()) {
            found.put(parameter.name(), parameter.shape());
        }
        if (!found.equals(expected)) {
            throw new DamagedFileException("its tensors " + found + " are not those of its architecture, " + expected);
        }
    }

    private static String hash(String manifest, Weights weights) {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
        digest.update(manifest.getBytes(StandardCharsets.UTF_8));
        Safetensors.digest(weights, digest);
        return HexFormat.of().formatHex(digest.digest());
    }
}
