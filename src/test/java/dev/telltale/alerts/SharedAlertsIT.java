package dev.telltale.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.StartedRooms;
import dev.telltale.database.Database;
import dev.telltale.database.Lease;
import dev.telltale.database.Postgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two services on one database, and whom they tell.
class SharedAlertsIT {

    private static final List<String> HOOK = List.of("hook");

    @TempDir
    private Path directory;

    private final Postgres postgres = Postgres.fresh();
    private final FarEnd farEnd = new FarEnd();
    private final List<AlertsService> services = new ArrayList<>();

    @BeforeEach
    void start() throws Exception {
        for (String name : List.of("one", "other")) {
            services.add(start(name));
        }
        Patience.until("one of them sends", () -> services.stream().anyMatch(SharedAlertsIT::sends));
        AlertsService.Answer made = idle().send(
                        "PUT",
                        "/api/v1/receivers/hook",
                        Map.of(
                                "kind",
                                "webhook",
                                "url",
                                farEnd.url(),
                                "secret",
                                AlertsOnDisk.SECRET,
                                "repeat",
                                "PT1H"));
        assertThat(made.status()).as(made.body()).isEqualTo(201);
    }

    @AfterEach
    void stop() {
        services.forEach(AlertsService::close);
        farEnd.close();
    }

    @Test
    void eachIncidentIsToldOnceWhicheverServiceStoredItAndNotWhereTheOtherWasToldToBeSilent() throws Exception {
        for (int id = 1; id <= 6; id++) {
            services.get(id % 2).happens(Incidents.lasting(id, HOOK, "i-" + id));
        }
        Patience.until("all are told", () -> farEnd.requests.size() >= 6);
        for (int id = 1; id <= 6; id++) {
            services.get((id + 1) % 2).happens(Incidents.over(id, HOOK, "i-" + id));
        }
        Patience.until("all are told to be over", () -> farEnd.requests.size() >= 12);
        Patience.until("nothing is left to be told", () -> number("alert_outbox") == 0);

        AlertsService.Answer silence = idle().send(
                        "POST",
                        "/api/v1/silences",
                        Map.of("matchers", "{detector=\"disks\"}", "end", "2999-01-01T00:00:00Z"));
        assertThat(silence.status()).as(silence.body()).isEqualTo(201);
        holder().happens(Incidents.lasting(7, HOOK, "i-7"));
        Patience.until("it is looked at", () -> number("alert_firing WHERE incident = 7 AND due > 0") == 1);
        assertThat(farEnd.requests).hasSize(12);

        assertThat(idle().send("DELETE", silence.header("Location"), "").status())
                .isEqualTo(204);
        Patience.until("what lasts is told", () -> farEnd.requests.size() >= 13);
        Patience.until("nothing is left to be told", () -> number("alert_outbox") == 0);
        assertThat(farEnd.requests)
                .extracting(SharedAlertsIT::event)
                .doesNotHaveDuplicates()
                .hasSize(13);

        assertThat(idle().send("DELETE", "/api/v1/receivers/hook", "").status()).isEqualTo(204);
        assertThat(holder().get("/api/v1/receivers/hook").status()).isEqualTo(404);
    }

    @Test
    void whereTheOneThatSendsEndsWithoutAWordTheOtherSendsTheSameEvent() throws Exception {
        AlertsService former = holder();
        AlertsService next = idle();
        farEnd.answers(500, "not now");
        former.happens(Incidents.lasting(1, HOOK, "i-1"));
        Patience.until("it is tried", () -> !farEnd.requests.isEmpty());
        String event = event(farEnd.requests.getFirst());

        former.bean(Database.class).close();
        farEnd.answers(204, "");
        int before = farEnd.requests.size();
        next.happens(Incidents.lasting(2, HOOK, "i-2"));

        Patience.until("both are told", () -> farEnd.requests.size() >= before + 2 && number("alert_outbox") == 0);
        assertThat(sends(next)).isTrue();
        assertThat(farEnd.requests.subList(0, before + 1))
                .extracting(SharedAlertsIT::event)
                .containsOnly(event);
        assertThat(farEnd.requests).extracting(SharedAlertsIT::event).endsWith(event(farEnd.requests.getLast()));
        assertThat(event(farEnd.requests.getLast())).isNotEqualTo(event);
        assertThat(farEnd.requests).hasSize(before + 2);
    }

    private AlertsService start(String name) throws IOException {
        Path data = Files.createDirectories(directory.resolve(name));
        List<String> settings = new ArrayList<>(StartedRooms.settings(data, postgres));
        settings.removeIf(setting -> setting.startsWith("--telltale.data-dir=")); // it is given below
        settings.add("--telltale.alerts.allowed-networks=127.0.0.0/8");
        return new AlertsService(data, settings.toArray(String[]::new));
    }

    private AlertsService holder() {
        return services.stream().filter(SharedAlertsIT::sends).findFirst().orElseThrow();
    }

    private AlertsService idle() {
        return services.stream().filter(service -> !sends(service)).findFirst().orElseThrow();
    }

    private static boolean sends(AlertsService service) {
        return service.bean(Lease.class).isHeld();
    }

    private static String event(FarEnd.Request request) {
        return Objects.requireNonNull(request.headers().getFirst("webhook-id"));
    }

    private long number(String rows) {
        try {
            return postgres.number("SELECT count(*) FROM " + rows);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
