package dev.telltale.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.StartedService;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RequestIdsIT {

    private static final String UUID = "[0-9a-f-]{36}";

    @TempDir
    private Path directory;

    @Test
    void everyAnswerCarriesAnIdAndThePlainOneOfItsCaller() throws IOException {
        try (StartedService service = new StartedService(directory)) {
            int port = service.port();
            assertThat(id(port, "/api/v1/series", "")).matches(UUID);
            assertThat(id(port, "/api/v1/series", "\r\nX-Request-Id: deploy-17_a.B"))
                    .isEqualTo("deploy-17_a.B");
            assertThat(id(port, "/api/v1/series/none", "\r\nX-Request-Id: r")).isEqualTo("r");
            assertThat(id(port, "/api/v1/%00", "\r\nX-Request-Id: r"))
                    .as("refused before any room sees it")
                    .isEqualTo("r");
            assertThat(id(port, "/nowhere|else", ""))
                    .as("refused by the container")
                    .matches(UUID);
            assertThat(id(port, "/actuator/health", "")).matches(UUID);
            for (String odd : new String[] {"", "a b", "a\"b", "a".repeat(65), "\u001b[31m", "é"}) {
                assertThat(id(port, "/api/v1/series", "\r\nX-Request-Id: " + odd))
                        .as(odd)
                        .matches(UUID);
            }
        }
    }

    private static String id(int port, String address, String headers) throws IOException {
        return RawRequest.request("GET", address, "Accept: */*" + headers, new byte[0])
                .sendTo(port)
                .header(RequestIds.HEADER);
    }
}
