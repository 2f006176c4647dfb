package dev.telltale.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.diagnostics.FailureAnalysis;

class DataDirectoryTest {

    @TempDir
    Path directory;

    @Test
    void isMadeIfItIsNotThere() {
        try (DataDirectory held = DataDirectory.open(directory.resolve("a/b"))) {
            assertThat(held.path()).isDirectory();
        }
    }

    @Test
    void refusesASecondProcessWithOneSentence() throws Exception {
        try (DataDirectory held = DataDirectory.open(directory)) {
            Process second = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            Second.class.getName(),
                            held.path().toString())
                    .redirectErrorStream(true)
                    .start();
            String output = new String(second.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(second.waitFor()).isEqualTo(1);
            assertThat(output)
                    .contains("Another process already works on the data directory " + held.path())
                    .contains("--telltale.data-dir")
                    .doesNotContain("\tat ");
        }
    }

    @Test
    void isFreeAgainOnceItIsClosed() {
        DataDirectory.open(directory).close();
        try (DataDirectory held = DataDirectory.open(directory)) {
            assertThatThrownBy(() -> DataDirectory.open(directory)).isInstanceOf(DataDirectoryUnusable.class);
            assertThat(held.path()).isEqualTo(directory);
        }
    }

    @Test
    void aFileInItsPlaceIsExplained() throws Exception {
        Path file = Files.createFile(directory.resolve("file"));
        assertThatThrownBy(() -> DataDirectory.open(file))
                .isInstanceOfSatisfying(DataDirectoryUnusable.class, failure -> {
                    FailureAnalysis analysis = new StoreFailureAnalyzer().analyze(failure, failure);
                    assertThat(analysis.getDescription()).contains(file.toString());
                    assertThat(analysis.getAction()).contains("--telltale.data-dir");
                });
    }

    /// The service cut down to its database, started on the directory that is its argument.
    static final class Second {

        private Second() {}

        public static void main(String[] arguments) {
            try {
                new SpringApplication(DatabaseConfiguration.class)
                        .run("--spring.main.web-application-type=none", "--telltale.data-dir=" + arguments[0]);
            } catch (RuntimeException e) {
                System.exit(1);
            }
        }
    }
}
