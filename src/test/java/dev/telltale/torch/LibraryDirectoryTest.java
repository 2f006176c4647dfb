package dev.telltale.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LibraryDirectoryTest {

    @TempDir
    private Path directory;

    @Test
    void isInTheUsersCacheDirectory() {
        assertThat(LibraryDirectory.find(Map.of(), directory, directory, "jo"))
                .isEqualTo(directory.resolve(".cache/telltale/native"))
                .isDirectory();
    }

    @Test
    void followsXdgCacheHome() {
        Path caches = directory.resolve("caches");

        assertThat(LibraryDirectory.find(Map.of("XDG_CACHE_HOME", caches.toString()), directory, directory, "jo"))
                .isEqualTo(caches.resolve("telltale/native"));
    }

    @Test
    void isPrivateAmongTheTemporaryFilesWhereThereIsNoHome() throws Exception {
        Path found = LibraryDirectory.find(Map.of(), Path.of("?"), directory, "jo");

        assertThat(found).isEqualTo(directory.resolve("telltale-jo"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(found)))
                .isEqualTo("rwx------");
        assertThat(LibraryDirectory.find(Map.of(), Path.of("?"), directory, "jo"))
                .isEqualTo(found);
    }

    @Test
    void isNeverOneThatOthersCanWriteTo() throws Exception {
        Path open = Files.createDirectory(directory.resolve("telltale-jo"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));

        assertThatThrownBy(() -> LibraryDirectory.find(Map.of(), Path.of("?"), directory, "jo"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("telltale.torch.library-dir");
    }

    @Test
    void isNeverALink() throws Exception {
        Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
        Files.createSymbolicLink(directory.resolve("telltale-jo"), elsewhere);

        assertThatThrownBy(() -> LibraryDirectory.find(Map.of(), Path.of("?"), directory, "jo"))
                .isInstanceOf(IllegalStateException.class);
    }
}
