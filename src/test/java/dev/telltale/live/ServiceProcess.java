package dev.telltale.live;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The service in a process of its own, which can be killed.
final class ServiceProcess implements AutoCloseable {

    private static final Pattern ADDRESS = Pattern.compile("Listening on (http://[^,\\s]+)");

    private final Process process;
    private final URI root;
    private final LiveClient client;

    ServiceProcess(Path dataDirectory, String... settings) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx512m",
                "-XX:TieredStopAtLevel=1", // starts faster
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.telltale.TelltaleApplication",
                "--server.port=0",
                "--telltale.data-dir=" + dataDirectory));
        command.addAll(List.of(settings));
        process = new ProcessBuilder(command).redirectErrorStream(true).start();
        root = address(process.inputReader(StandardCharsets.UTF_8));
        client = new LiveClient(root);
    }

    private static URI address(BufferedReader output) throws IOException {
        StringBuilder said = new StringBuilder();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            said.append(line).append('\n');
            Matcher address = ADDRESS.matcher(line);
            if (address.find()) {
                Thread.ofVirtual().start(() -> output.lines().forEach(ignored -> {})); // or it would stop when full
                return URI.create(address.group(1));
            }
        }
        throw new AssertionError("the service did not start:\n" + said);
    }

    LiveClient client() {
        return client;
    }

    URI root() {
        return root;
    }

    /// Asks it to end, as `kill` does, and waits until it has.
    ///
    /// @return its exit code
    int terminate() {
        process.destroy();
        process.onExit().join();
        return process.exitValue();
    }

    /// Ends it at once, as `kill -9` does.
    void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    @Override
    public void close() {
        client.close();
        kill();
    }
}
