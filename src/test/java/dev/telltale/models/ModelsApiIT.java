package dev.telltale.models;

import static dev.telltale.models.TestRequests.PLANTED;
import static dev.telltale.models.TestRequests.ROWS;
import static dev.telltale.models.TestRequests.START;
import static dev.telltale.models.TestRequests.STEP;
import static dev.telltale.models.TestRequests.csv;
import static dev.telltale.models.TestRequests.range;
import static dev.telltale.models.TestRequests.specification;
import static dev.telltale.models.TestRequests.waves;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.telltale.autoencoder.EpochLosses;
import dev.telltale.autoencoder.TrainingListener;
import dev.telltale.jobs.Fence;
import dev.telltale.models.RunningService.Answer;
import dev.telltale.problem.Problem;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntToDoubleFunction;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Models over HTTP, with the real engine and a real database.
class ModelsApiIT {

    private static final TrainingListener NOBODY = new TrainingListener() {

        @Override
        public void epochDone(EpochLosses losses) {}

        @Override
        public boolean cancelled() {
            return false;
        }
    };

    @TempDir
    private static Path data;

    private static RunningService service;

    @BeforeAll
    static void start() {
        service = new RunningService(data);
        upload("waves", ROWS, waves(1));
        upload("flat", 600, i -> 42);
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @Test
    void trainsAModelThatFindsAPlantedAnomaly() {
        Answer trained = service.train(specification("finder", "waves", 8, 15));

        assertThat(trained.status()).as(trained.body()).isEqualTo(201);
        assertThat(trained.header("Location")).isEqualTo("/api/v1/models/finder");
        JsonNode model = service.get("/api/v1/models/finder").node();
        assertThat(trained.node()).isEqualTo(model);
        assertThat(model.get("version").asInt()).isEqualTo(1);
        assertThat(model.get("parameters").asInt()).isEqualTo((8 + 1) * 32 + 33 * 16 + 17 * 32 + 33 * 8);
        assertThat(model.get("trainingSeconds").asDouble()).isPositive();
        assertThat(model.at("/data/sources/0/samples").asInt()).isEqualTo(ROWS);
        assertThat(model.at("/specification/training/epochs").asInt()).isEqualTo(15);

        List<Long> anomalous = new ArrayList<>();
        for (JsonNode row :
                scoreRange("finder", "waves", START, START + ROWS * STEP).get("rows")) {
            if (row.get("anomalous").asBoolean()) {
                anomalous.add((Instant.parse(row.get("timestamp").asString()).toEpochMilli() - START) / STEP);
            }
        }
        assertThat(anomalous).contains((long) PLANTED, PLANTED + 1L, PLANTED + 2L);
        assertThat(anomalous).allMatch(row -> row >= PLANTED && row < PLANTED + 3 + 8);
    }

    @Test
    void evaluatesAgainstAnnotationsAndSaysWhyAFigureIsMissing() {
        upload("annotated", ROWS, waves(2));
        service.train(specification("unlabelled", "annotated", 8, 5));
        JsonNode without = service.get("/api/v1/models/unlabelled/evaluation").node();
        assertThat(without.at("/test/f1").isNull()).isTrue();
        assertThat(without.at("/test/rows").asInt()).isPositive();
        assertThat(without.at("/reasons/f1").asString()).contains("no annotations");
        assertThat(without.get("history").size()).isEqualTo(5);
        assertThat(without.at("/history/4/testAccuracy").isNull()).isTrue();

        service.annotate(
                "annotated",
                "{\"annotations\":[{\"start\":%d,\"end\":%d,\"verdict\":\"anomalous\"}]}"
                        .formatted(START + PLANTED * STEP, START + (PLANTED + 2) * STEP));
        service.train(specification("labelled", "annotated", 8, 5));
        JsonNode with = service.get("/api/v1/models/labelled/evaluation").node();
        assertThat(with.at("/test/confusionMatrix/tp").asInt()
                        + with.at("/test/confusionMatrix/fn").asInt())
                .isEqualTo(3);
        assertThat(with.at("/test/recall").asDouble()).isEqualTo(1);
        assertThat(with.at("/test/prevalence").asDouble()).isEqualTo(3.0 / 225);
        assertThat(with.at("/test/averagePrecision").asDouble()).isEqualTo(1);
        assertThat(with.at("/test/rocAuc").asDouble()).isEqualTo(1);
        assertThat(with.at("/test/vusPr").asDouble()).isGreaterThan(0.5);
        assertThat(with.at("/test/events/found").asInt()).isEqualTo(1);
        assertThat(with.at("/test/events/total").asInt()).isEqualTo(1);
        assertThat(with.at("/test/falseAlarmsPer1000").isNumber()).isTrue();
        assertThat(with.at("/curves/precisionRecall/0/precision").asDouble()).isEqualTo(1);
        assertThat(with.at("/curves/roc/0/threshold").isNull()).isTrue();
        assertThat(with.at("/curves/roc").size()).isBetween(3, 200);
        assertThat(with.get("warnings"))
                .isEqualTo(service.get("/api/v1/models/labelled").node().get("warnings"));
        // the last epoch's weights were kept, so that its accuracy is the model's
        assertThat(with.at("/history/4/testAccuracy").asDouble())
                .isEqualTo(with.at("/test/accuracy").asDouble());
        assertThat(with.at("/history/0/trainAccuracy").isNumber()).isTrue();
        assertThat(with.at("/history/0/validationAccuracy").isNumber()).isTrue();
        // a baseline has the figures of `test` beside its name, on the same rows
        assertThat(with.get("baselines").size()).isEqualTo(3);
        for (JsonNode baseline : with.get("baselines")) {
            assertThat(baseline.get("name").asString()).isIn("robust-z-score", "difference", "random-cut-forest");
            assertThat(baseline.get("rows")).isEqualTo(with.at("/test/rows"));
            assertThat(baseline.get("prevalence")).isEqualTo(with.at("/test/prevalence"));
            assertThat(baseline.get("averagePrecision").isNumber()).isTrue();
            assertThat(baseline.get("reasons").isObject()).isTrue();
        }
    }

    @Test
    void givesTheSameScoresForABodyAndForAStoredRange() {
        service.train(specification("twice", "waves", 8, 3));
        JsonNode range = scoreRange("twice", "waves", START + 100 * STEP, START + 300 * STEP);
        assertThat(range.get("rows").size()).isEqualTo(201);
        assertThat(range.at("/rows/0/score").isNumber()).isTrue();

        // The same rows and the seven before them, which the first window takes in.
        String csv = csv(93, 308, waves(1));
        JsonNode body = service.postCsv("/api/v1/models/twice/score", csv).node();
        assertThat(body.get("rows").size()).isEqualTo(215);
        assertThat(body.at("/rows/6/score").isNull()).isTrue();
        for (int i = 0; i < 201; i++) {
            assertThat(body.at("/rows/" + (i + 7))).isEqualTo(range.at("/rows/" + i));
        }

        JsonNode alone = scoreRange("twice", "waves", START + 200 * STEP, START + 200 * STEP);
        assertThat(alone.get("rows").size()).isEqualTo(1);
        assertThat(alone.at("/rows/0")).isEqualTo(range.at("/rows/100"));
    }

    @Test
    void takesSamplesAsNdjsonToo() {
        service.train(specification("lines", "waves", 8, 2));
        String csv = csv(100, 120, waves(1));
        String ndjson = csv.lines()
                .skip(1)
                .map(line -> line.split(","))
                .map(cells -> "{\"timestamp\":%s,\"value\":%s}\n".formatted(cells[0], cells[1]))
                .collect(Collectors.joining());

        Answer answer =
                service.send("POST", "/api/v1/models/lines/score", ndjson, "Content-Type: application/x-ndjson");

        assertThat(answer.node())
                .isEqualTo(service.postCsv("/api/v1/models/lines/score", csv).node());
    }

    @Test
    void answersCsvWithTheSameNumbers() {
        service.train(specification("csv", "waves", 8, 2));
        String request = range("waves", START, START + 20 * STEP);

        String csv = service.postJsonForCsv("/api/v1/models/csv/score", request).body();
        JsonNode json = service.postJson("/api/v1/models/csv/score", request).node();

        List<String> lines = csv.lines().toList();
        assertThat(lines.getFirst()).isEqualTo("timestamp,value,expected,lower,upper,error,score,anomalous");
        assertThat(lines).hasSize(22);
        assertThat(lines.get(1)).endsWith(",,,,,,false");
        JsonNode last = json.at("/rows/20");
        assertThat(lines.getLast())
                .isEqualTo(String.join(
                        ",",
                        last.get("timestamp").asString(),
                        last.get("value").toString(),
                        last.get("expected").toString(),
                        last.get("lower").toString(),
                        last.get("upper").toString(),
                        last.get("error").toString(),
                        last.get("score").toString(),
                        last.get("anomalous").toString()));
    }

    @Test
    void scoresTheSameAfterARestart(@TempDir Path directory) {
        String specification = specification("kept", "waves", 8, 3);
        String before;
        try (RunningService first = new RunningService(directory)) {
            first.postCsv("/api/v1/series/waves/samples", csv(0, ROWS, waves(1)));
            assertThat(first.train(specification).status()).isEqualTo(201);
            before = first.postJson("/api/v1/models/kept/score", range("waves", START, START + ROWS * STEP))
                    .body();
        }
        try (RunningService second = new RunningService(directory)) {
            assertThat(second.postJson("/api/v1/models/kept/score", range("waves", START, START + ROWS * STEP))
                            .body())
                    .isEqualTo(before);
        }
    }

    @Test
    void trainsOnAConstantSeriesAndReportsAnyChange() {
        Answer trained = service.train(specification("constant", "flat", 4, 3));

        assertThat(trained.node().get("warnings").toString()).contains("constant");
        String csv = csv(0, 8, i -> i == 6 ? 42.000001 : 42);
        JsonNode rows =
                service.postCsv("/api/v1/models/constant/score", csv).node().get("rows");
        assertThat(rows.get(5).get("anomalous").asBoolean()).isFalse();
        assertThat(rows.get(6).get("anomalous").asBoolean()).isTrue();
    }

    @Test
    void takesTheModelThatAnEarlierRunOfTheSameTrainingSaved() {
        service.train(specification("again", "waves", 8, 1));
        service.train(specification("other", "waves", 8, 2));
        ModelStore store = service.bean(ModelStore.class);
        StoredModel saved = store.get(new ModelName("again"));
        ModelSpecification same = store.load(saved).manifest().specification();

        assertThat(service.bean(ModelTraining.class).train(TrainingOrder.first(same), NOBODY, Fence.OPEN))
                .isEqualTo(saved);

        ModelSpecification different = ModelSpecification.of(new ModelName("other"), "waves");
        assertThatThrownBy(() ->
                        service.bean(ModelTraining.class).train(TrainingOrder.first(different), NOBODY, Fence.OPEN))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.type()).isEqualTo(ModelsProblem.MODEL_EXISTS));
    }

    @Test
    void listsPagesAndDeletesModels() {
        service.train(specification("list-a", "waves", 8, 1));
        service.train(specification("list-b", "waves", 8, 1));
        assertThat(names()).contains("list-a", "list-b");

        assertThat(service.delete("/api/v1/models/list-a").status()).isEqualTo(204);
        assertThat(service.get("/api/v1/models/list-a").status()).isEqualTo(404);
        assertThat(service.delete("/api/v1/models/list-a").status()).isEqualTo(404);
        assertThat(service.postJson("/api/v1/models/list-a/score", range("waves", START, START))
                        .status())
                .isEqualTo(404);
        assertThat(data.resolve("models/list-a")).doesNotExist();
        assertThat(names()).doesNotContain("list-a").contains("list-b");
    }

    @Test
    void describesAnArchitectureWithoutTraining() {
        JsonNode study = service.postJson(
                        "/api/v1/architectures", "{\"architecture\":\"base\",\"windowing\":{\"length\":1}}")
                .node();
        assertThat(study.get("parameters").asInt()).isEqualTo(1_169);
        assertThat(study.at("/layers/0/outputShape/0").asInt()).isEqualTo(32);

        JsonNode manufacturing = service.postJson(
                        "/api/v1/architectures",
                        "{\"architecture\":{\"preset\":\"manufacturing\"},\"windowing\":{\"length\":500},\"channels\":2}")
                .node();
        assertThat(manufacturing.get("parameters").asInt()).isEqualTo(1_058_824);
    }

    private static JsonNode scoreRange(String model, String series, long start, long end) {
        Answer answer = service.postJson("/api/v1/models/" + model + "/score", range(series, start, end));
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.node();
    }

    private static Set<String> names() {
        Set<String> names = new TreeSet<>();
        String cursor = "";
        while (true) {
            JsonNode page = service.get("/api/v1/models?limit=2" + cursor).node();
            page.get("items").forEach(item -> names.add(item.get("name").asString()));
            if (page.get("next").isNull()) {
                return names;
            }
            cursor = "&cursor=" + page.get("next").asString();
        }
    }

    private static void upload(String series, int rows, IntToDoubleFunction values) {
        Answer answer = service.postCsv("/api/v1/series/" + series + "/samples", csv(0, rows, values));
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    }
}
