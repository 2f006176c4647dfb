package dev.telltale.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileTreeTest {

    @TempDir
    private Path directory;

    private Path root;

    @BeforeEach
    void plant() throws IOException {
        root = directory.resolve("root");
        Files.createDirectories(root.resolve("a/b"));
        Files.write(root.resolve("a/b/three"), new byte[3]);
        Files.write(root.resolve("five"), new byte[5]);
    }

    @Test
    void knowsWhatLiesInADirectoryItself() throws IOException {
        assertThat(FileTree.children(root)).containsExactlyInAnyOrder(root.resolve("a"), root.resolve("five"));
        assertThat(FileTree.children(root.resolve("five"))).isEmpty();
        assertThat(FileTree.children(root.resolve("missing"))).isEmpty();
    }

    @Test
    void sumsTheBytesOfAllFiles() throws IOException {
        assertThat(FileTree.bytes(root)).isEqualTo(8);
        assertThat(FileTree.bytes(root.resolve("five"))).isEqualTo(5);
        assertThat(FileTree.bytes(root.resolve("missing"))).isZero();
    }

    @Test
    void leavesOutFilesThatGoWhileTheyAreSummed() throws Exception {
        AtomicBoolean enough = new AtomicBoolean();
        Thread other = Thread.ofVirtual().start(() -> comeAndGo(enough));
        try {
            for (int i = 0; i < 2_000; i++) {
                assertThat(FileTree.bytes(root)).isEqualTo(8);
            }
        } finally {
            enough.set(true);
            other.join();
        }
    }

    @Test
    void deletesAllAndNothingOutside() throws IOException {
        Path outside = Files.createDirectory(directory.resolve("outside"));
        Files.createFile(outside.resolve("file"));
        Files.createSymbolicLink(root.resolve("a/link"), outside);

        FileTree.delete(root);
        FileTree.delete(root);

        assertThat(root).doesNotExist();
        assertThat(outside.resolve("file")).exists();
    }

    @Test
    void followsNoLinkAtTheRoot() throws IOException {
        Path link = Files.createSymbolicLink(directory.resolve("link"), root);

        assertThat(FileTree.children(link)).isEmpty();
        assertThat(FileTree.bytes(link)).isZero();
        FileTree.delete(link);
        assertThat(link).doesNotExist();
        assertThat(root.resolve("five")).exists();
    }

    private void comeAndGo(AtomicBoolean enough) {
        try {
            while (!enough.get()) {
                Path passing = Files.createDirectory(root.resolve("passing"));
                Path file = Files.createFile(passing.resolve("file"));
                Files.delete(file);
                Files.delete(passing);
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
