package dev.telltale.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.torch.TorchEngine;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ActuatorIT {

    @TempDir
    static Path directory;

    private static Service service;

    @BeforeAll
    static void start() {
        service = new Service(directory);
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @Test
    void aRunningServiceIsAlive() throws IOException, InterruptedException {
        assertThat(service.get("/actuator/health/liveness").statusCode()).isEqualTo(200);
    }

    @Test
    void readinessCoversTheStoreAndTheEngine() throws IOException, InterruptedException {
        service.bean(TorchEngine.class).loaded();
        assertThat(service.get("/actuator/health/readiness").body())
                .as("strangers may ask, and learn nothing more")
                .isEqualTo("{\"status\":\"UP\"}");
        assertThat(service.get("/actuator/health").body())
                .contains("\"status\":\"UP\"", "\"store\":{\"status\":\"UP\"}", "\"engine\":{\"status\":\"UP\"}");
    }

    @Test
    void prometheusReadsTheMetersOfEachRoom() throws IOException, InterruptedException {
        assertThat(service.get("/actuator/prometheus").body()).contains("telltale_jobs{state=\"queued\"} 0.0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/env", "/beans", "/metrics", "/heapdump", "/loggers", "/shutdown"})
    void nothingElseOfActuatorIsThere(String endpoint) throws IOException, InterruptedException {
        assertThat(service.get("/actuator" + endpoint).statusCode()).isEqualTo(404);
    }
}
