package dev.telltale.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The service with a webhook on this machine.
class WebhookIT {

    private static final String ALLOW = "--telltale.alerts.allowed-networks=127.0.0.0/8";
    private static final List<String> HOOK = List.of("hook");

    @TempDir
    Path directory;

    private final FarEnd farEnd = new FarEnd();

    @AfterEach
    void close() {
        farEnd.close();
    }

    @Test
    void tellsOfAnIncidentFromItsBeginToItsEndInSignedEvents() throws Exception {
        try (AlertsService service =
                new AlertsService(directory, ALLOW, "--telltale.public-url=https://tell.example")) {
            assertThat(service.webhook("hook", farEnd.url() + "/in").status()).isEqualTo(201);
            service.happens(Incidents.lasting(7, HOOK, "i-1"));
            Patience.until("the begin is told", () -> farEnd.requests.size() == 1);
            service.happens(Incidents.over(7, HOOK, "i-1"));
            Patience.until("the end is told", () -> farEnd.requests.size() == 2);
            assertThat(farEnd.requests).extracting(WebhookIT::type).containsExactly("began", "ended");
            for (FarEnd.Request request : farEnd.requests) {
                assertThat(request.target()).isEqualTo("/in");
                JsonNode event = new JsonMapper().readTree(request.body());
                assertThat(event.get("id").asString()).isEqualTo(header(request, "webhook-id"));
                assertThat(event.get("source").asString()).isEqualTo("https://tell.example");
                assertThat(event.at("/data/series/0/labels/instance").asString())
                        .isEqualTo("i-1");
                assertThat(header(request, "webhook-signature")).isEqualTo(signature(request));
            }
            Patience.until(
                    "it is known that they were taken",
                    () -> service.get("/api/v1/receivers/hook")
                                    .node()
                                    .at("/delivery/queue")
                                    .asInt()
                            == 0);
            assertThat(service.get("/api/v1/receivers/hook")
                            .node()
                            .at("/delivery/lastSuccess")
                            .isString())
                    .isTrue();
            assertThat(service.get("/actuator/prometheus").body())
                    .containsPattern("telltale_alerts_sent_messages_total\\{.*webhook.*} 2.0");
        }
    }

    @Test
    void whatCouldNotBeSentIsSentAfterARestartUnderTheSameName() throws Exception {
        farEnd.answers(503, "not now");
        try (AlertsService service = new AlertsService(directory, ALLOW)) {
            service.webhook("hook", farEnd.url());
            service.happens(Incidents.lasting(7, HOOK, "i-1"));
            service.happens(Incidents.over(7, HOOK, "i-1"));
            Patience.until(
                    "the failure shows",
                    () -> service.get("/api/v1/receivers/hook").body().contains("the answer was 503: not now"));
        }
        String id = header(farEnd.requests.getFirst(), "webhook-id");
        farEnd.answers(204, "");
        farEnd.requests.clear();
        try (AlertsService again = new AlertsService(directory, ALLOW)) {
            Patience.until("both are told", () -> farEnd.requests.size() == 2);
            assertThat(again.get("/api/v1/receivers/hook").status()).isEqualTo(200);
        }
        assertThat(farEnd.requests).extracting(WebhookIT::type).containsExactly("began", "ended");
        assertThat(header(farEnd.requests.getFirst(), "webhook-id")).isEqualTo(id);
    }

    @Test
    void aReceiverThatHangsDelaysNeitherOthersNorTheStoreNorTheEndOfTheService() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        farEnd.answers(exchange -> {
            try {
                never.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        try (FarEnd other = new FarEnd();
                AlertsService service = new AlertsService(directory, ALLOW, "--telltale.alerts.timeout=1m")) {
            service.webhook("hook", farEnd.url());
            service.webhook("other", other.url());
            service.happens(Incidents.lasting(1, List.of("hook", "other"), "i-1"));
            Patience.until("the one hangs", () -> farEnd.requests.size() == 1);
            for (int incident = 2; incident <= 50; incident++) {
                service.happens(Incidents.lasting(incident, List.of("hook", "other"), "i-1"));
            }
            Patience.until("the other was told of all", () -> other.requests.size() == 50);
            assertThat(farEnd.requests).hasSize(1);
            assertThat(service.get("/api/v1/receivers/hook")
                            .node()
                            .at("/delivery/queue")
                            .asInt())
                    .isEqualTo(50);
        } finally {
            never.countDown();
        }
    }

    @Test
    void aSilenceHoldsBackAndItsEndLetsThrough() throws Exception {
        try (AlertsService service = new AlertsService(directory, ALLOW)) {
            service.webhook("hook", farEnd.url());
            String silence = service.send(
                            "POST",
                            "/api/v1/silences",
                            Map.of("matchers", "{instance=\"i-1\"}", "end", "2090-01-01T00:00:00Z"))
                    .header("Location");
            service.happens(Incidents.lasting(1, HOOK, "i-1"));
            service.happens(Incidents.lasting(2, HOOK, "i-2"));
            Patience.until("the other is told", () -> farEnd.requests.size() == 1);
            assertThat(farEnd.requests.getFirst().body()).contains("\"i-2\"");
            service.send("DELETE", silence, "");
            Patience.until("what was silenced is told", () -> farEnd.requests.size() == 2);
            assertThat(farEnd.requests.get(1).body()).contains("\"i-1\"", "incident.began");
        }
    }

    private static String type(FarEnd.Request request) {
        return new JsonMapper().readTree(request.body()).get("type").asString().replace("dev.telltale.incident.", "");
    }

    private static String header(FarEnd.Request request, String name) {
        return Objects.requireNonNull(request.headers().getFirst(name), name);
    }

    private static String signature(FarEnd.Request request) {
        String signed =
                header(request, "webhook-id") + "." + header(request, "webhook-timestamp") + "." + request.body();
        byte[] mac = new Secret(AlertsOnDisk.SECRET).sign(signed.getBytes(StandardCharsets.UTF_8));
        return "v1," + Base64.getEncoder().encodeToString(mac);
    }
}
