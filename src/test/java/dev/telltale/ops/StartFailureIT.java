package dev.telltale.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.TelltaleApplication;
import dev.telltale.database.DataDirectory;
import dev.telltale.database.Postgres;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a user reads when the service does not start, from a process of its own.
class StartFailureIT {

    @TempDir
    private Path directory;

    @Test
    void aMisspeltSettingIsNamedWithTheRightOne() throws Exception {
        assertThat(failedStart(Map.of(), "--telltale.jobs.queue-capacty=3"))
                .contains("The setting 'telltale.jobs.queue-capacty'")
                .contains("did you mean 'telltale.jobs.queue-capacity'?");
    }

    @Test
    void aDirectoryOfAnotherProcessIsNamed() throws Exception {
        try (DataDirectory _ = DataDirectory.open(directory)) {
            assertThat(failedStart(Map.of()))
                    .contains("Another process already works on the data directory " + directory)
                    .contains("--telltale.data-dir=");
        }
    }

    @Test
    void anEngineThatMayGoOnlineIsRefused() throws Exception {
        assertThat(failedStart(Map.of("DJL_OFFLINE", "false")))
                .contains("The environment variable DJL_OFFLINE is 'false'")
                .contains("unset it or set it to true");
    }

    @Test
    void aPasswordThatTheDatabaseServerRefusesIsToldWithItsSetting() throws Exception {
        Postgres postgres = Postgres.fresh();
        Path password = Files.writeString(directory.resolve("password"), "wrong\n");
        assertThat(failedStart(
                        Map.of(),
                        "--telltale.database.url=" + postgres.url(),
                        "--telltale.database.user=" + postgres.user(),
                        "--telltale.database.password-file=" + password))
                .contains("The database server does not let the user 'telltale' in")
                .contains("telltale.database.password-file")
                .doesNotContain("wrong");
    }

    @Test
    void aDatabaseServerThatCannotBeReachedIsToldWithItsSetting() throws Exception {
        assertThat(failedStart(Map.of("TELLTALE_DATABASE_URL", "jdbc:postgresql://127.0.0.1:1/telltale")))
                .contains("The database server cannot be reached")
                .contains("telltale.database.url");
    }

    private String failedStart(Map<String, String> environment, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1", // starts faster
                "-cp",
                System.getProperty("java.class.path"),
                TelltaleApplication.class.getName(),
                "--server.port=0",
                "--telltale.data-dir=" + directory));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(output).isEqualTo(1);
        assertThat(output).contains("APPLICATION FAILED TO START").doesNotContain("Exception", "\tat ");
        return output;
    }
}
