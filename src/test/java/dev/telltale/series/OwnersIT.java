package dev.telltale.series;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.database.Postgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What services that are killed, or end, leave to others.
class OwnersIT {

    private static final Logger LOG = LoggerFactory.getLogger(OwnersIT.class);
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    @TempDir
    private Path directory;

    private final Postgres postgres = Postgres.fresh();
    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void kill() throws InterruptedException {
        for (Process process : started) {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    void othersTakeWhatAServiceOwnedThatIsKilledOrEnds() throws Exception {
        Process one = start("one");
        awaitOwner("one", 16);
        Process two = start("two");
        awaitOwner("two", 8);
        awaitOwner("one", 8);

        one.destroyForcibly().waitFor();
        Duration afterKill = awaitOwner("two", 16);
        start("three");
        awaitOwner("three", 8);
        two.destroy();
        Duration afterEnd = awaitOwner("three", 16);
        assertThat(two.waitFor()).isEqualTo(143);
        LOG.info("All was taken over {} after a kill, and {} after a service was asked to end", afterKill, afterEnd);
    }

    private Process start(String name) throws IOException {
        Path place = Files.createDirectory(directory.resolve(name));
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-Xmx512m",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "dev.telltale.TelltaleApplication",
                        "--server.port=0",
                        "--telltale.data-dir=" + place,
                        "--telltale.replica.name=" + name,
                        "--telltale.database.url=" + postgres.url(),
                        "--telltale.database.user=" + postgres.user(),
                        "--telltale.database.password-file=" + postgres.passwordFile(place))
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve(name + ".log").toFile())
                .start();
        started.add(process);
        return process;
    }

    /// Waits until a service owns so many partitions.
    ///
    /// @return how long
    private Duration awaitOwner(String name, long partitions) throws Exception {
        long begin = System.nanoTime();
        while (owned(name) != partitions) {
            Duration waited = Duration.ofNanos(System.nanoTime() - begin);
            assertThat(waited).as(() -> log(name)).isLessThan(PATIENCE);
            Thread.sleep(20);
        }
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    private long owned(String name) {
        try {
            return postgres.number("SELECT count(*) FROM store_partition WHERE owner LIKE '" + name + "-%'");
        } catch (SQLException e) {
            return 0; // the first service makes the table
        }
    }

    private String log(String name) {
        try {
            return Files.readString(directory.resolve(name + ".log"));
        } catch (IOException e) {
            return e.toString();
        }
    }
}
