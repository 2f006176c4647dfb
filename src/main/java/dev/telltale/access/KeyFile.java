package dev.telltale.access;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The file that gives a container its first key, an admin's.
final class KeyFile {

    static final String NAME = "key-file";

    private static final Logger LOG = LoggerFactory.getLogger(KeyFile.class);
    private static final int MOST_BYTES = 256;
    private static final String ADVICE =
            "Write one key into it, as `java -jar telltale.jar keys generate` prints it, readable for this user.";

    private KeyFile() {}

    /// Makes the file's key one of the service's, unless it is already. One that was revoked stays revoked.
    ///
    /// @throws AccessRefused if the file cannot be read, holds no key, or holds another secret for a known id
    static void takeIn(Path file, Keys keys) {
        KeyText text = read(file);
        if (keys.find(text.id()).isEmpty()
                && keys.add(text, NAME, Set.of(Role.ADMIN), null, NAME).isPresent()) {
            return;
        }
        if (!keys.isSame(text)) { // it was there, or another process took it in just now
            throw new AccessRefused(
                    "The key in " + file + " has the id of another key of this service, " + text.id() + ".", ADVICE);
        }
        if (keys.find(text.id()).filter(key -> key.revoked() != null).isPresent()) {
            LOG.warn("The key in {}, {}, was revoked and stays so", file, text.id());
        }
    }

    static KeyText read(Path file) {
        String content;
        try (InputStream in = Files.newInputStream(file)) {
            content = new String(in.readNBytes(MOST_BYTES), StandardCharsets.UTF_8);
            warnIfOthersMayRead(file);
        } catch (IOException e) {
            throw new AccessRefused("The file that telltale.access.key-file names cannot be read (" + e + ").", ADVICE);
        }
        return KeyText.parse(content.replaceFirst("\\R\\z", ""))
                .orElseThrow(() -> new AccessRefused(
                        "The file " + file + " of telltale.access.key-file does not hold one key, tt_<id>_<secret>,"
                                + " and nothing else.",
                        ADVICE));
    }

    /// Kubernetes mounts secrets for all to read, so it is no reason not to start.
    private static void warnIfOthersMayRead(Path file) throws IOException {
        if (file.getFileSystem().supportedFileAttributeViews().contains("posix")
                && Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ)) {
            LOG.warn("The key in {} may be read by every user of this machine; `chmod 600` it", file);
        }
    }
}
