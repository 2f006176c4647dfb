package dev.telltale.models;

import static dev.telltale.models.TestRequests.ROWS;
import static dev.telltale.models.TestRequests.START;
import static dev.telltale.models.TestRequests.STEP;
import static dev.telltale.models.TestRequests.csv;
import static dev.telltale.models.TestRequests.range;
import static dev.telltale.models.TestRequests.specification;
import static dev.telltale.models.TestRequests.waves;
import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.models.RunningService.Answer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// Versions of a model over HTTP: training further ones, choosing the one that scores, deleting.
class VersionsApiIT {

    private static final String MODELS = "/api/v1/models/";
    private static final String SOME_ROWS = range("waves", START, START + 50 * STEP);

    @TempDir
    private static Path data;

    private static RunningService service;

    @BeforeAll
    static void start() {
        service = new RunningService(data);
        service.postCsv("/api/v1/series/waves/samples", csv(0, ROWS, waves(1)));
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @Test
    void trainsAVersionThatScoresOnceItIsActivated() {
        service.train(specification("steps", "waves", 8, 1));
        String first = score("steps", "").body();

        Answer trained = version("steps", "", "{\"training\":{\"epochs\":3}}");
        assertThat(trained.status()).as(trained.body()).isEqualTo(201);
        assertThat(trained.header("Location")).isEqualTo("/api/v1/models/steps/versions/2");
        assertThat(trained.node())
                .isEqualTo(service.get(MODELS + "steps/versions/2").node());
        assertThat(trained.node().get("version").asInt()).isEqualTo(2);
        assertThat(score("steps", "").body()).isEqualTo(first);
        assertThat(service.get(MODELS + "steps").node().get("version").asInt()).isEqualTo(1);

        assertThat(activate("steps", 2).body()).isEqualTo("{\"version\":2}");
        Answer second = score("steps", "");
        assertThat(second.node().get("version").asInt()).isEqualTo(2);
        assertThat(second.header("Telltale-Model-Version")).isEqualTo("2");
        assertThat(second.node().get("rows"))
                .isNotEqualTo(score("steps", "?version=1").node().get("rows"));
        assertThat(service.get(MODELS + "steps").node().get("version").asInt()).isEqualTo(2);

        activate("steps", 1);
        assertThat(score("steps", "").body()).isEqualTo(first);
        assertThat(service.get(MODELS + "steps/active").body()).isEqualTo("{\"version\":1}");
    }

    @Test
    void activatesAndDeletesOnlyWhileTheVersionThatWasSeenIsActive() {
        service.train(specification("contested", "waves", 8, 1));
        String path = MODELS + "contested";
        String first = service.get(path).header("ETag");
        assertThat(first).isEqualTo(service.get(path + "/versions/1").header("ETag"));
        assertThat(service.send("GET", path, "", "If-None-Match: " + first).status())
                .isEqualTo(304);
        version("contested", "", "{}");

        String second = "{\"version\":2}";
        String json = "Content-Type: application/json";
        Answer activated = service.send("PUT", path + "/active", second, json, "If-Match: " + first);
        assertThat(activated.status()).as(activated.body()).isEqualTo(200);
        Answer late = service.send("PUT", path + "/active", "{\"version\":1}", json, "If-Match: " + first);
        assertThat(late.status()).isEqualTo(412);
        assertThat(service.get(path + "/active").body()).isEqualTo(second);
        for (String seen : List.of(path, path + "/evaluation", path + "/active")) {
            Answer again = service.send("GET", seen, "", "If-None-Match: " + first);
            assertThat(again.status()).isEqualTo(200);
            assertThat(again.header("ETag"))
                    .isEqualTo(service.get(path + "/versions/2").header("ETag"));
        }

        assertThat(service.send("DELETE", path, "", "If-Match: " + first).status())
                .isEqualTo(412);
        assertThat(service.send("DELETE", path, "", "If-Match: *").status()).isEqualTo(204);
    }

    @Test
    void scoresWithAChosenVersionAndNamesItInEveryForm() {
        service.train(specification("chosen", "waves", 8, 1));
        version("chosen", "", "{\"training\":{\"seed\":7}}");

        Answer json = score("chosen", "?version=2");
        assertThat(json.node().get("version").asInt()).isEqualTo(2);
        assertThat(json.header("Telltale-Model-Version")).isEqualTo("2");
        Answer csv = service.postJsonForCsv(MODELS + "chosen/score?version=2", SOME_ROWS);
        assertThat(csv.header("Telltale-Model-Version")).isEqualTo("2");
        assertThat(csv.body().lines().toList().getLast())
                .contains(json.node().at("/rows/50/score").toString());
        assertThat(service.postJsonForCsv(MODELS + "chosen/score", SOME_ROWS).header("Telltale-Model-Version"))
                .isEqualTo("1");
    }

    @Test
    void keepsWhatTheRequestDoesNotName() {
        service.train(specification("base-of", "waves", 8, 1));

        JsonNode specification = version(
                        "base-of",
                        "",
                        "{\"training\":{\"seed\":7},\"windowing\":{\"stride\":2},\"scaling\":\"standard\","
                                + "\"threshold\":{\"rule\":\"sigma\",\"k\":3},\"split\":{\"train\":0.5,\"validation\":0.5}}")
                .node()
                .get("specification");

        assertThat(specification.get("name").asString()).isEqualTo("base-of");
        assertThat(specification.at("/series/0").asString()).isEqualTo("waves");
        assertThat(specification.at("/training/seed").asInt()).isEqualTo(7);
        assertThat(specification.at("/training/learningRate").asDouble()).isEqualTo(0.005);
        assertThat(specification.at("/training/earlyStopping").isNull()).isTrue();
        assertThat(specification.at("/windowing/length").asInt()).isEqualTo(8);
        assertThat(specification.at("/windowing/stride").asInt()).isEqualTo(2);
        assertThat(specification.at("/scaling/kind").asString()).isEqualTo("standard");
        assertThat(specification.at("/threshold/rule").asString()).isEqualTo("sigma");
        assertThat(specification.at("/threshold").has("rate")).isFalse();
        assertThat(specification.at("/split/test").asDouble()).isZero();
    }

    @Test
    void givesTheSameScoresWhenTheSameIsTrainedAgain() {
        service.train(specification("same", "waves", 8, 2));

        version("same", "", "{}");

        assertThat(score("same", "?version=2").node().get("rows"))
                .isEqualTo(score("same", "?version=1").node().get("rows"));
    }

    @Test
    void activatesATrainedVersionAtOnceIfAskedTo() {
        service.train(specification("eager", "waves", 8, 1));

        version("eager", "?activate=true", "{\"training\":{\"seed\":7}}");

        assertThat(score("eager", "").node().get("version").asInt()).isEqualTo(2);
    }

    @Test
    void answersWithAJobThatNamesTheVersionAtItsEnd() {
        service.train(specification("queued", "waves", 8, 1));

        Answer accepted = service.postJson(MODELS + "queued/versions", "{}");

        assertThat(accepted.status()).isEqualTo(202);
        assertThat(service.awaitEnd(accepted.header("Location")).get("result").asString())
                .isEqualTo("/api/v1/models/queued/versions/2");
    }

    @Test
    void listsVersionsFromTheNewestOn() {
        service.train(specification("many", "waves", 8, 1));
        version("many", "", "{}");
        version("many", "?activate=true", "{\"windowing\":{\"length\":4}}");
        version("many", "", "{}");

        List<String> seen = new ArrayList<>();
        String cursor = "";
        while (!cursor.equals("end")) {
            JsonNode page =
                    service.get(MODELS + "many/versions?limit=3" + cursor).node();
            page.get("items")
                    .forEach(item -> seen.add("%s %s %s"
                            .formatted(
                                    item.get("version").asInt(),
                                    item.get("length").asInt(),
                                    item.get("active").asBoolean())));
            cursor = page.get("next").isNull()
                    ? "end"
                    : "&cursor=" + page.get("next").asString();
        }
        // The fourth takes its windows from the third, which was active when it was ordered.
        assertThat(seen).containsExactly("4 4 false", "3 4 true", "2 8 false", "1 8 false");
    }

    @Test
    void deletesAVersionThatIsNotActive() {
        service.train(specification("fewer", "waves", 8, 1));
        version("fewer", "", "{}");
        score("fewer", "?version=2");

        assertThat(service.delete(MODELS + "fewer/versions/1").status()).isEqualTo(409);
        assertThat(service.delete(MODELS + "fewer/versions/2").status()).isEqualTo(204);
        assertThat(service.delete(MODELS + "fewer/versions/2").status()).isEqualTo(404);
        assertThat(score("fewer", "?version=2").status()).isEqualTo(404);
        assertThat(data.resolve("models/fewer/2")).doesNotExist();
        assertThat(version("fewer", "", "{}").node().get("version").asInt()).isEqualTo(3);
        assertThat(service.get(MODELS + "fewer/versions/3/evaluation")
                        .node()
                        .get("history")
                        .size())
                .isEqualTo(1);
    }

    @Test
    void deletesAModelWithAllItsVersionsButNotDuringATraining() {
        service.train(specification("gone", "waves", 8, 1));
        version("gone", "", "{}");
        String running = service.postJson(MODELS + "gone/versions", "{\"training\":{\"epochs\":10000}}")
                .header("Location");
        service.await(running, state -> state.equals("running"));

        assertThat(service.delete(MODELS + "gone").status()).isEqualTo(409);
        assertThat(service.delete(MODELS + "gone/versions/2").status()).isEqualTo(409);
        assertThat(service.postJson(MODELS + "gone/versions", "{}").status()).isEqualTo(409);
        assertThat(activate("gone", 2).status()).isEqualTo(200);
        service.delete(running);
        service.awaitEnd(running);

        assertThat(service.delete(MODELS + "gone").status()).isEqualTo(204);
        assertThat(service.get(MODELS + "gone/versions").status()).isEqualTo(404);
        assertThat(data.resolve("models/gone")).doesNotExist();
        assertThat(service.train(specification("gone", "waves", 8, 1))
                        .node()
                        .get("version")
                        .asInt())
                .isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            POST   | nobody/versions            | {}                                     | 404 model-not-found
            POST   | refused/versions           | ~~                                     | 400 bad-request
            POST   | refused/versions           | []                                     | 400 wrong-type
            POST   | refused/versions           | null                                   | 400 wrong-type
            POST   | refused/versions           | {"epochs":3}                           | 400 unknown-property
            POST   | refused/versions           | {"name":"other"}                       | 400 bad-specification
            POST   | refused/versions           | {"training":{"epochs":0}}              | 400 bad-training
            POST   | refused/versions           | {"training":{"epochs":1e999}}          | 400 wrong-type
            POST   | refused/versions           | {"training":null}                      | 201
            POST   | refused/versions           | {"series":["nowhere"]}                 | 404 series-not-found
            POST   | refused/versions           | {"series":["a"],"series":["b"]}        | 400 duplicate-key
            POST   | refused/versions?activate=2 | {}                                    | 400 bad-request
            GET    | refused/versions/9         | ~~                                     | 404 version-not-found
            GET    | refused/versions/0         | ~~                                     | 404 version-not-found
            GET    | refused/versions/x         | ~~                                     | 400 invalid-parameter
            GET    | refused/versions/99999999999 | ~~                                   | 400 invalid-parameter
            GET    | refused/versions/9/evaluation | ~~                                  | 404 version-not-found
            GET    | nobody/active              | ~~                                     | 404 model-not-found
            GET    | refused/versions?limit=1001 | ~~                                    | 400 invalid-parameter
            GET    | refused/versions?cursor=x  | ~~                                     | 400 bad-cursor
            PUT    | refused/active             | {"version":9}                          | 404 version-not-found
            PUT    | refused/active             | {"version":"1"}                        | 400 wrong-type
            PUT    | refused/active             | {}                                     | 400 missing-property
            PUT    | nobody/active              | {"version":1}                          | 404 model-not-found
            DELETE | refused/versions/9         | ~~                                     | 404 version-not-found
            POST   | refused/score?version=9    | {"series":"waves"}                     | 404 version-not-found
            POST   | refused/score?version=x    | {"series":"waves"}                     | 400 invalid-parameter
            """)
    void refuses(String method, String path, String body, String expected) {
        if (service.get(MODELS + "refused").status() == 404) {
            service.train(specification("refused", "waves", 8, 1));
        }

        Answer answer = service.send(method, MODELS + path, body, "Content-Type: application/json", "Prefer: wait=60");

        assertThat(answer.status()).as(answer.body()).isEqualTo(Integer.parseInt(expected.substring(0, 3)));
        if (answer.status() >= 400) {
            assertThat(answer.node().get("type").asString()).isEqualTo("/problems/" + expected.substring(4));
        }
        assertThat(service.get(MODELS + "refused").node().get("version").asInt())
                .isEqualTo(1);
    }

    private static Answer score(String model, String query) {
        return service.postJson(MODELS + model + "/score" + query, SOME_ROWS);
    }

    private static Answer version(String model, String query, String changes) {
        return service.send(
                "POST",
                MODELS + model + "/versions" + query,
                changes,
                "Content-Type: application/json",
                "Prefer: wait=60");
    }

    private static Answer activate(String model, int version) {
        return service.send(
                "PUT",
                MODELS + model + "/active",
                "{\"version\":%d}".formatted(version),
                "Content-Type: application/json");
    }
}
