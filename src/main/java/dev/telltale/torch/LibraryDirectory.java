package dev.telltale.torch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The directory into which DJL unpacks the engine's native libraries, about 430 MB, once per version.
/// They are code: it must be a place that only this user can write to.
final class LibraryDirectory {

    private static final Set<PosixFilePermission> OURS_ALONE = PosixFilePermissions.fromString("rwx------");

    private LibraryDirectory() {}

    /// The first of these that can be written: the user's cache directory, a private one among the
    /// temporary files.
    ///
    /// @throws IllegalStateException with what helps, if there is none
    static Path find(Map<String, String> environment, Path home, Path temporary, String user) {
        Path caches = Optional.ofNullable(environment.get("XDG_CACHE_HOME"))
                .map(Path::of)
                .filter(Path::isAbsolute)
                .orElse(home.resolve(".cache"));
        Path own = caches.resolve("telltale").resolve("native");
        return own.isAbsolute() && canWrite(own) ? own : privateDirectory(temporary.resolve("telltale-" + user));
    }

    private static boolean canWrite(Path directory) {
        try {
            return Files.isWritable(Files.createDirectories(directory));
        } catch (IOException e) {
            return false;
        }
    }

    private static Path privateDirectory(Path directory) {
        try {
            if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
                Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(OURS_ALONE));
            }
            boolean ours = Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)
                    && Files.isWritable(directory)
                    && Files.getPosixFilePermissions(directory).equals(OURS_ALONE);
            if (!ours) {
                throw new IllegalStateException(directory + " is not a directory of this user alone: remove it or set"
                        + " telltale.torch.library-dir to one that is");
            }
            return directory;
        } catch (IOException e) {
            throw new IllegalStateException(
                    directory + " cannot be made for the engine's libraries (" + e
                            + "): set telltale.torch.library-dir to a directory of this user",
                    e);
        }
    }
}
