package dev.telltale.hostile;

import static dev.telltale.hostile.JsonRows.attend;
import static dev.telltale.hostile.JsonRows.model;
import static dev.telltale.hostile.JsonRows.models;
import static dev.telltale.hostile.JsonRows.training;
import static dev.telltale.hostile.Row.assertProblem;
import static dev.telltale.hostile.Row.failed;
import static dev.telltale.hostile.Row.refused;
import static dev.telltale.http.RawRequest.get;
import static dev.telltale.http.RawRequest.post;
import static dev.telltale.http.RawRequest.request;
import static dev.telltale.http.RawRequest.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.http.RawAnswer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// Rows 76 to 83: what is gone, taken, changed or asks for too much.
final class StateRows {

    private static final String ENDLESS = "\"training\":{\"epochs\":10000,\"earlyStopping\":null}";

    private StateRows() {}

    static Stream<Row> all() {
        return Stream.of(states(), settings(), attention()).flatMap(rows -> rows);
    }

    private static Stream<Row> states() {
        return Stream.of(
                new Row(76, "ids by the row, and what was deleted", target -> {
                    String id = target.take("PUT", "/api/v1/series/gone", "{}")
                            .get("id")
                            .asString();
                    target.take("POST", "/api/v1/series/gone/samples", JsonRows.samples("1393695240000", "1"));
                    assertThat(target.send(request("DELETE", "/api/v1/series/" + id, "X: x", new byte[0]))
                                    .status())
                            .isEqualTo(204);
                    for (String path : List.of(
                            "/api/v1/series/" + id,
                            "/api/v1/series/gone",
                            "/api/v1/series/" + id + "/samples",
                            "/api/v1/series/" + id + "/annotations",
                            "/api/v1/series/99999999999999999999",
                            "/api/v1/jobs/1e9",
                            "/api/v1/anomalies/1",
                            "/api/v1/incidents/1",
                            "/api/v1/silences/1")) {
                        assertProblem(target.send(get(path)), "404");
                    }
                }),
                new Row(77, "200 parallel creates of one name", target -> {
                    List<Future<RawAnswer>> answers = new ArrayList<>();
                    try (ExecutorService callers = Executors.newFixedThreadPool(8)) {
                        for (int i = 0; i < 200; i++) {
                            answers.add(callers.submit(() -> target.send(post(
                                    "/api/v1/models",
                                    "application/json",
                                    utf8(SampleRows.specification("raced", "waves"))))));
                        }
                    }
                    assertThat(answers.stream().map(answer -> answer.resultNow().status()))
                            .containsOnlyOnce(202)
                            .containsOnly(202, 409);
                    target.take("POST", "/api/v1/models", SampleRows.specification("behind", "waves"));
                }),
                new Row(78, "a condition that is no longer so", target -> {
                    target.take("PUT", "/api/v1/series/changed", "{\"unit\":\"a\"}");
                    String headers = "Content-Type: application/json\r\nContent-Length: 12\r\nIf-Match: \"stale\"";
                    assertProblem(
                            target.send(request("PUT", "/api/v1/series/changed", headers, utf8("{\"unit\":\"b\"}"))),
                            "412 precondition-failed");
                    assertThat(target.read("/api/v1/series/changed").get("unit").asString())
                            .isEqualTo("a");
                }),
                new Row(80, "more trainings than the queue takes", target -> {
                    List<String> jobs = new ArrayList<>();
                    RawAnswer answer;
                    do {
                        answer = target.send(post(
                                "/api/v1/models",
                                "application/json",
                                utf8("{\"name\":\"queued-" + jobs.size() + "\",\"series\":[\"waves\"]," + ENDLESS
                                        + "}")));
                        if (answer.status() == 202) {
                            jobs.add(Target.JSON
                                    .readTree(answer.body())
                                    .get("id")
                                    .asString());
                        }
                    } while (answer.status() == 202 && jobs.size() < 100);
                    assertProblem(answer, "503 overloaded");
                    assertThat(answer.text()).containsPattern("\r\nRetry-After: [1-9]");
                    for (String job : jobs.reversed()) {
                        assertThat(target.send(request("DELETE", "/api/v1/jobs/" + job, "X: x", new byte[0]))
                                        .status())
                                .isBetween(200, 202);
                    }
                }));
    }

    private static Stream<Row> settings() {
        return Stream.of(
                refused(79, "a billion epochs", training("epochs", "1000000000"), "400 bad-training"),
                refused(79, "no epoch", training("epochs", "0"), "400 bad-training"),
                refused(79, "batches of nothing", training("batchSize", "0"), "400 bad-training"),
                refused(79, "batches of 65,537", training("batchSize", "65537"), "400 bad-training"),
                refused(79, "a learning rate of 0", training("learningRate", "0"), "400 bad-training"),
                refused(79, "a learning rate above 1", training("learningRate", "1.01"), "400 bad-training"),
                refused(79, "windows of nothing", model("\"windowing\":{\"length\":0}"), "400 bad-window"),
                refused(79, "windows of −1 row", model("\"windowing\":{\"length\":-1}"), "400 bad-window"),
                refused(
                        79,
                        "windows of 10,000,000 rows",
                        model("\"windowing\":{\"length\":10000000}"),
                        "400 bad-window"),
                refused(79, "a billion units", model(encoder("{\"linear\":1000000000}")), "400 bad-architecture"),
                refused(79, "65 layers", model(encoder("{\"linear\":2}" + ",{\"linear\":2}".repeat(64))), "400"),
                refused(
                        79,
                        "more parameters than there may be",
                        model(encoder("{\"linear\":10000},{\"linear\":1999}")),
                        "422 too-many-parameters"),
                new Row(79, "more memory than there is, with both figures", target -> {
                    JsonNode problem = assertProblem(
                            target.send(models("{\"name\":\"bad\",\"series\":[\"waves\"],"
                                    + encoder("{\"linear\":4000},{\"linear\":4000}")
                                    + ",\"training\":{\"batchSize\":65536}}")),
                            "422 too-expensive");
                    assertThat(problem.get("neededBytes").asLong())
                            .isGreaterThan(problem.get("allowedBytes").asLong());
                }),
                failed(
                        81,
                        "a training that diverges",
                        models("{\"name\":\"bad\",\"series\":[\"large\"],\"scaling\":\"none\","
                                + "\"training\":{\"learningRate\":1,\"optimizer\":{\"kind\":\"sgd\"}},"
                                + encoder("{\"linear\":8}") + "}"),
                        "422 diverged"),
                new Row(81, "a version that diverges, while the old one serves", target -> {
                    String before = target.read("/api/v1/models/large").toString();
                    RawAnswer answer = target.send(JsonRows.waiting(
                            "/api/v1/models/large/versions",
                            "{\"training\":{\"learningRate\":1,\"optimizer\":{\"kind\":\"sgd\"}},\"scaling\":\"none\","
                                    + encoder("{\"linear\":8}") + "}"));
                    assertProblem(answer, "422 diverged");
                    assertThat(target.read("/api/v1/models/large").toString()).isEqualTo(before);
                }));
    }

    private static Stream<Row> attention() {
        String weights = ",\"weights\":{\"wq\":[[1]],\"wk\":[[1]],\"wv\":[[1]]}";
        return Stream.of(
                refused(
                        82,
                        "a row masked whole",
                        attend("{\"x\":[[1],[2]]" + weights + ",\"mask\":[[false,false],[true,true]]}"),
                        "422 row-masked-whole"),
                refused(82, "no row", attend("{\"x\":[]" + weights + "}"), "400 bad-matrix"),
                refused(82, "no column", attend("{\"x\":[[]]" + weights + "}"), "400 bad-matrix"),
                refused(
                        82,
                        "more rows than there may be",
                        attend("{\"x\":[" + "[1],".repeat(64) + "[1]]" + weights + "}"),
                        "413 attention-too-large"),
                refused(82, "matrices that do not fit", attend("{\"x\":[[1,2]]" + weights + "}"), "422 shape-mismatch"),
                new Row(83, "scores of ±10,000", target -> {
                    JsonNode answer = target.take("POST", "/api/v1/attention", "{\"x\":[[100],[-100]]" + weights + "}");
                    for (JsonNode row : answer.at("/weights")) {
                        double sum = 0;
                        for (JsonNode weight : row) {
                            sum += weight.asDouble();
                        }
                        assertThat(sum).as(answer.toString()).isBetween(1 - 1e-6, 1 + 1e-6);
                    }
                    assertThat(answer.at("/scores/0/0").asDouble()).isEqualTo(10_000);
                    assertThat(answer.toString()).doesNotContain("NaN");
                }));
    }

    private static String encoder(String layers) {
        return "\"architecture\":{\"kind\":\"dense\",\"encoder\":[" + layers + "]}";
    }
}
