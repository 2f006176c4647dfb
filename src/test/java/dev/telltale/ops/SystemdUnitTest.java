package dev.telltale.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The unit by which systemd runs Telltale on an instance, `examples/ec2/telltale.service`.
class SystemdUnitTest {

    private static final Path UNIT = Path.of("examples", "ec2", "telltale.service");

    /// In tenths, of what `systemd-analyze security` calls exposure, from 0 to 10. A service without any of this has
    /// 9.6.
    private static final int MOST_EXPOSURE = 20;

    private static List<String> lines = List.of();

    @TempDir
    private Path directory;

    @BeforeAll
    static void read() throws IOException {
        lines = Files.readAllLines(UNIT).stream()
                .filter(line -> line.contains("=") && !line.startsWith("#"))
                .toList();
    }

    @Test
    void itsSettingsAreKnownAndItsFilesLieWhereItMayWrite() {
        List<String> settings = values("Environment").stream()
                .map(setting -> setting.split("=", 2)[0])
                .toList();
        assertThat(settings)
                .contains("TELLTALE_DATA_DIR", "TELLTALE_ACCESS_KEY_FILE", "TELLTALE_TORCH_LIBRARY_DIR")
                .filteredOn(setting -> setting.startsWith("TELLTALE_"))
                .allMatch(Manifests.knownSettings()::contains);
        assertThat(values("Environment"))
                .contains(
                        "TELLTALE_DATA_DIR=/var/lib/" + value("StateDirectory"),
                        "TELLTALE_TORCH_LIBRARY_DIR=/var/cache/" + value("CacheDirectory") + "/native",
                        "TELLTALE_ACCESS_KEY_FILE=%d/admin.key");
        assertThat(value("LoadCredential")).startsWith("admin.key:");
    }

    @Test
    void itRunsAsAUserOfItsOwnThatMayWriteNowhereElse() {
        assertThat(value("DynamicUser")).isEqualTo("yes");
        assertThat(value("ProtectSystem")).isEqualTo("strict");
        assertThat(value("ProtectHome")).isEqualTo("yes");
        assertThat(value("NoNewPrivileges")).isEqualTo("yes");
        assertThat(value("CapabilityBoundingSet")).isEmpty();
        assertThat(value("StateDirectoryMode")).isEqualTo("0700");
        assertThat(value("UMask")).isEqualTo("0077");
        assertThat(value("IPAddressDeny")).contains("169.254.169.254");
        assertThat(lines.stream().filter(line -> line.startsWith("ReadWritePaths")))
                .isEmpty();
    }

    @Test
    void itsHeapFitsIntoItsMemoryAndItsEndIntoItsTime() {
        assertThat(value("MemoryMax")).isEqualTo("1G");
        assertThat(value("ExecStart")).contains(" -Xmx320m ", " -XX:MaxDirectMemorySize=128m ");
        assertThat(Duration.parse("PT" + value("TimeoutStopSec"))).isGreaterThanOrEqualTo(Duration.ofSeconds(45));
        assertThat(value("SuccessExitStatus")).as("a JVM after SIGTERM").isEqualTo("143");
    }

    @Test
    void systemdUnderstandsEveryLineAndFindsLittleExposed() throws Exception {
        assumeTrue(
                Arrays.stream(System.getenv("PATH").split(":", -1))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "systemd-analyze"))),
                "systemd-analyze is not on the PATH; install Debian's package systemd");
        // It looks for what it would start, so it is told of the Java that is here.
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Path unit = Files.writeString(
                directory.resolve("telltale.service"),
                Files.readString(UNIT).replace("=/usr/bin/java ", "=" + java + " "));
        assertThat(systemdAnalyze("verify", unit.toString())).isEmpty();
        systemdAnalyze("security", "--offline=true", "--no-pager", "--threshold=" + MOST_EXPOSURE, unit.toString());

        Path misspelt = Files.writeString(
                directory.resolve("misspelt.service"), Files.readString(unit).replace("ProtectHome", "ProtectHomes"));
        assertThat(systemdAnalyze("verify", misspelt.toString())).contains("ProtectHomes");
    }

    private static String value(String name) {
        List<String> values = values(name);
        assertThat(values).as(name).hasSize(1);
        return values.getFirst();
    }

    private static List<String> values(String name) {
        return lines.stream()
                .filter(line -> line.startsWith(name + "="))
                .map(line -> line.substring(name.length() + 1))
                .toList();
    }

    /// What it says where it succeeds.
    private static String systemdAnalyze(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("systemd-analyze"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
