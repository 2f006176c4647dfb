package dev.telltale.series;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.database.DataDirectory;
import dev.telltale.database.FileTree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryUploadBodiesTest extends UploadBodiesContract {

    private final DataDirectory data;
    private final DirectoryUploadBodies bodies;

    DirectoryUploadBodiesTest(@TempDir Path directory) {
        this.data = DataDirectory.open(directory.resolve("data"));
        this.bodies = new DirectoryUploadBodies(data, needed::contains, () -> {});
    }

    @Override
    UploadBodies bodies() {
        return bodies;
    }

    @Override
    void letTimePass() {}

    @Override
    long count() {
        try {
            return FileTree.children(data.path().resolve("uploads")).size();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @AfterEach
    void close() {
        data.close();
    }

    @Test
    void doesNotFailWhereAFileCannotBeRemoved() throws IOException {
        Path file = bodies.file("stuck");
        Files.createDirectories(file.resolve("inside"));

        bodies.run();

        assertThat(file).exists();
    }
}
