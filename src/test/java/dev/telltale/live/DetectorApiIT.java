package dev.telltale.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class DetectorApiIT {

    @TempDir
    private static Path directory;

    private static LiveService service;

    @BeforeAll
    static void trainTwoModels() {
        service = new LiveService(directory, "--telltale.live.detector-limit=3");
        StringBuilder csv = new StringBuilder("timestamp,value\n");
        for (int i = 0; i < 300; i++) {
            csv.append(1_767_225_600_000L + i * 60_000L)
                    .append(',')
                    .append(i % 24)
                    .append('\n');
        }
        service.json("POST", "/api/v1/series/cpu/samples", csv.toString(), 200);
        String specification = "{\"name\":\"%s\",\"series\":[\"cpu\"],\"windowing\":{\"length\":4},"
                + "\"training\":{\"epochs\":1},\"errorOf\":\"%s\"}";
        service.train(specification.formatted("last", "last"));
        service.train(specification.formatted("mean", "mean"));
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"select\":\"cpu\"}                                                            | 400 | missing-property",
                "{\"model\":\"last\"}                                                            | 400 | missing-property",
                "{\"model\":\"last\",\"select\":\"cpu{\"}                                        | 400 | bad-selector",
                "{\"model\":\"last\",\"select\":\"cpu\",\"colour\":\"red\"}                      | 400 | unknown-property",
                "{\"model\":\"no/name\",\"select\":\"cpu\"}                                      | 400 | bad-name",
                "{\"model\":\"nobody\",\"select\":\"cpu\"}                                       | 404 | model-not-found",
                "{\"model\":\"mean\",\"select\":\"cpu\"}                                         | 422 | model-not-live",
                "{\"model\":\"last\",\"select\":\"cpu\",\"direction\":\"sideways\"}              | 400 | invalid-value",
                "{\"model\":\"last\",\"select\":\"cpu\",\"persistence\":{\"m\":3,\"n\":2}}       | 400 | bad-policy",
                "{\"model\":\"last\",\"select\":\"cpu\",\"persistence\":{\"m\":1,\"n\":65}}      | 400 | bad-policy",
                "{\"model\":\"last\",\"select\":\"cpu\",\"minDeviation\":{\"absolute\":-1}}      | 400 | bad-policy",
                "{\"model\":\"last\",\"select\":\"cpu\",\"noData\":\"PT0.5S\"}                   | 400 | bad-detector",
                "{\"model\":\"last\",\"select\":\"cpu\",\"silence\":\"-PT1S\"}                   | 400 | bad-detector",
                "{\"model\":\"last\",\"select\":\"cpu\",\"receivers\":[\"No Name\"]}             | 400 | bad-detector",
                "{\"model\":\"last\",\"select\":\"cpu\",\"receivers\":[\"nobody\"]}              | 422 | receiver-unknown",
            })
    void refusesWhatIsNoDetector(String body, int status, String type) {
        HttpResponse<String> response = service.send("PUT", "/api/v1/detectors/refused", body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.body()).contains("\"/problems/" + type + "\"");
        service.json("GET", "/api/v1/detectors/refused", "", 404);
    }

    @Test
    void refusesNamesThatAreNone() {
        service.json("PUT", "/api/v1/detectors/No..Name", "{\"model\":\"last\",\"select\":\"cpu\"}", 400);
    }

    @Test
    void showsWhatItWatches() {
        service.json(
                "PUT", "/api/v1/detectors/shown", "{\"model\":\"last\",\"select\":\"{__name__=~\\\"c.u\\\"}\"}", 201);
        service.await(() ->
                service.get("/api/v1/detectors/shown").at("/states/watching").asInt(0) == 1);
        JsonNode shown = service.get("/api/v1/detectors/shown");
        assertThat(shown.get("watched").asInt()).isEqualTo(1);
        assertThat(shown.at("/series/0/name").asString()).isEqualTo("cpu");
        assertThat(shown.at("/specification/scaling").asString()).isEqualTo("auto");
        assertThat(shown.at("/specification/persistence/m").asInt()).isEqualTo(1);
        assertThat(shown.get("pending").asInt()).isZero();
        assertThat(service.get("/api/v1/detectors/shown/series?state=warming").get("items"))
                .isEmpty();
        assertThat(service.get("/api/v1/detectors/shown/series?limit=1").get("items"))
                .hasSize(1);
        assertThat(service.get("/api/v1/series?match=telltale_score%7Bdetector=%22shown%22%7D")
                        .get("items"))
                .hasSize(1);
        service.json("DELETE", "/api/v1/detectors/shown", "", 204);
        service.await(() -> service.get("/api/v1/series?match=telltale_score%7Bdetector=%22shown%22%7D")
                .get("items")
                .isEmpty());
    }

    @Test
    void keepsTheModelOfADetector() {
        service.json("PUT", "/api/v1/detectors/user", "{\"model\":\"last\",\"select\":\"cpu\"}", 201);
        HttpResponse<String> refused = service.send("DELETE", "/api/v1/models/last", "");
        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(refused.body()).contains("detector 'user'");
        service.json("PUT", "/api/v1/detectors/user", "{\"model\":\"last\",\"select\":\"cpu\"}", 200);
        service.json("DELETE", "/api/v1/detectors/user", "", 204);
        service.json("DELETE", "/api/v1/detectors/user", "", 404);
    }

    @Test
    void makesNoMoreThanTheLimit() {
        for (String name : new String[] {"one", "two", "three"}) {
            service.json("PUT", "/api/v1/detectors/" + name, "{\"model\":\"last\",\"select\":\"cpu\"}", 201);
        }
        service.json("PUT", "/api/v1/detectors/four", "{\"model\":\"last\",\"select\":\"cpu\"}", 422);
        JsonNode page = service.get("/api/v1/detectors?limit=2");
        assertThat(page.get("items")).hasSize(2);
        JsonNode rest = service.get(
                "/api/v1/detectors?limit=2&cursor=" + page.get("next").asString());
        assertThat(rest.at("/items/0/name").asString()).isEqualTo("two");
        for (String name : new String[] {"one", "two", "three"}) {
            service.json("DELETE", "/api/v1/detectors/" + name, "", 204);
        }
    }

    @Test
    void readsScoresBesideSamplesInEachForm() {
        service.json("PUT", "/api/v1/detectors/beside", "{\"model\":\"last\",\"select\":\"cpu\"}", 201);
        service.json("GET", "/api/v1/series/cpu/samples?with=score:nobody", "", 404);
        service.json("GET", "/api/v1/series/cpu/samples?with=loss:beside", "", 400);
        JsonNode first = service.get("/api/v1/series/cpu/samples?with=score:beside&limit=1")
                .at("/samples/0");
        assertThat(first.get("score").isNull())
                .as("it was there before the detector")
                .isTrue();
        service.json("DELETE", "/api/v1/detectors/beside", "", 204);
    }
}
