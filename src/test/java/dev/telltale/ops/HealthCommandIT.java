package dev.telltale.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.StartedService;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The command beside a service, beside others, and beside nothing.
class HealthCommandIT {

    @TempDir
    private Path directory;

    private record Outcome(int code, String out) {}

    @Test
    void saysWhetherTheServiceIsReady() throws Exception {
        int port;
        try (StartedService service = new StartedService(directory.resolve("data"))) {
            port = service.port();
            Outcome outcome = ask(Map.of("SERVER_PORT", Integer.toString(port)));
            while (outcome.out().equals("not ready: answered 503\n")) { // the engine loads
                assertThat(outcome.code()).isEqualTo(HealthCommand.NOT_READY);
                outcome = ask(Map.of("SERVER_PORT", Integer.toString(port)));
            }
            assertThat(outcome).isEqualTo(new Outcome(HealthCommand.READY, "ready\n"));
            assertThat(ask(Map.of("SERVER_PORT", "1", "SERVER_ADDRESS", "0.0.0.0"), "--server.port=" + port)
                            .code())
                    .isEqualTo(HealthCommand.READY);
            assertThat(ask(Map.of("SERVER_PORT", "1", "MANAGEMENT_SERVER_PORT", Integer.toString(port)))
                            .code())
                    .isEqualTo(HealthCommand.READY);
        }
        Outcome gone = ask(Map.of(), "--server.port=" + port);
        assertThat(gone.code()).isEqualTo(HealthCommand.NOT_READY);
        assertThat(gone.out()).startsWith("not ready: ").endsWith("\n").hasLineCount(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 503 \r\n\r\n",
                "HTTP/1.1 401 Unauthorized\r\n\r\n",
                "SSH-2.0-OpenSSH_9.2\r\n",
                "\r\n",
                ""
            })
    void isNotReadyWhateverElseAnswers(String answer) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread answering = Thread.ofVirtual().start(() -> answer(server, answer));
            Outcome outcome = ask(Map.of(), "--server.port=" + server.getLocalPort());
            answering.join();
            assertThat(outcome.code()).isEqualTo(HealthCommand.NOT_READY);
            assertThat(outcome.out()).startsWith("not ready: ").hasLineCount(1);
        }
    }

    @Test
    void doesNotWaitForeverForAnAnswer() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Outcome outcome = ask(Map.of(), "--server.port=" + silent.getLocalPort());
            assertThat(outcome.code()).isEqualTo(HealthCommand.NOT_READY);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "now",
                "--server.port=0",
                "--server.port=65536",
                "--server.port=http",
                "--server.port=",
                "--port=1"
            })
    void saysWhatItNeeds(String argument) {
        Outcome outcome = ask(Map.of(), argument);
        assertThat(outcome.code()).isEqualTo(HealthCommand.MISUSED);
        assertThat(outcome.out()).startsWith("health: ").contains("usage: java -jar");
    }

    private static Outcome ask(Map<String, String> environment, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int code = new HealthCommand(
                        environment, Duration.ofMillis(500), new PrintStream(out, true, StandardCharsets.UTF_8))
                .run(List.of(arguments));
        return new Outcome(code, out.toString(StandardCharsets.UTF_8));
    }

    private static void answer(ServerSocket server, String answer) {
        try (Socket caller = server.accept()) {
            caller.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
            caller.shutdownOutput();
            caller.getInputStream().transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            // the caller has gone, having read enough
        }
    }
}
