package dev.telltale.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.telltale.database.DataDirectory;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UploadSpoolTest {

    private final Set<String> needed = new HashSet<>();
    private final DataDirectory data;
    private final UploadSpool spool;

    UploadSpoolTest(@TempDir Path directory) {
        this.data = DataDirectory.open(directory.resolve("data"));
        this.spool = new UploadSpool(data, needed::contains);
    }

    @AfterEach
    void close() {
        data.close();
    }

    @Test
    void keepsABodyUntilNoJobNeedsIt() throws IOException {
        String name = spool.keep(body(), file -> file);
        needed.add(name);
        spool.sweep();
        assertThat(Files.readString(spool.file(name))).isEqualTo("timestamp");

        needed.clear();
        spool.sweep();
        assertThat(spool.file(name)).doesNotExist();
    }

    @Test
    void keepsABodyThatIsStillArriving() {
        String name = spool.keep(body(), file -> {
            spool.sweep();
            assertThat(spool.file(file)).exists();
            return file;
        });

        assertThat(spool.file(name)).exists();
    }

    @Test
    void removesABodyOfWhichNoJobWasMade() {
        assertThatThrownBy(() -> spool.keep(body(), file -> {
                    throw new IllegalStateException("the queue is full");
                }))
                .hasMessage("the queue is full");

        assertThat(data.path().resolve("uploads")).isEmptyDirectory();
    }

    private static InputStream body() {
        return new ByteArrayInputStream("timestamp".getBytes(StandardCharsets.UTF_8));
    }
}
