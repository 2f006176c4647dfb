package dev.telltale.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.StartedService;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TracesIT {

    /// Also when the one who asks is traced: no header of his goes on, and nothing would send a span.
    @Test
    void noTracesLeaveTheServiceByDefault(@TempDir Path directory) throws IOException, InterruptedException {
        try (StartedService service = new StartedService(directory);
                HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = client.send(
                    service.request(
                                    "/api/v1/series",
                                    "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().map()).doesNotContainKeys("traceparent", "tracestate");
            assertThat(service.beans(SpanExporter.class)).isEmpty();
        }
    }
}
