package dev.telltale.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.ndarray.types.Shape;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// DJL would report the instance it runs on and download what it misses. A process of its own loads the
/// engine here while the system calls that reach the network are written down.
class EngineSilenceIT {

    @TempDir
    private Path directory;

    /// The traced process: loads the engine and adds two numbers.
    static final class Child {

        private Child() {}

        public static void main(String[] arguments) {
            TorchEngine engine = TorchEngine.start(1, Path.of(arguments[0]), System.getenv());
            try (NativeScope scope = engine.newScope()) {
                float sum = scope.manager().ones(new Shape(2)).sum().getFloat();
                System.out.println("the sum is " + sum);
            }
        }
    }

    @Test
    void loadsAndComputesWithoutTheNetwork() throws Exception {
        assumeStrace();

        String output = run(traced(child()), Map.of());

        assertThat(output).contains("the sum is 2.0");
        assertThat(reachedBeyondThisMachine()).isEmpty();
    }

    @Test
    void wouldHaveNoticedAConnection() throws Exception {
        assumeStrace();

        run(traced(List.of("bash", "-c", "exec 3<>/dev/udp/192.0.2.1/9")), Map.of());

        assertThat(reachedBeyondThisMachine()).isNotEmpty();
    }

    @Test
    void doesNotLoadWhereTheEnvironmentAllowsTheNetwork() throws Exception {
        assertThat(run(child(), Map.of("DJL_OFFLINE", "false")))
                .contains("DJL_OFFLINE is 'false'")
                .doesNotContain("the sum is");
    }

    private static void assumeStrace() {
        assumeTrue(installed("strace"), "strace is not installed: nothing can be said of the engine's silence");
    }

    private List<String> traced(List<String> command) {
        List<String> all = new ArrayList<>(List.of("strace", "-f", "-e", "trace=network", "-o"));
        all.add(directory.resolve("network.trace").toString());
        all.addAll(command);
        return all;
    }

    private static List<String> child() {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Child.class.getName(),
                SharedEngine.LIBRARIES.toString());
    }

    private static String run(List<String> command, Map<String, String> environment) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        return output;
    }

    /// The traced calls that name an internet address other than this machine's own.
    private List<String> reachedBeyondThisMachine() throws IOException {
        return Files.readAllLines(directory.resolve("network.trace")).stream()
                .filter(call -> call.contains("AF_INET"))
                .filter(call -> call.contains("connect(") || call.contains("sendto(") || call.contains("sendm"))
                .filter(call -> !call.contains("inet_addr(\"127.") && !call.contains("\"::1\""))
                .toList();
    }

    private static boolean installed(String program) {
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator, -1))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }
}
