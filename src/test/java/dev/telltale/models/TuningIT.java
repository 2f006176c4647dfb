package dev.telltale.models;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.models.RunningService.Answer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// Tunings over HTTP.
class TuningIT {

    private static final String SPACE = """
            {"architecture":["base","tanh"],"length":[8,16],"learningRate":[0.000001,0.003],"dropout":[0,0.1],
             "weightDecay":[0,0.0001]}""";

    @TempDir
    private static Path data;

    private static RunningService service;

    @BeforeAll
    static void start() {
        service = new RunningService(data);
        service.postCsv("/api/v1/series/waves/samples", TestRequests.csv(0, 600, TestRequests.waves(1)));
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @Test
    void ranksCandidatesAndMakesTheBestAModel() {
        JsonNode report = tune("tuned", SPACE, 9);

        assertThat(report.get("trainings").asInt()).isEqualTo(9);
        JsonNode ranking = report.get("ranking");
        assertThat(ranking.size()).isEqualTo(5); // of 5, 2 go on, and one of these makes the model
        List<Integer> epochs = new ArrayList<>();
        ranking.forEach(candidate -> epochs.add(candidate.get("epochs").asInt()));
        assertThat(epochs).containsExactly(9, 3, 1, 1, 1);
        assertThat(new HashSet<>(candidates(ranking))).hasSize(5);
        assertThat(ranking.get(2).get("value").asDouble())
                .isLessThanOrEqualTo(ranking.get(3).get("value").asDouble());
        JsonNode model = service.get("/api/v1/models/tuned").node();
        assertThat(model.at("/specification/training/learningRate"))
                .isEqualTo(ranking.get(0).get("learningRate"));
        assertThat(model.at("/specification/windowing/length"))
                .isEqualTo(ranking.get(0).get("length"));
        JsonNode history = service.get("/api/v1/models/tuned/evaluation").node().get("history");
        assertThat(history.get(model.get("bestEpoch").asInt() - 1).get("validationLoss"))
                .isEqualTo(ranking.get(0).get("value"));
    }

    @Test
    void findsTheSameAgain() {
        JsonNode first = tune("once", SPACE, 5);
        JsonNode again = tune("again", SPACE, 5);

        assertThat(again.get("ranking")).isEqualTo(first.get("ranking"));
    }

    @Test
    void goesOnWithoutCandidatesThatCannotBeTrained() {
        JsonNode ranking = tune("some", "{\"length\":[8,5000]}", 3).get("ranking");

        assertThat(ranking.get(0).get("length").asInt()).isEqualTo(8);
        assertThat(ranking.get(1).get("value").isNull()).isTrue();
        assertThat(ranking.get(1).get("problem").asString()).contains("no window of 5000 rows");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}                              | 20   | 400 | bad-tuning",
                "{\"length\":[8]}                | 20   | 400 | bad-tuning",
                "{\"length\":[8,16]}             | 2    | 400 | bad-tuning",
                "{\"length\":[8,16]}             | 1001 | 400 | bad-tuning",
                "{\"size\":[8,16]}               | 20   | 400 | unknown-property",
                "{\"architecture\":[\"x\",\"base\"]} | 20 | 400 | bad-architecture"
            })
    void refusesSpacesWithNothingToChooseAndBudgetsOutOfRange(String space, int budget, int status, String type) {
        Answer answer = service.postJson("/api/v1/tuning", body("refused", space, budget));

        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.node().get("type").asString()).isEqualTo("/problems/" + type);
    }

    @Test
    void refusesToBeJudgedByNothing() {
        String nothing = body("nothing", SPACE, 5)
                .replace("\"training\"", "\"split\":{\"train\":0.8,\"test\":0.2},\"training\"");

        assertThat(service.postJson("/api/v1/tuning", nothing).status()).isEqualTo(422);
        assertThat(service.get("/api/v1/tuning/987654321").status()).isEqualTo(404);
        assertThat(service.get("/api/v1/tuning/x").status()).isEqualTo(404);
    }

    @Test
    void takesTheNameUntilItIsDone() {
        String slow = body("slow", SPACE, 9).replace("\"epochs\":9", "\"epochs\":9000");
        Answer queued = service.postJson("/api/v1/tuning", slow);
        assertThat(queued.status()).as(queued.body()).isEqualTo(202);

        assertThat(service.postJson("/api/v1/models", "{\"name\":\"slow\",\"series\":[\"waves\"]}")
                        .status())
                .isEqualTo(409);
        service.awaitJob(
                queued.header("Location"), job -> job.at("/progress/budget").asInt() == 9);
        service.delete(queued.header("Location"));
        service.await(queued.header("Location"), state -> state.equals("cancelled"));
        assertThat(service.get("/api/v1/models/slow").status()).isEqualTo(404);
    }

    private static List<String> candidates(JsonNode ranking) {
        List<String> candidates = new ArrayList<>();
        ranking.forEach(node -> candidates.add(node.get("architecture") + " " + node.get("length") + " "
                + node.get("learningRate") + " " + node.get("dropout") + " " + node.get("weightDecay")));
        return candidates;
    }

    private static JsonNode tune(String name, String space, int budget) {
        Answer answer = service.send(
                "POST",
                "/api/v1/tuning",
                body(name, space, budget),
                "Content-Type: application/json",
                "Prefer: wait=60");
        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
        assertThat(service.get(answer.header("Location")).node()).isEqualTo(answer.node());
        return answer.node();
    }

    private static String body(String name, String space, int budget) {
        return """
                {"specification":{"name":"%s","series":["waves"],"training":{"epochs":9,"earlyStopping":null}},
                 "space":%s,"budget":%d}""".formatted(name, space, budget);
    }
}
