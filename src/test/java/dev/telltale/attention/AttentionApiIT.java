package dev.telltale.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.telltale.drawing.Graph;
import dev.telltale.drawing.GraphForm;
import dev.telltale.drawing.HeatMap;
import dev.telltale.drawing.HeatMap.Names;
import dev.telltale.drawing.PictureForm;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class AttentionApiIT {

    private static final JsonMapper JSON = new JsonMapper();
    private static final double E = Math.E;

    /// The example of docs/attention.md.
    private static final String FOUR_BY_THREE = """
            {"x": [[1,0,0],[0,1,0],[0,0,1],[1,1,0]],
             "weights": {
               "wq": [[2,0,0,0],[0,2,0,0],[0,0,2,0]],
               "wk": [[1,0,0,0],[0,1,0,0],[0,0,1,0]], "bk": [0,0,0,3],
               "wv": [[1,0],[0,1],[1,1]],
               "wo": [[1],[-0.5]], "bo": [-0.3]},
             "outputActivation": "relu"}
            """;

    private static final String TWO_HEADS =
            FOUR_BY_THREE.replace("\"outputActivation\"", "\"heads\": 2, \"outputActivation\"");

    private static final Names ROWS = new Names("row", List.of());
    private static final Names COLUMNS = new Names("attends to", List.of());

    @TempDir
    private static Path data;

    @LocalServerPort
    private int port;

    @DynamicPropertySource
    static void dataDirectory(DynamicPropertyRegistry registry) {
        registry.add("telltale.data-dir", () -> data);
    }

    @Test
    void showsEachStepOfFourRowsAsWorkedOutByHand() throws Exception {
        JsonNode answer = attend(FOUR_BY_THREE);

        assertMatrix(answer.get("q"), new double[][] {{2, 0, 0, 0}, {0, 2, 0, 0}, {0, 0, 2, 0}, {2, 2, 0, 0}});
        assertMatrix(answer.get("k"), new double[][] {{1, 0, 0, 3}, {0, 1, 0, 3}, {0, 0, 1, 3}, {1, 1, 0, 3}});
        assertMatrix(answer.get("v"), new double[][] {{1, 0}, {0, 1}, {1, 1}, {1, 1}});
        // √dk = √4 = 2
        assertMatrix(answer.get("scores"), new double[][] {{1, 0, 0, 1}, {0, 1, 0, 1}, {0, 0, 1, 0}, {1, 1, 0, 2}});
        double two = 2 * E + 2; // e¹ + e⁰ + e⁰ + e¹
        double one = E + 3; // e⁰ + e⁰ + e¹ + e⁰
        double last = E * E + 2 * E + 1; // e¹ + e¹ + e⁰ + e²
        double[][] weights = {
            {E / two, 1 / two, 1 / two, E / two},
            {1 / two, E / two, 1 / two, E / two},
            {1 / one, 1 / one, E / one, 1 / one},
            {E / last, E / last, 1 / last, E * E / last}
        };
        assertMatrix(answer.get("weights"), weights);
        double[][] context = new double[4][2];
        double[][] z = new double[4][1];
        for (int row = 0; row < 4; row++) {
            context[row][0] = weights[row][0] + weights[row][2] + weights[row][3]; // v has 1 there
            context[row][1] = weights[row][1] + weights[row][2] + weights[row][3];
            z[row][0] = Math.max(0, context[row][0] - context[row][1] / 2 - 0.3);
        }
        assertMatrix(answer.get("context"), context);
        assertMatrix(answer.get("z"), z);
        assertThat(z[1][0]).isZero(); // it would be −0.098
        assertThat(z[0][0]).isEqualTo(0.2483, within(1e-4));
    }

    @Test
    void documentsWhatItAnswersToThatExample() throws IOException {
        String page = Files.readString(Path.of("docs", "attention.md"));

        assertThat(page.replaceAll("\\s+", "")).contains(FOUR_BY_THREE.replaceAll("\\s+", ""));
    }

    @Test
    void saysTheShapeOfEachStepWithSeveralHeadsAndWithOne() throws Exception {
        assertThat(attend(FOUR_BY_THREE).get("shapes"))
                .isEqualTo(JSON.readTree("{\"x\":[4,3],\"q\":[4,4],\"k\":[4,4],\"v\":[4,2],\"scores\":[4,4],"
                        + "\"weights\":[4,4],\"context\":[4,2],\"z\":[4,1]}"));
        JsonNode two = attend(TWO_HEADS);
        assertThat(two.at("/shapes/weights")).isEqualTo(JSON.readTree("[2,4,4]"));
        assertThat(two.get("scores")).hasSize(2);
        assertThat(two.at("/scores/1/3")).hasSize(4);
    }

    @Test
    void anAnswerWithoutAProjectionOfTheOutputEndsWithTheContext() throws Exception {
        JsonNode answer = attend("{\"x\":[[-1]],\"weights\":{\"wq\":[[1]],\"wk\":[[1]],\"wv\":[[1]]},"
                + "\"outputActivation\":\"relu\"}");

        assertThat(answer.get("z")).isEqualTo(JSON.readTree("[[-1.0]]")).isEqualTo(answer.get("context"));
    }

    /// `pytorch.py` beside the file says how it was made.
    @Test
    void comesToWhatPyTorchComesTo() throws Exception {
        JsonNode cases;
        try (InputStream file = Objects.requireNonNull(AttentionApiIT.class.getResourceAsStream("pytorch.json"))) {
            cases = JSON.readTree(file);
        }
        assertThat(cases).hasSize(5);
        for (JsonNode one : cases) {
            JsonNode answer = attend(one.get("request").toString());
            assertAlike(answer.get("z"), one.get("z"));
            assertAlike(answer.get("weights"), one.get("weights"));
        }
    }

    @Test
    void masksAndCausalityLeaveScoresAsTheyAre() throws Exception {
        String question = "{\"x\":[[1],[2]],\"weights\":{\"wq\":[[1]],\"wk\":[[1]],\"wv\":[[1]]},";
        JsonNode causal = attend(question + "\"causal\":true}");
        JsonNode masked = attend(question + "\"mask\":[[true,false],[true,true]]}");

        assertThat(causal.get("scores")).isEqualTo(JSON.readTree("[[1.0,2.0],[2.0,4.0]]"));
        assertThat(causal.at("/weights/0")).isEqualTo(JSON.readTree("[1.0,0.0]"));
        assertThat(masked).isEqualTo(causal);
    }

    @Test
    void showsOfAStoredSeriesWhatItTakesToComputeTheSameAgain() throws Exception {
        upload("hours", 100);
        JsonNode answer = attend("{\"series\":\"hours\",\"windowing\":{\"length\":16},\"heads\":2,\"causal\":true,"
                + "\"embedding\":{\"size\":6,\"positions\":\"sinusoidal\"},"
                + "\"init\":{\"seed\":7,\"keySize\":4,\"valueSize\":2,\"outputSize\":3}}");
        ObjectNode again = JSON.createObjectNode().put("heads", 2).put("causal", true);
        again.set("x", answer.get("x"));
        again.set("weights", answer.get("parameters"));
        JsonNode recomputed = attend(again.toString());

        for (String step : List.of("q", "k", "v", "scores", "weights", "context", "z", "shapes")) {
            assertThat(recomputed.get(step)).as(step).isEqualTo(answer.get(step));
        }
        assertThat(answer.get("rows")).hasSize(16);
        assertThat(answer.at("/rows/15"))
                .isEqualTo(JSON.readTree("{\"timestamp\":\"2024-01-05T03:00:00Z\",\"value\":3.0}"));
        assertThat(answer.at("/shapes/z")).isEqualTo(JSON.readTree("[16,3]"));
        double[] positions = SinusoidalPositions.of(16, 6);
        double scaled = (3 - answer.at("/scaling/offset").asDouble())
                / answer.at("/scaling/scale").asDouble();
        for (int column = 0; column < 6; column++) {
            double expected =
                    scaled * answer.at("/embedding/weight/0/" + column).asDouble()
                            + answer.at("/embedding/bias/" + column).asDouble()
                            + positions[15 * 6 + column];
            assertThat(answer.at("/x/15/" + column).asDouble()).isEqualTo(expected, within(1e-12));
        }
    }

    @Test
    void theSameSeedDrawsTheSameWeightsAndAnotherOneOthers() throws Exception {
        upload("seeded", 40);
        JsonNode first = attend("{\"series\":\"seeded\"}");

        assertThat(attend("{\"series\":\"seeded\",\"init\":{\"seed\":42}}")).isEqualTo(first);
        assertThat(attend("{\"series\":\"seeded\",\"init\":{\"seed\":43}}").get("z"))
                .isNotEqualTo(first.get("z"));
        assertThat(first.at("/shapes/x")).isEqualTo(JSON.readTree("[32,8]"));
        for (JsonNode row : first.at("/parameters/wq")) {
            for (JsonNode weight : row) {
                assertThat(Math.abs(weight.asDouble())).isLessThan(1 / Math.sqrt(8));
            }
        }
    }

    @Test
    void readsTheLastWindowOfTheRange() throws Exception {
        upload("ranged", 100);
        JsonNode answer = attend("{\"series\":\"ranged\",\"windowing\":{\"length\":4},"
                + "\"start\":\"2024-01-01T00:00:00Z\",\"end\":\"2024-01-02T05:30:00Z\"}");

        assertThat(answer.at("/rows/0/timestamp").asString()).isEqualTo("2024-01-02T02:00:00Z");
        assertThat(answer.at("/rows/3/timestamp").asString()).isEqualTo("2024-01-02T05:00:00Z");
    }

    @ParameterizedTest
    @CsvSource({"image/svg+xml, SVG", "image/png, PNG", "image/*, SVG"})
    void drawsTheMeanOfTheHeadsWeights(String accept, PictureForm form) throws Exception {
        JsonNode weights = attend(TWO_HEADS).get("weights");
        HttpResponse<byte[]> answer = draw("", accept);
        HeatMap expected = new HeatMap("Attention weights, mean of 2 heads", ROWS, COLUMNS, 4, 4, (row, column) -> {
            String place = "/" + row + "/" + column;
            return (weights.at("/0" + place).asDouble()
                            + weights.at("/1" + place).asDouble())
                    / 2;
        });

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith(form.mediaType()));
        assertThat(answer.body()).isEqualTo(form.write(expected.picture()));
    }

    @Test
    void drawsTheWeightsOfAHead() throws Exception {
        JsonNode weights = attend(TWO_HEADS).at("/weights/1");
        HeatMap expected = new HeatMap(
                "Attention weights, head 1",
                ROWS,
                COLUMNS,
                4,
                4,
                (row, column) -> weights.at("/" + row + "/" + column).asDouble());

        assertThat(draw("?head=1", "image/png").body()).isEqualTo(PictureForm.PNG.write(expected.picture()));
        assertThat(draw("?head=2", "image/png").statusCode()).isEqualTo(400);
        assertThat(draw("?head=-1", "image/png").statusCode()).isEqualTo(400);
        assertThat(draw("?head=1", "application/json").statusCode()).isEqualTo(400);
        assertThat(draw("", "text/csv").statusCode()).isEqualTo(406);
    }

    @Test
    void drawsAWindowWithItsTimes() throws Exception {
        upload("drawn", 40);
        HttpResponse<String> answer = send(
                "/api/v1/attention",
                "application/json",
                "{\"series\":\"drawn\",\"windowing\":{\"length\":4}}",
                "image/svg+xml");

        assertThat(answer.body()).contains("Attention weights", "2024-01-02T15:00:00Z");
    }

    @Test
    void showsTheGraphOfTheStepsInEachForm() throws Exception {
        Graph graph = TransformGraph.draw();
        for (GraphForm form : GraphForm.values()) {
            byte[] expected = form.write(graph);
            assertThat(get("/api/v1/attention/graph." + form.suffix(), "*/*").body())
                    .isEqualTo(expected);
            HttpResponse<byte[]> byAccept =
                    get("/api/v1/attention/graph", form.mediaType().replaceFirst(";.*", ""));
            assertThat(byAccept.body()).isEqualTo(expected);
            assertThat(byAccept.headers().firstValue("Content-Type")).contains(form.mediaType());
        }
        assertThat(get("/api/v1/attention/graph.pdf", "*/*").statusCode()).isEqualTo(404);
        assertThat(get("/api/v1/attention/graph", "text/html").statusCode()).isEqualTo(406);
    }

    private HttpResponse<byte[]> draw(String query, String accept) throws Exception {
        return exchange(
                HttpRequest.newBuilder(address("/api/v1/attention" + query))
                        .header("Content-Type", "application/json")
                        .header("Accept", accept)
                        .POST(HttpRequest.BodyPublishers.ofString(TWO_HEADS)),
                HttpResponse.BodyHandlers.ofByteArray());
    }

    private HttpResponse<byte[]> get(String path, String accept) throws Exception {
        return exchange(
                HttpRequest.newBuilder(address(path)).header("Accept", accept),
                HttpResponse.BodyHandlers.ofByteArray());
    }

    /// Hourly from 2024-01-01, the hour of the day as value.
    private void upload(String series, int samples) throws Exception {
        StringBuilder csv = new StringBuilder("timestamp,value\n");
        for (int i = 0; i < samples; i++) {
            csv.append(1_704_067_200_000L + i * 3_600_000L)
                    .append(',')
                    .append(i % 24)
                    .append('\n');
        }
        assertThat(send("/api/v1/series/" + series + "/samples", "text/csv", csv.toString(), "*/*")
                        .statusCode())
                .isEqualTo(200);
    }

    private JsonNode attend(String body) throws Exception {
        HttpResponse<String> answer = send("/api/v1/attention", "application/json", body, "*/*");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    private HttpResponse<String> send(String path, String type, String body, String accept) throws Exception {
        return exchange(
                HttpRequest.newBuilder(address(path))
                        .header("Content-Type", type)
                        .header("Accept", accept)
                        .POST(HttpRequest.BodyPublishers.ofString(body)),
                HttpResponse.BodyHandlers.ofString());
    }

    private URI address(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    private static <T> HttpResponse<T> exchange(HttpRequest.Builder request, HttpResponse.BodyHandler<T> handler)
            throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request.build(), handler);
        }
    }

    private static void assertMatrix(JsonNode actual, double[][] expected) {
        assertThat(actual).hasSize(expected.length);
        for (int row = 0; row < expected.length; row++) {
            assertThat(numbers(actual.get(row))).containsExactly(expected[row], within(1e-12));
        }
    }

    /// Values of a list of any depth, compared by what is largest in it.
    private static void assertAlike(JsonNode actual, JsonNode expected) {
        double[] numbers = numbers(expected);
        double largest = Arrays.stream(numbers).map(Math::abs).max().orElseThrow();
        assertThat(numbers(actual)).containsExactly(numbers, within(1e-9 * largest));
    }

    private static double[] numbers(JsonNode node) {
        List<Double> numbers = new ArrayList<>();
        collect(node, numbers);
        return numbers.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static void collect(JsonNode node, List<Double> numbers) {
        if (node.isNumber()) {
            numbers.add(node.asDouble());
        }
        for (JsonNode child : node) {
            collect(child, numbers);
        }
    }
}
