package dev.telltale.models;

import static dev.telltale.models.TestRequests.PLANTED;
import static dev.telltale.models.TestRequests.ROWS;
import static dev.telltale.models.TestRequests.START;
import static dev.telltale.models.TestRequests.STEP;
import static dev.telltale.models.TestRequests.csv;
import static dev.telltale.models.TestRequests.specification;
import static dev.telltale.models.TestRequests.waves;
import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.drawing.Colour;
import dev.telltale.drawing.DrawnPicture;
import dev.telltale.models.RunningService.Answer;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Plots and graphs of a trained model as a browser gets them.
class PicturesIT {

    private static final String MODEL = "/api/v1/models/labelled";
    private static final String PLAIN = "/api/v1/models/plain";

    @TempDir
    private static Path data;

    private static RunningService service;

    @BeforeAll
    static void start() {
        service = new RunningService(data);
        service.postCsv("/api/v1/series/waves/samples", csv(0, ROWS, waves(1)));
        service.postCsv("/api/v1/series/plain/samples", csv(0, 600, waves(2)));
        service.annotate(
                "waves",
                "{\"annotations\":[{\"start\":%d,\"end\":%d,\"verdict\":\"anomalous\"}]}"
                        .formatted(START + PLANTED * STEP, START + (PLANTED + 2) * STEP));
        assertThat(service.train(specification("labelled", "waves", 8, 5)).status())
                .isEqualTo(201);
        assertThat(service.train(specification("plain", "plain", 8, 3)).status())
                .isEqualTo(201);
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            loss                 | Loss of model labelled, version 1                 | epoch
            accuracy             | Accuracy of model labelled, version 1             | share of right verdicts
            confusion-matrix     | Confusion matrix of model labelled, version 1     | 3 (100.0 %)
            precision-recall     | Precision and recall of model labelled, version 1 | model, average precision 1.000
            reconstruction-error | Reconstruction error of model labelled, version 1 | annotated as anomalous
            score                | Score of model labelled, version 1                | line 1
            """)
    void plotsInBothForms(String plot, String title, String label) {
        HttpResponse<byte[]> svg = get(MODEL + "/plots/" + plot);
        assertThat(svg.statusCode()).isEqualTo(200);
        assertThat(svg.headers().firstValue("Content-Type")).hasValue("image/svg+xml");
        assertThat(DrawnPicture.texts(svg.body())).contains(title, label);
        assertThat(get(MODEL + "/plots/" + plot + ".svg", "Accept: image/png").body())
                .isEqualTo(svg.body());

        HttpResponse<byte[]> png = get(MODEL + "/plots/" + plot, "Accept: image/png, image/svg+xml;q=0.9");
        assertThat(png.headers().firstValue("Content-Type")).hasValue("image/png");
        Map<Colour, Integer> colours = DrawnPicture.colours(png.body());
        assertThat(colours).hasSizeGreaterThan(20);
        int drawn = Stream.of(Colour.BLUE, Colour.ORANGE, Colour.GREEN) // lines may hide each other
                .mapToInt(colour -> colours.getOrDefault(colour, 0))
                .sum();
        assertThat(drawn).isGreaterThan(plot.equals("confusion-matrix") ? -1 : 500);
        assertThat(get(MODEL + "/plots/" + plot + ".png").body()).isEqualTo(png.body());
    }

    @Test
    void plotsTheRangeThatIsAskedFor() {
        long start = START + 100 * STEP;
        String range = "?start=%d&end=%d".formatted(start, start + 49 * STEP);
        List<String> texts =
                DrawnPicture.texts(get(MODEL + "/plots/score" + range).body());
        assertThat(texts).anyMatch(text -> text.startsWith("waves, 50 rows from 2024-01-01T08:20:00Z to"));
        assertThat(texts).doesNotContain("annotated as anomalous");
        List<String> newest =
                DrawnPicture.texts(get(MODEL + "/plots/score?version=1").body());
        assertThat(newest).anyMatch(text -> text.contains(", 1493 rows from"));
        assertThat(newest).contains("above the line");
        List<String> open = DrawnPicture.texts(get(MODEL + "/plots/reconstruction-error?start=2000-01-01T00:00:00Z")
                .body());
        assertThat(open).anyMatch(text -> text.contains(", 1493 rows from"));
    }

    @Test
    void answersWhatBelongsToAVersionWithAnETagOfItsForm() {
        HttpResponse<byte[]> svg = get(MODEL + "/plots/loss");
        String tag = svg.headers().firstValue("ETag").orElseThrow();
        assertThat(get(MODEL + "/plots/loss.png").headers().firstValue("ETag").orElseThrow())
                .isNotEqualTo(tag);
        assertThat(get(MODEL + "/plots/loss", "If-None-Match: " + tag).statusCode())
                .isEqualTo(304);
        assertThat(get(MODEL + "/graph", "If-None-Match: " + tag).statusCode()).isEqualTo(304);
        assertThat(get(MODEL + "/plots/score").headers().firstValue("ETag")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /api/v1/models/none/plots/loss                | 404 | model-not-found  | none
            /api/v1/models/none/plots/score               | 404 | model-not-found  | none
            /api/v1/models/none/graph                     | 404 | model-not-found  | none
            /api/v1/models/none/graph.dot                 | 404 | model-not-found  | none
            /api/v1/models/UPPER/plots/loss               | 400 | bad-name         | name
            /api/v1/models/plain/plots/losses             | 404 | plot-not-found   | confusion-matrix
            /api/v1/models/plain/plots/loss.gif           | 404 | plot-not-found   | .svg or .png
            /api/v1/models/plain/plots/.svg               | 404 | plot-not-found   | loss
            /api/v1/models/plain/graph.png                | 404 | plot-not-found   | .mmd
            /api/v1/models/plain/plots/loss?version=7     | 404 | version-not-found | 7
            /api/v1/models/plain/plots/loss?version=x     | 400 | invalid-parameter | version
            /api/v1/models/plain/plots/loss?start=0       | 400 | invalid-parameter | loss
            /api/v1/models/plain/plots/loss?strat=0       | 400 | unknown-parameter | strat
            /api/v1/models/plain/plots/score?start=x      | 400 | bad-time         | x
            /api/v1/models/plain/plots/score?start=2024-01-02T00:00:00Z&end=2024-01-01T00:00:00Z | 400 | bad-score-request | after
            /api/v1/models/plain/plots/score?end=2020-01-01T00:00:00Z | 404 | nothing-to-plot | another start or end
            /api/v1/models/plain/plots/accuracy           | 404 | nothing-to-plot  | there are no annotations
            /api/v1/models/plain/plots/confusion-matrix   | 404 | nothing-to-plot  | there are no annotations
            /api/v1/models/plain/plots/precision-recall.png | 404 | nothing-to-plot | there are no annotations
            """)
    void saysWhyThereIsNoPicture(String path, int status, String type, String part) {
        Answer answer = service.send("GET", path, "", "Accept: image/svg+xml");
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(answer.node().get("type").asString()).endsWith("/" + type);
        assertThat(answer.node().get("detail").asString()).contains(part);
    }

    @Test
    void refusesFormsThatItDoesNotWrite() {
        for (String path : List.of(PLAIN + "/plots/loss", PLAIN + "/plots/score", PLAIN + "/graph")) {
            Answer answer = service.send("GET", path, "", "Accept: image/gif, application/json");
            assertThat(answer.status()).as(answer.body()).isEqualTo(406);
            assertThat(answer.node().get("detail").asString()).contains("image/svg+xml");
        }
    }

    @Test
    void saysThatASeriesIsGone() {
        service.postCsv("/api/v1/series/gone/samples", csv(0, 300, waves(3)));
        assertThat(service.train(specification("orphan", "gone", 4, 1)).status())
                .isEqualTo(201);
        service.delete("/api/v1/series/gone");
        Answer answer = service.get("/api/v1/models/orphan/plots/score");
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.node().get("detail").asString()).contains("gone");
        assertThat(get("/api/v1/models/orphan/plots/loss").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /graph     | image/svg+xml                      | <svg
            /graph     | text/vnd.graphviz;charset=UTF-8    | digraph {
            /graph     | text/vnd.mermaid;charset=UTF-8     | flowchart TB
            /graph.svg | image/svg+xml                      | <svg
            /graph.dot | text/vnd.graphviz;charset=UTF-8    | digraph {
            /graph.mmd | text/vnd.mermaid;charset=UTF-8     | flowchart TB
            """)
    void givesTheGraphInEachForm(String path, String type, String start) {
        HttpResponse<byte[]> graph = get(MODEL + path, "Accept: " + type + ", */*;q=0.1");
        assertThat(graph.statusCode()).isEqualTo(200);
        assertThat(graph.headers().firstValue("Content-Type")).hasValue(type);
        assertThat(new String(graph.body(), StandardCharsets.UTF_8))
                .startsWith(start)
                .contains("encoder.0.linear.weight", "mean squared error");
    }

    @Test
    void drawsTheGraphOfAnArchitectureBeforeItIsTrained() {
        String question = "{\"architecture\":\"base\",\"windowing\":{\"length\":4}}";
        Answer svg = service.send(
                "POST", "/api/v1/architectures", question, "Content-Type: application/json", "Accept: image/svg+xml");
        assertThat(svg.status()).as(svg.body()).isEqualTo(200);
        assertThat(DrawnPicture.texts(svg.body().getBytes(StandardCharsets.UTF_8)))
                .contains("encoder.0.linear.weight", "32 × 4", "mean squared error");
        Answer plain = service.postJson("/api/v1/architectures", question);
        assertThat(plain.header("Content-Type")).isEqualTo("application/json");
        assertThat(plain.node().get("layers").size()).isPositive();
    }

    private static HttpResponse<byte[]> get(String path, String... headers) {
        return service.sendBytes("GET", path, new byte[0], headers);
    }
}
