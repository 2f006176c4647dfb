package dev.telltale.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.alerts.AlertsService.Answer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class AlertsApiIT {

    private static final String RECEIVERS = "/api/v1/receivers/";
    private static final String SILENCES = "/api/v1/silences";
    private static final String PUBLIC = "https://198.41.0.4/hook";

    @TempDir
    static Path directory;

    private static AlertsService service;

    @BeforeAll
    static void start() {
        service =
                new AlertsService(directory, "--telltale.alerts.receiver-limit=6", "--telltale.alerts.silence-limit=8");
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @Test
    void aReceiverIsMadeChangedShownListedAndDeleted() throws Exception {
        Answer made = service.webhook("life", PUBLIC);
        assertThat(made.status()).isEqualTo(201);
        assertThat(made.header("Location")).isEqualTo(RECEIVERS + "life");
        Answer shown = service.get(RECEIVERS + "life");
        assertThat(shown.node())
                .isEqualTo(made.node())
                .isEqualTo(new dev.telltale.http.Json().mapper().readTree("""
                {"name": "life", "kind": "webhook", "url": "https://198.41.0.4/hook", "repeat": "PT1M", "secretSet": true,
                 "delivery": {"queue": 0, "lastSuccess": null, "lastFailure": null, "dropped": 0, "lastDropped": null}}
                """));
        Answer changed = service.send(
                "PUT", RECEIVERS + "life", Map.of("kind", "alertmanager", "url", "http://198.41.0.4:9093"));
        assertThat(changed.status()).isEqualTo(200);
        assertThat(changed.node().get("repeat").asString()).isEqualTo("PT1M");
        assertThat(changed.node().get("secretSet").asBoolean()).isFalse();
        assertThat(service.get("/api/v1/receivers").body()).contains("\"life\"");
        assertThat(service.send("DELETE", RECEIVERS + "life", "").status()).isEqualTo(204);
        assertThat(service.send("DELETE", RECEIVERS + "life", "").status()).isEqualTo(404);
        assertThat(service.get(RECEIVERS + "life").body()).contains("receiver-not-found");
    }

    @Test
    void aSecretIsShownNowhereAndStaysWhereNoneIsGiven() throws Exception {
        String answers = service.webhook("quiet", PUBLIC).body()
                + service.get(RECEIVERS + "quiet").body()
                + service.get("/api/v1/receivers").body();
        assertThat(answers).doesNotContain(AlertsOnDisk.SECRET).doesNotContain("MfKQ9r8");
        Answer changed = service.send("PUT", RECEIVERS + "quiet", Map.of("kind", "webhook", "url", PUBLIC + "/2"));
        assertThat(changed.status()).isEqualTo(200);
        assertThat(changed.node().get("secretSet").asBoolean()).isTrue();
        service.send("DELETE", RECEIVERS + "quiet", "");
        Answer without = service.send("PUT", RECEIVERS + "quiet", Map.of("kind", "webhook", "url", PUBLIC));
        assertThat(without.status()).isEqualTo(400);
        assertThat(without.body()).contains("bad-receiver", "secret");
    }

    @Test
    void aChangeCanDependOnTheStateThatWasSeen() throws Exception {
        service.webhook("tagged", PUBLIC);
        String tag = service.get(RECEIVERS + "tagged").header("ETag");
        assertThat(service.get(RECEIVERS + "tagged", "If-None-Match: " + tag).status())
                .isEqualTo(304);
        Map<String, String> other = Map.of("kind", "alertmanager", "url", "http://198.41.0.4:9093");
        assertThat(service.send("PUT", RECEIVERS + "tagged", other, "If-None-Match: *")
                        .status())
                .isEqualTo(412);
        assertThat(service.send("PUT", RECEIVERS + "tagged", other, "If-Match: \"0.0\"")
                        .status())
                .isEqualTo(412);
        Answer changed = service.send("PUT", RECEIVERS + "tagged", other, "If-Match: " + tag);
        assertThat(changed.status()).isEqualTo(200);
        assertThat(changed.header("ETag")).isNotEqualTo(tag);
        assertThat(service.send("DELETE", RECEIVERS + "tagged", "", "If-Match: " + tag)
                        .status())
                .isEqualTo(412);
        assertThat(service.send("DELETE", RECEIVERS + "tagged", "", "If-Match: " + changed.header("ETag"))
                        .status())
                .isEqualTo(204);
    }

    @Test
    void hostileAddressesAreRefused() throws Exception {
        for (String kind : List.of("webhook", "alertmanager")) {
            for (String url : HostileUrls.ALL) {
                Map<String, String> form = new HashMap<>(Map.of("kind", kind, "url", url));
                if (kind.equals("webhook")) {
                    form.put("secret", AlertsOnDisk.SECRET);
                }
                Answer answer = service.send("PUT", RECEIVERS + "hostile", form);
                assertThat(answer.status()).as("%s: %s", url, answer.body()).isEqualTo(400);
                assertThat(answer.node().get("type").asString()).as(url).isEqualTo("/problems/forbidden-url");
            }
        }
        assertThat(service.get(RECEIVERS + "hostile").status()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "{\"kind\":\"webhook\"}",
                "{\"kind\":\"email\",\"url\":\"https://198.41.0.4/\"}",
                "{\"kind\":\"webhook\",\"url\":7,\"secret\":\"correct-horse-battery\"}",
                "{\"kind\":\"webhook\",\"url\":\"https://198.41.0.4/\",\"secret\":\"short\"}",
                "{\"kind\":\"webhook\",\"url\":\"https://198.41.0.4/\",\"secret\":\"whsec_!!!!!!!!!!!!!!!!\"}",
                "{\"kind\":\"webhook\",\"url\":\"https://198.41.0.4/\",\"secret\":\"line\\nfeed-line-feed\"}",
                "{\"kind\":\"webhook\",\"url\":\"https://198.41.0.4/\",\"secret\":\"correct-horse-battery\",\"repeat\":\"PT1S\"}",
                "{\"kind\":\"webhook\",\"url\":\"https://198.41.0.4/\",\"secret\":\"correct-horse-battery\",\"repeat\":60}",
                "{\"kind\":\"webhook\",\"url\":\"https://198.41.0.4/\",\"secret\":\"correct-horse-battery\",\"extra\":1}",
                "{\"kind\":\"alertmanager\",\"url\":\"https://198.41.0.4/\",\"secret\":\"correct-horse-battery\"}",
                "{\"kind\":\"alertmanager\",\"url\":\"https://198.41.0.4/?a=b\"}",
                "{\"kind\":\"alertmanager\",\"url\":\"https://198.41.0.4/\",\"repeat\":\"PT2H\"}"
            })
    void whatIsNoReceiverIsRefused(String body) throws Exception {
        Answer answer = service.send("PUT", RECEIVERS + "bad", body);
        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
    }

    @Test
    void whatIsNoNameIsRefused() throws Exception {
        for (String name : List.of("A", "-a", "a..b", "a".repeat(64), "%C3%BC", "a%20b")) {
            assertThat(service.webhook(name, PUBLIC).status()).as(name).isEqualTo(400);
        }
    }

    @Test
    void receiversAndSilencesHaveALimit() throws Exception {
        List<String> names = new ArrayList<>();
        Answer last = service.webhook("limit-0", PUBLIC);
        for (int i = 1; last.status() == 201; i++) {
            names.add("limit-" + (i - 1));
            last = service.webhook("limit-" + i, PUBLIC);
        }
        assertThat(last.status()).isEqualTo(422);
        assertThat(last.body()).contains("receiver-limit");
        assertThat(service.webhook(names.getFirst(), PUBLIC + "/2").status()).isEqualTo(200);
        JsonNode page = service.get("/api/v1/receivers?limit=2").node();
        assertThat(page.get("items")).hasSize(2);
        assertThat(service.get("/api/v1/receivers?limit=2&cursor="
                                + page.get("next").asString())
                        .node()
                        .get("items"))
                .isNotEmpty();
        for (String name : names) {
            service.send("DELETE", RECEIVERS + name, "");
        }
        List<String> silences = new ArrayList<>();
        Map<String, String> silence = Map.of("matchers", "cpu", "end", "2090-01-01T00:00:00Z");
        Answer added = service.send("POST", SILENCES, silence);
        while (added.status() == 201) {
            silences.add(added.header("Location"));
            added = service.send("POST", SILENCES, silence);
        }
        assertThat(added.status()).isEqualTo(422);
        assertThat(added.body()).contains("silence-limit");
        for (String path : silences) {
            assertThat(service.send("DELETE", path, "").status()).isEqualTo(204);
        }
    }

    @Test
    void aSilenceIsMadeChangedShownAndDeleted() throws Exception {
        Answer made = service.send("POST", SILENCES, """
                {"matchers": "{instance=~\\"i-.*\\"}", "comment": "new disks",
                 "recurring": {"days": ["saturday", "sunday"], "from": "22:00", "to": "04:00", "zone": "Europe/Berlin"}}
                """);
        assertThat(made.status()).as(made.body()).isEqualTo(201);
        String path = made.header("Location");
        assertThat(service.get(path).node().at("/recurring/days/1").asString()).isEqualTo("sunday");
        assertThat(made.node().get("start").isNull()).isTrue();
        Map<String, String> once = Map.of("matchers", "cpu", "end", "2090-01-01T00:00:00Z");
        assertThat(service.send("PUT", path, once, "If-Match: \"0.x\"").status())
                .isEqualTo(412);
        Answer changed = service.send("PUT", path, once, "If-Match: " + made.header("ETag"));
        assertThat(changed.status()).isEqualTo(200);
        assertThat(changed.node().get("state").asString()).isEqualTo("active");
        assertThat(changed.node().get("start").isString()).as("from now on").isTrue();
        assertThat(service.get(SILENCES).body()).contains("\"cpu\"");
        Map<String, String> past =
                Map.of("matchers", "cpu", "start", "2020-01-01T00:00:00Z", "end", "2020-01-02T00:00:00Z");
        assertThat(service.send("PUT", path, past).node().get("state").asString())
                .isEqualTo("ended");
        assertThat(service.send("DELETE", path, "").status()).isEqualTo(204);
        assertThat(service.get(path).status()).isEqualTo(404);
        assertThat(service.send("PUT", path, past).status()).isEqualTo(404);
        assertThat(service.get(SILENCES + "/x").status()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"matchers\":\"cpu\"}",
                "{\"matchers\":\"\",\"end\":\"2090-01-01T00:00:00Z\"}",
                "{\"matchers\":\"{a=\",\"end\":\"2090-01-01T00:00:00Z\"}",
                "{\"matchers\":\"{a=~\\\"(\\\"}\",\"end\":\"2090-01-01T00:00:00Z\"}",
                "{\"matchers\":\"cpu\",\"start\":\"2090-01-01T00:00:00Z\",\"end\":\"2090-01-01T00:00:00Z\"}",
                "{\"matchers\":\"cpu\",\"end\":\"2020-01-01T00:00:00Z\"}",
                "{\"matchers\":\"cpu\",\"end\":\"tomorrow\"}",
                "{\"matchers\":\"cpu\",\"recurring\":{\"days\":[],\"from\":\"22:00\",\"to\":\"04:00\"}}",
                "{\"matchers\":\"cpu\",\"recurring\":{\"days\":[\"someday\"],\"from\":\"22:00\",\"to\":\"04:00\"}}",
                "{\"matchers\":\"cpu\",\"recurring\":{\"days\":[\"sunday\"],\"from\":\"24:00\",\"to\":\"04:00\"}}",
                "{\"matchers\":\"cpu\",\"recurring\":{\"days\":[\"sunday\"],\"from\":\"22:00\",\"to\":\"4\"}}",
                "{\"matchers\":\"cpu\",\"recurring\":{\"days\":[\"sunday\"],\"from\":\"22:00\",\"to\":\"04:00\",\"zone\":\"Mars/Base\"}}",
                "{\"matchers\":\"cpu\",\"recurring\":{\"days\":[\"sunday\"],\"from\":\"22:00\"}}"
            })
    void whatIsNoSilenceIsRefused(String body) throws Exception {
        Answer answer = service.send("POST", SILENCES, body);
        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
    }
}
