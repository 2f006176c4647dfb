package dev.telltale.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The page of a site that has given its own name the address of this machine: to a browser both are one site.
class HostIT {

    @TempDir
    private Path data;

    @Test
    void aServiceWithoutKeysIsReachedUnderTheNamesOfThisMachineAlone() throws IOException {
        try (RunningService service =
                new RunningService(data, "--telltale.public-url=https://telltale.example.com/t")) {
            int port = service.port();
            for (String foreign : List.of(
                    "evil.example.com:" + port,
                    "evil.example.com",
                    "127.0.0.1.evil.example.com:" + port,
                    "localhost.evil.example.com",
                    "192.0.2.1:" + port,
                    "0x7f.1",
                    "[2001:db8::1]")) {
                assertThat(status(port, "GET", foreign)).as(foreign).isEqualTo(403);
                assertThat(status(port, "POST", foreign, "Origin: http://" + foreign))
                        .as(foreign)
                        .isEqualTo(403);
            }
            for (String own : List.of(
                    "localhost:" + port,
                    "LOCALHOST",
                    "127.0.0.1:" + port,
                    "127.0.0.2",
                    "[::1]:" + port,
                    "telltale.example.com",
                    "Telltale.example.com:443")) {
                assertThat(status(port, "GET", own)).as(own).isEqualTo(200);
            }
            assertThat(status(port, "POST", "localhost", "Origin: https://telltale.example.com"))
                    .as("past the door, to a route that wants a body")
                    .isEqualTo(400);

            service.bean(Keys.class).create("me", Set.of(Role.ADMIN), null, "test");
            assertThat(status(port, "GET", "evil.example.com"))
                    .as("its page knows no key")
                    .isEqualTo(401);
        }
    }

    @Test
    void theAddressThatNobodySetIsNoOriginOfOurs() throws IOException {
        try (RunningService service = new RunningService(data)) {
            String other = "Origin: http://localhost:8080"; // the default of telltale.public-url
            assertThat(status(service.port(), "POST", "127.0.0.1:" + service.port(), other))
                    .isEqualTo(403);
            assertThat(status(service.port(), "GET", "telltale.example.com")).isEqualTo(403);
        }
    }

    private static int status(int port, String method, String host, String... headers) throws IOException {
        String head = method + " /api/v1/architectures HTTP/1.1\r\nHost: " + host
                + "\r\nContent-Type: application/json\r\nContent-Length: 0\r\nConnection: close\r\n"
                + String.join(
                        "",
                        List.of(headers).stream().map(header -> header + "\r\n").toList()) + "\r\n";
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream()
                    .write(head.replace("GET /api/v1/architectures", "GET /api/v1/series")
                            .getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            return Integer.parseInt(answer.substring(9, 12));
        }
    }
}
