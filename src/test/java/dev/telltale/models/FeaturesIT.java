package dev.telltale.models;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.models.RunningService.Answer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Features over HTTP: a slow wave that once jumps from its top to its bottom, to values that it has all the time.
class FeaturesIT {

    private static final String MODELS = "/api/v1/models/";
    private static final int ROWS = 1_500;
    private static final int JUMP = 1_440; // 72 rows after the last top

    @TempDir
    private static Path data;

    private static RunningService service;

    @BeforeAll
    static void start() {
        service = new RunningService(data);
        service.postCsv("/api/v1/series/tide/samples", TestRequests.csv(0, ROWS, tide()));
        train("plain", "[]");
        train("featured", "[\"difference\",{\"kind\":\"rolling-mean\",\"window\":7},\"hour-of-day\"]");
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @Test
    void findsAJumpThatAPointwiseModelOfTheValuesAloneDoesNotSee() {
        assertThat(rows("plain", "{}").get(JUMP).get("anomalous").asBoolean()).isFalse();

        JsonNode found = rows("featured", "{}").get(JUMP);
        assertThat(found.get("anomalous").asBoolean()).isTrue();
        assertThat(found.at("/channels/tide.difference/contribution").asDouble())
                .isGreaterThan(0.9);
    }

    @Test
    void showsDerivedChannelsByNameBesideTheSeriesAsBefore() {
        List<JsonNode> rows = rows("featured", "{}");
        JsonNode row = rows.get(700);
        double step = row.get("value").asDouble() - rows.get(699).get("value").asDouble();

        assertThat(row.get("lower").isNull()).isTrue(); // the value moves its derived channels too
        assertThat(row.get("channels").propertyNames())
                .containsExactly(
                        "tide", "tide.difference", "tide.rolling-mean-7", "hour-of-day.sine", "hour-of-day.cosine");
        assertThat(row.at("/channels/tide.difference/value").asDouble()).isEqualTo(step);
        assertThat(row.at("/channels/hour-of-day.sine/contribution").isNull()).isTrue();
        assertThat(rows.get(5).get("score").isNull()).isTrue(); // its mean needs a row more
        assertThat(rows.get(5).at("/channels/tide.rolling-mean-7/value").isNull())
                .isTrue();
        assertThat(rows.get(6).get("score").isNull()).isFalse();
        JsonNode model = service.get(MODELS + "featured").node();
        assertThat(model.at("/data/channels").toString()).isEqualTo("[\"tide\"]");
        assertThat(model.at("/data/derived").size()).isEqualTo(4);
        assertThat(model.at("/specification/features/1/window").asInt()).isEqualTo(7);
    }

    @Test
    void scoresARangeABodyAndAnImportedFileLikeTheWhole() {
        List<JsonNode> whole = rows("featured", "{}");

        assertThat(rows("featured", TestRequests.range("tide", time(700), time(709))))
                .isEqualTo(whole.subList(700, 710));
        Answer body = service.postCsv(MODELS + "featured/score", TestRequests.csv(694, 710, tide()));
        assertThat(rows(body).subList(6, 16)).isEqualTo(whole.subList(700, 710));
        byte[] file = service.sendBytes("GET", MODELS + "featured/artifact", new byte[0])
                .body();
        assertThat(service.answer(service.sendBytes("PUT", MODELS + "imported/artifact", file))
                        .status())
                .isEqualTo(201);
        assertThat(rows("imported", "{}")).isEqualTo(whole);
    }

    @Test
    void writesDerivedChannelsAsColumnsBehindTheOthers() {
        String csv = service.postJsonForCsv(MODELS + "featured/score", TestRequests.range("tide", time(0), time(9)))
                .body();

        List<String> lines = csv.lines().toList();
        assertThat(lines.getFirst())
                .startsWith("timestamp,value,expected,lower,upper,error,score,anomalous,tide.value,")
                .endsWith(",hour-of-day.cosine.lower,hour-of-day.cosine.upper,hour-of-day.cosine.contribution");
        assertThat(lines).hasSize(11);
        assertThat(lines).extracting(line -> line.split(",", -1).length).containsOnly(8 + 5 * 5);
    }

    @Test
    void explainsAndMeasuresAModelWithFeatures() {
        service.annotate("tide", """
                {"annotations":[{"start":%d,"end":%d,"verdict":"anomalous"}]}""".formatted(time(JUMP), time(JUMP)));
        train("measured", "[\"difference\"]");

        JsonNode evaluation = service.get(MODELS + "measured/evaluation").node();
        assertThat(evaluation.at("/baselines").size()).isEqualTo(3);
        assertThat(evaluation.at("/test/averagePrecision").asDouble()).isEqualTo(1);
        List<JsonNode> rows = rows(service.postJson(MODELS + "measured/score?explain=true", "{}"));
        assertThat(rows.get(JUMP).at("/explanation/nearest").isObject()).isTrue();
    }

    @Test
    void refusesASeriesThatIsNamedLikeAFeatureOfAnother() {
        service.postCsv("/api/v1/series/tide.rate/samples", TestRequests.csv(0, ROWS, tide()));

        Answer refused = service.train("""
                {"name":"twice","series":["tide","tide.rate"],"features":["rate"],"windowing":{"length":1}}""");

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.node().at("/errors/0/pointer").asString()).isEqualTo("/features");
    }

    private static void train(String name, String features) {
        Answer trained = service.train(
                TestRequests.specification(name, "tide", 1, 20).replaceFirst("\\{", "{\"features\":" + features + ","));
        assertThat(trained.status()).as(trained.body()).isEqualTo(201);
    }

    private static IntToDoubleFunction tide() {
        double[] noise = new Random(9).doubles(ROWS, -0.2, 0.2).toArray();
        return i -> 50 + 20 * Math.sin(2 * Math.PI * (i + (i >= JUMP ? 216 : 72)) / 288) + noise[i];
    }

    private static long time(int row) {
        return TestRequests.START + row * TestRequests.STEP;
    }

    private static List<JsonNode> rows(String model, String request) {
        return rows(service.postJson(MODELS + model + "/score", request));
    }

    private static List<JsonNode> rows(Answer answer) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        List<JsonNode> rows = new ArrayList<>();
        answer.node().get("rows").forEach(rows::add);
        return rows;
    }
}
