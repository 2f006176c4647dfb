package dev.telltale.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.http.Json;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.unit.DataSize;

class RefusalAuditTest {

    @TempDir
    private Path data;

    private AuditLog log;
    private RefusalAudit refusals;

    @BeforeEach
    void open() {
        log = new AuditFileLog(
                AuditFiles.ofRefusals(data),
                new AuditProperties(DataSize.ofMegabytes(1), 2),
                new Json(),
                new AccessMeters(new SimpleMeterRegistry()));
        refusals = new RefusalAudit(log);
    }

    @AfterEach
    void close() {
        refusals.close();
        log.close();
    }

    @Test
    void tellsOfTheFirstAtOnceAndOfTheOthersWithTheirNumber() throws IOException {
        for (int i = 0; i < 1_000; i++) {
            refusals.add(refusal(AuditEvent.Kind.UNAUTHENTICATED, "192.0.2.1", "/api/v1/series/" + i));
        }
        assertThat(events()).hasSize(1);
        refusals.tell();
        assertThat(events()).hasSize(2);
        assertThat(events().getFirst().count()).isEqualTo(1);
        assertThat(events().getLast().count()).isEqualTo(999);
        refusals.tell();
        assertThat(events()).as("when there is nothing new").hasSize(2);
        refusals.add(refusal(AuditEvent.Kind.UNAUTHENTICATED, "192.0.2.1", "/api/v1/series"));
        assertThat(events()).hasSize(3);
    }

    @Test
    void tellsApartWhoIsRefusedAndWhatFor() throws IOException {
        refusals.add(refusal(AuditEvent.Kind.UNAUTHENTICATED, "192.0.2.1", "/api/v1/series"));
        refusals.add(refusal(AuditEvent.Kind.UNAUTHENTICATED, "192.0.2.2", "/api/v1/series"));
        refusals.add(refusal(AuditEvent.Kind.FORBIDDEN, "192.0.2.1", "/api/v1/series"));
        refusals.add(refusal(AuditEvent.Kind.FORBIDDEN, "192.0.2.1", "/api/v1/models"));
        assertThat(events()).hasSize(4);
    }

    @Test
    void leavesTheChangesTheirPlaceHoweverManyAddressesAreRefused() throws IOException {
        int addresses = 100_000;
        for (int i = 0; i < addresses; i++) {
            refusals.add(refusal(AuditEvent.Kind.UNAUTHENTICATED, "10.0." + i / 256 + "." + i % 256, "/api/v1/series"));
            refusals.add(refusal(AuditEvent.Kind.LIMITED, "10.0." + i / 256 + "." + i % 256, "/api/v1/series"));
        }
        refusals.tell();
        assertThat(events()).hasSizeBetween(3, 120);
        assertThat(events().stream().mapToLong(AuditEvent::count).sum()).isEqualTo(2L * addresses);
        assertThat(events().getLast().who()).isEqualTo("several");
        assertThat(events().getLast().address()).isNull();
    }

    @Test
    void givesACallerAPartOfWhatIsToldApartAndANetworkIsOne() throws IOException {
        for (int i = 0; i < 1_000; i++) {
            refusals.add(refusal(AuditEvent.Kind.FORBIDDEN, "2001:db8::" + Integer.toHexString(i), "/api/v1/x" + i));
        }
        refusals.add(refusal(AuditEvent.Kind.FORBIDDEN, "192.0.2.7", "/api/v1/models"));
        assertThat(events())
                .hasSize(11)
                .last()
                .satisfies(event -> assertThat(event.address()).isEqualTo("192.0.2.7"));
    }

    private List<AuditEvent> events() throws IOException {
        return Files.readAllLines(data.resolve("audit").resolve("refusals.jsonl")).stream()
                .map(line -> new Json().mapper().readValue(line, AuditEvent.class))
                .toList();
    }

    private static AuditEvent refusal(AuditEvent.Kind kind, String address, String path) {
        return new AuditEvent(Instant.EPOCH, kind, "anonymous", address, "GET " + path, path, 401, "r", null, 1);
    }
}
