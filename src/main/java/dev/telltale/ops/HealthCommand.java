package dev.telltale.ops;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The command `health`: asks the service on this machine whether it is ready, where there is no other program to ask
/// with, as in a container. It is a process of its own each time, so it uses as little of the JDK as it can: no Spring,
/// no HTTP client.
public final class HealthCommand {

    public static final String NAME = "health";

    static final int READY = 0;
    static final int NOT_READY = 1;
    static final int MISUSED = 2;

    private static final String PATH = "/actuator/health/readiness";
    private static final String DEFAULT_PORT = "8080";
    private static final int MOST_STATUS_BYTES = 64;
    private static final String USAGE =
            "usage: java -jar telltale.jar health [--server.port=<port>] [--server.address=<address>]";

    private final Map<String, String> environment;
    private final Duration patience;
    private final PrintStream out;

    /// @param environment where the service itself would find its settings
    /// @param patience how long the service may take to be reached, and then again to answer
    /// @param out where one line is written to
    public HealthCommand(Map<String, String> environment, Duration patience, PrintStream out) {
        this.environment = environment;
        this.patience = patience;
        this.out = out;
    }

    /// Asks once.
    ///
    /// @param arguments what stands behind `health`
    /// @return the exit code: 0 if the service is ready, 1 if it is not or cannot be reached, 2 if the arguments
    ///     are wrong
    public int run(List<String> arguments) {
        Optional<String> unknown = arguments.stream()
                .filter(argument -> !argument.matches("--(server|management\\.server)\\.(port|address)=.+"))
                .findFirst();
        if (unknown.isPresent()) {
            return misused("'" + unknown.get() + "' is not known");
        }
        String port = setting(arguments, "management.server.port")
                .or(() -> setting(arguments, "server.port"))
                .orElse(DEFAULT_PORT);
        if (!port.matches("[1-9]\\d{0,4}") || Integer.parseInt(port) > 65_535) {
            return misused("'" + port + "' is not a port");
        }
        String address = setting(arguments, "management.server.address")
                .or(() -> setting(arguments, "server.address"))
                .orElse("");
        try {
            InetSocketAddress service = new InetSocketAddress(reachable(address), Integer.parseInt(port));
            String status = ask(service);
            out.println(status.equals("200") ? "ready" : "not ready: answered " + status);
            return status.equals("200") ? READY : NOT_READY;
        } catch (IOException e) {
            out.println("not ready: " + e.getMessage());
            return NOT_READY;
        }
    }

    private int misused(String why) {
        out.println(NAME + ": " + why);
        out.println(USAGE);
        return MISUSED;
    }

    /// As Spring Boot finds it: an argument before a variable of the environment.
    private Optional<String> setting(List<String> arguments, String key) {
        String option = "--" + key + "=";
        return arguments.stream()
                .filter(argument -> argument.startsWith(option))
                .map(argument -> argument.substring(option.length()))
                .findFirst()
                .or(() -> Optional.ofNullable(
                        environment.get(key.replace('.', '_').toUpperCase(Locale.ROOT))));
    }

    /// A service that listens on all addresses is asked on this machine's own.
    private static InetAddress reachable(String address) throws IOException {
        InetAddress named = address.isBlank() ? InetAddress.getLoopbackAddress() : InetAddress.getByName(address);
        return named.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : named;
    }

    /// The status of the answer, three digits.
    private String ask(InetSocketAddress service) throws IOException {
        int milliseconds = Math.toIntExact(patience.toMillis());
        try (Socket socket = new Socket()) {
            socket.connect(service, milliseconds);
            socket.setSoTimeout(milliseconds);
            String request = "GET " + PATH + " HTTP/1.1\r\nHost: localhost:" + service.getPort()
                    + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            String line = firstLine(socket.getInputStream());
            if (!line.matches("HTTP/1\\.[01] \\d{3}( .*)?")) {
                throw new IOException("what answers on port " + service.getPort() + " does not speak HTTP");
            }
            return line.substring(9, 12);
        }
    }

    private static String firstLine(InputStream answer) throws IOException {
        byte[] bytes = new byte[MOST_STATUS_BYTES];
        int read = 0;
        while (read < bytes.length) {
            int next = answer.read();
            if (next < 0 || next == '\r' || next == '\n') {
                break;
            }
            bytes[read++] = (byte) next;
        }
        return new String(bytes, 0, read, StandardCharsets.US_ASCII);
    }
}
