package dev.telltale.models;

import dev.telltale.database.DataDirectory;
import dev.telltale.database.DataDirectoryUnusable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Signs the files of models with a key that belongs to one installation. The row in the database says
/// which file belongs to a version; the signature says that this installation put it there, so that a file
/// and a row which came from elsewhere together, such as from another data directory, are refused.
final class ModelSignature {

    /// Lies beside the model's file.
    static final String FILE = "model.signature";

    private static final String KEY_FILE = "telltale.key";
    private static final int KEY_BYTES = 32;
    private static final String ALGORITHM = "HmacSHA256";
    private static final int LONGEST_FILE = 1_000;

    private final Path keyFile;
    private final SecretKeySpec key;
    private final boolean isNew;

    private ModelSignature(Path keyFile, byte[] key, boolean isNew) {
        this.keyFile = keyFile;
        this.key = new SecretKeySpec(key, ALGORITHM);
        this.isNew = isNew;
    }

    /// With the key in this directory, or with a new one if it holds none; that is kept by `keep`.
    ///
    /// @throws DataDirectoryUnusable if what lies there is no key
    static ModelSignature of(Path dataDirectory) throws IOException {
        Path file = dataDirectory.resolve(KEY_FILE);
        if (Files.notExists(file, LinkOption.NOFOLLOW_LINKS)) {
            byte[] fresh = new byte[KEY_BYTES];
            new SecureRandom().nextBytes(fresh);
            return new ModelSignature(file, fresh, true);
        }
        byte[] key = read(file);
        if (key.length != KEY_BYTES) {
            throw new DataDirectoryUnusable(
                    "The key " + file + " is damaged: it has " + key.length + " bytes and needs " + KEY_BYTES + ".",
                    "Restore it from a copy; or remove it, and models whose files fit the database are signed anew.");
        }
        return new ModelSignature(file, key, false);
    }

    /// Whether nothing can have been signed with it yet.
    boolean isNew() {
        return isNew;
    }

    /// Puts the key on disk, readable for its owner only.
    void keep() throws IOException {
        Path unfinished = keyFile.resolveSibling(KEY_FILE + ".unfinished");
        write(unfinished, key.getEncoded());
        Files.move(unfinished, keyFile, StandardCopyOption.ATOMIC_MOVE);
        DataDirectory.force(ModelFile.parent(keyFile));
    }

    /// Signs a version's file.
    ///
    /// @param directory of the version
    /// @param sha256 the hash in the file
    void sign(Path directory, ModelName name, int version, String sha256) throws IOException {
        write(directory.resolve(FILE), text(name, version, sha256).getBytes(StandardCharsets.US_ASCII));
        DataDirectory.force(directory);
    }

    /// @param sha256 the hash in the version's file
    /// @throws DamagedFileException if this installation has not signed it as this version
    void check(Path directory, ModelName name, int version, String sha256) throws IOException, DamagedFileException {
        byte[] found;
        try {
            found = read(directory.resolve(FILE));
        } catch (NoSuchFileException e) {
            throw new DamagedFileException("its signature is not there");
        }
        // In constant time, as comparisons with a secret's offspring are made.
        if (!MessageDigest.isEqual(found, text(name, version, sha256).getBytes(StandardCharsets.US_ASCII))) {
            throw new DamagedFileException("its signature is not this installation's");
        }
    }

    private String text(ModelName name, int version, String sha256) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            byte[] signed = (name + "\n" + version + "\n" + sha256 + "\n").getBytes(StandardCharsets.US_ASCII);
            return "sha256 " + sha256 + "\nhmac-sha256 " + HexFormat.of().formatHex(mac.doFinal(signed)) + "\n";
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + ALGORITHM, e);
        }
    }

    private static byte[] read(Path file) throws IOException {
        try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(in.size(), LONGEST_FILE));
            while (bytes.hasRemaining() && in.read(bytes) >= 0) {}
            return bytes.array();
        }
    }

    private static void write(Path file, byte[] content) throws IOException {
        Files.deleteIfExists(file); // of a save that was cut short
        try (FileChannel out = DataDirectory.createFile(file)) {
            ByteBuffer bytes = ByteBuffer.wrap(content);
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            out.force(true);
        }
    }
}
