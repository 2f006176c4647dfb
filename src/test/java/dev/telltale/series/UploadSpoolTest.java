package dev.telltale.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.telltale.database.DataDirectory;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
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
        this.spool = new UploadSpool(data, needed::contains, () -> {});
    }

    @AfterEach
    void close() {
        data.close();
    }

    @Test
    void keepsABodyUntilNoJobNeedsIt() throws IOException {
        String name = handedOver(spool.keep(body()));
        needed.add(name);
        spool.run();
        assertThat(Files.readString(spool.file(name))).isEqualTo("timestamp");

        needed.clear();
        spool.run();
        assertThat(spool.file(name)).doesNotExist();
    }

    @Test
    void keepsABodyThatIsStillArriving() {
        try (UploadSpool.Arrival arrival = spool.keep(body())) {
            spool.run();

            assertThat(spool.file(arrival.handOver(name -> name))).exists();
        }
    }

    @Test
    void removesABodyOfWhichNoJobWasMade() {
        try (UploadSpool.Arrival arrival = spool.keep(body())) {
            assertThatThrownBy(() -> arrival.handOver(file -> {
                        throw new IllegalStateException("the queue is full");
                    }))
                    .hasMessage("the queue is full");
        }

        assertThat(data.path().resolve("uploads")).isEmptyDirectory();
    }

    @Test
    void tellsACallerWhoHangsUpFromADiskThatFails() throws IOException {
        InputStream cutOff = InputStream.nullInputStream();
        cutOff.close();

        assertThatThrownBy(() -> spool.keep(cutOff))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("Stream closed");
        assertThat(data.path().resolve("uploads")).isEmptyDirectory();
    }

    @Test
    void doesNotFailWhereAFileCannotBeRemoved() throws IOException {
        Path file = spool.file("stuck");
        Files.createDirectories(file.resolve("inside"));

        spool.run();

        assertThat(file).exists();
    }

    private static String handedOver(UploadSpool.Arrival arrival) {
        try (arrival) {
            return arrival.handOver(name -> name);
        }
    }

    private static InputStream body() {
        return new ByteArrayInputStream("timestamp".getBytes(StandardCharsets.UTF_8));
    }
}
