package dev.telltale.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.server.PathContainer;

class WorkTest {

    @ParameterizedTest
    @CsvSource({
        "/api/v1/models/cpu/score, SCORING",
        "/api/v1/models/cpu/attention, SCORING",
        "/api/v1/attention, SCORING",
        "/api/v1/models/cpu/plots/losses, SCORING",
        "/api/v1/ingest/prometheus/write, PUSH",
        "/api/v1/ingest/firehose, PUSH",
        "/v1/metrics, PUSH",
        "/api/v1/series/17/samples, UPLOAD",
        "/api/v1/uploads, UPLOAD",
        "/api/v1/summaries, UPLOAD",
        "/api/v1/models/cpu/artifact, UPLOAD",
        "/api/v1/models, OTHER",
        "/api/v1/nothing/here, OTHER"
    })
    void isToldByThePath(String path, Work work) {
        assertThat(Work.of("POST", PathContainer.parsePath(path))).contains(work);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/actuator/health/readiness", "/actuator/prometheus", "/v3/api-docs"})
    void isNotCountedWhereTheServiceTellsOfItself(String path) {
        assertThat(Work.of("POST", PathContainer.parsePath(path))).isEqualTo(Optional.empty());
    }

    @Test
    void isNoUploadWhereStoredSamplesAreRead() {
        assertThat(Work.of("GET", PathContainer.parsePath("/api/v1/series/17/samples")))
                .contains(Work.OTHER);
        assertThat(Work.of("GET", PathContainer.parsePath("/api/v1/models/cpu/artifact")))
                .contains(Work.OTHER);
    }

    @Test
    void hasAGateOfEachKind() {
        Gates gates = new WorkProperties(1, 0, 1, 0, 1, 0, 1, 0).gates();
        for (Work work : Work.values()) {
            assertThat(gates.of(Optional.of(work)).enter()).isPresent();
            assertThat(gates.of(Optional.of(work)).enter()).isEmpty();
        }
    }
}
