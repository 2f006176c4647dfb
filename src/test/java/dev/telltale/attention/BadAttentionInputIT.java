package dev.telltale.attention;

import static dev.telltale.http.RawRequest.get;
import static dev.telltale.http.RawRequest.post;
import static dev.telltale.http.RawRequest.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.http.RawAnswer;
import dev.telltale.torch.TorchEngine;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What cannot be computed is answered by a problem that names the place, what came and what was expected,
/// and the service works on.
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {"telltale.http.max-body=64KB", "telltale.attention.max-rows=64", "telltale.attention.memory=256KB"
        })
class BadAttentionInputIT {

    private static final String GOOD =
            "\"x\":[[1,2],[3,4]],\"weights\":{\"wq\":[[1,0],[0,1]],\"wk\":[[1,0],[0,1]]," + "\"wv\":[[1,0],[0,1]]}";
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    private static Path data;

    @LocalServerPort
    private int port;

    @Autowired
    private TorchEngine engine;

    private int arraysBefore;

    @DynamicPropertySource
    static void dataDirectory(DynamicPropertyRegistry registry) {
        registry.add("telltale.data-dir", () -> data);
    }

    @BeforeEach
    void count() {
        engine.loaded();
        arraysBefore = engine.arrays();
    }

    @AfterEach
    void itWorksOnAndKeepsNothing() throws IOException {
        assertThat(attend("{" + GOOD + "}").status()).isEqualTo(200);
        assertThat(engine.arrays()).isEqualTo(arraysBefore);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            wq with too few rows      | "wq":[[1,0]]                     | 422 shape-mismatch | /weights/wq | wq is (1, 2), x is (2, 2): it needs 2 rows
            wk with too many rows     | "wk":[[1,0],[0,1],[1,1]]         | 422 shape-mismatch | /weights/wk | wk is (3, 2), x is (2, 2): it needs 2 rows
            wv with too few rows      | "wv":[[1,0]]                     | 422 shape-mismatch | /weights/wv | wv is (1, 2), x is (2, 2): it needs 2 rows
            wk of another width       | "wk":[[1],[0]]                   | 422 shape-mismatch | /weights/wk | wk is (2, 1), wq is (2, 2): they need as many columns
            bq of another length      | "bq":[1]                         | 422 shape-mismatch | /weights/bq | bq has 1 values, wq is (2, 2): it needs 2
            bk of another length      | "bk":[]                          | 422 shape-mismatch | /weights/bk | bk has 0 values, wk is (2, 2): it needs 2
            bv of another length      | "bv":[1,2,3]                     | 422 shape-mismatch | /weights/bv | bv has 3 values, wv is (2, 2): it needs 2
            wo with too many rows     | "wo":[[1],[1],[1]]               | 422 shape-mismatch | /weights/wo | wo is (3, 1), wv is (2, 2): it needs 2 rows
            bo of another length      | "wo":[[1],[1]],"bo":[1,2]        | 422 shape-mismatch | /weights/bo | bo has 2 values, wo is (2, 1): it needs 1
            bo without wo             | "bo":[1]                         | 400 missing-property | /weights/wo | bo is added after wo: give both or none
            a ragged matrix           | "wq":[[1,0],[0]]                 | 400 bad-matrix     | /weights/wq/1 | row 1 has 1 numbers, row 0 has 2: all need as many
            an empty matrix           | "wq":[]                          | 400 bad-matrix     | /weights/wq | a matrix needs a row with a number at least
            an empty row              | "wv":[[],[]]                     | 400 bad-matrix     | /weights/wv | a matrix needs a row with a number at least
            a text                    | "wq":[[1,0],[0,"NaN"]]           | 400 wrong-type     | /weights/wq/1/1 | expected a number, got a text
            null                      | "wq":[[1,0],[0,null]]            | 400 wrong-type     | /weights/wq/1/1 | expected a number, got null
            a row that is null        | "wq":[[1,0],null]                | 400 wrong-type     | /weights/wq/1 | null was given where a value is needed
            beyond the largest double | "wk":[[1e999,0],[0,1]]           | 400 non-finite-number | /weights/wk/0/0 | the number is beyond ±1.8e308; send a finite one
            a vector                  | "wk":[1,0]                       | 400 wrong-type     | /weights/wk/0 | expected a list of numbers, got a whole number
            an unknown weight         | "wz":[[1]]                       | 400 unknown-property | /weights/wz | 'wz' is not known here; known are bk, bo, bq, bv, wk, wo, wq, wv
            """)
    void refusesWeightsWith(String what, String weight, String expected, String pointer, String detail)
            throws IOException {
        String name = weight.substring(1, 3);
        String whole = GOOD.contains("\"" + name + "\"")
                ? GOOD.replaceFirst("\"" + name + "\":\\[\\[1,0],\\[0,1]]", weight)
                : GOOD.replace("\"wq\"", weight + ",\"wq\"");

        assertProblem(attend("{" + whole + "}"), expected, pointer, detail);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            "heads":0                              | 400 bad-size         | /heads  | heads must be at least 1, was 0
            "heads":-1                             | 400 bad-size         | /heads  | heads must be at least 1, was -1
            "heads":3                              | 422 shape-mismatch   | /heads  | 3 heads do not divide the 2 columns of wq
            "heads":1.5                            | 400 wrong-type       | /heads  | expected a whole number, got a number with a fraction
            "outputActivation":"gelu"              | 400 invalid-value    | /outputActivation | 'gelu' is none of identity, relu
            "causal":"yes"                         | 400 wrong-type       | /causal | expected true or false, got a text
            "mask":[[true,true]]                   | 422 shape-mismatch   | /mask   | mask has 1 rows, x has 2: it needs one for each
            "mask":[[true,true],[true]]            | 422 shape-mismatch   | /mask/1 | row 1 of mask has 1 values, x has 2 rows: it needs one for each
            "mask":[[true,true],[false,false]]     | 422 row-masked-whole | /mask/1 | row 1 may attend to no row; its mask needs at least one true
            "mask":[[false,true],[true,true]],"causal":true | 422 row-masked-whole | /mask/0 | row 0 may attend to no row up to itself; its mask needs at least one true
            "series":"cpu"                         | 400 unknown-property | /x      | 'x' does not go with 'series'
            "init":{"seed":1}                      | 400 unknown-property | /init   | 'init' does not go with 'x'
            "start":1704067200000                  | 400 unknown-property | /start  | 'start' does not go with 'x'
            "windowing":{"length":4}               | 400 unknown-property | /windowing | 'windowing' does not go with 'x'
            "embedding":{}                         | 400 unknown-property | /embedding | 'embedding' does not go with 'x'
            """)
    void refusesOptionsLike(String option, String expected, String pointer, String detail) throws IOException {
        assertProblem(attend("{" + GOOD + "," + option + "}"), expected, pointer, detail);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            "mask":[[1,0],[1,1]]         | 400 wrong-type
            "mask":[[true,null],[true,true]] | 400 wrong-type
            "mask":"causal"              | 400 wrong-type
            "dropout":0.1                | 400 unknown-property
            "x":[[1]]                    | 400 duplicate-key
            """)
    void refusesOptionsAsJsonLike(String option, String expected) throws IOException {
        assertThat(attend("{" + GOOD + "," + option + "}").text())
                .contains("HTTP/1.1 " + expected.substring(0, 3), "\"/problems/" + expected.substring(4) + "\"");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            {}                                     | 400 missing-property | /x
            {"x":[[1]]}                            | 400 missing-property | /weights
            {"x":[[1]],"weights":{"wq":[[1]],"wk":[[1]]}} | 400 missing-property | /weights/wv
            {"x":[],"weights":{"wq":[[1]],"wk":[[1]],"wv":[[1]]}} | 400 bad-matrix | /x
            {"x":[[]],"weights":{"wq":[[1]],"wk":[[1]],"wv":[[1]]}} | 400 bad-matrix | /x
            {"x":[[1],[1,2]],"weights":{"wq":[[1]],"wk":[[1]],"wv":[[1]]}} | 400 bad-matrix | /x/1
            {"x":[["Infinity"]],"weights":{"wq":[[1]],"wk":[[1]],"wv":[[1]]}} | 400 wrong-type | /x/0/0
            {"x":[[1]],"weights":null,"series":"a","weights":{}} | 400 duplicate-key | ~~
            {"series":"nowhere"}                   | 404 series-not-found | ~~
            {"series":"nowhere","weights":{"wq":[[1]],"wk":[[1]],"wv":[[1]]}} | 400 unknown-property | /weights
            {"series":"nowhere","start":2000000000000,"end":1000000000000} | 400 bad-range | /start
            {"series":"nowhere","embedding":{"size":0}}     | 400 bad-size | /embedding/size
            {"series":"nowhere","embedding":{"positions":"learned"}} | 400 invalid-value | /embedding/positions
            {"series":"nowhere","init":{"keySize":1025}}    | 400 bad-size | /init/keySize
            {"series":"nowhere","init":{"valueSize":0}}     | 400 bad-size | /init/valueSize
            {"series":"nowhere","init":{"outputSize":-1}}   | 400 bad-size | /init/outputSize
            {"series":"nowhere","init":{"seed":1.5}}        | 400 wrong-type | /init/seed
            {"series":"nowhere","windowing":{"length":0}}   | 400 bad-window | /windowing
            {"series":"nowhere","windowing":{"length":65}}  | 413 attention-too-large | ~~
            """)
    void refusesBodiesLike(String body, String expected, String pointer) throws IOException {
        JsonNode problem = problem(attend(body), expected);
        assertThat(problem.at("/errors/0/pointer").asString("")).isEqualTo(pointer);
    }

    @Test
    void namesEveryMatrixThatDoesNotFit() throws IOException {
        JsonNode problem = problem(
                attend("{\"x\":[[1]],\"weights\":{\"wq\":[[1],[1]],\"wk\":[[1,2]],\"wv\":[[1]],\"bv\":[1,2]}}"),
                "422 shape-mismatch");

        assertThat(problem.get("errors")
                        .valueStream()
                        .map(error -> error.get("pointer").asString()))
                .containsExactly("/weights/wq", "/weights/wk", "/weights/bv");
    }

    @Test
    void refusesMoreRowsThanTheLimit() throws IOException {
        String rows = "[1],".repeat(64) + "[1]";
        JsonNode problem = problem(
                attend("{\"x\":[" + rows + "],\"weights\":{\"wq\":[[1]],\"wk\":[[1]],\"wv\":[[1]]}}"),
                "413 attention-too-large");

        assertThat(problem.get("detail").asString())
                .isEqualTo("65 rows would attend to each other, at most 64 may (telltale.attention.max-rows)");
    }

    /// 8 heads × 64² pairs × 2 results × 8 bytes = 512 KiB.
    @Test
    void refusesHeadsThatTakeMoreMemoryThanThereIs() throws IOException {
        String rows = "[1],".repeat(63) + "[1]";
        String wide = "[[1,1,1,1,1,1,1,1]]";
        String body = "{\"x\":[%s],\"weights\":{\"wq\":%s,\"wk\":%s,\"wv\":%s},\"heads\":%d}";

        assertThat(attend(body.formatted(rows, wide, wide, wide, 2)).status()).isEqualTo(200);
        JsonNode problem = problem(attend(body.formatted(rows, wide, wide, wide, 8)), "413 attention-too-large");
        assertThat(problem.get("allowedBytes").asLong()).isEqualTo(256 << 10);
        assertThat(problem.get("neededBytes").asLong()).isBetween(512L << 10, 600L << 10);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            x and weights        | [[1e300,0],[0,1]] | q is beyond
            queries and keys     | [[1e160,0],[0,1]] | scores is beyond
            """)
    void refusesFiniteNumbersWhoseProductsAreNot(String what, String weight, String detail) throws IOException {
        String body = GOOD.replace("[[1,0],[0,1]]", weight).replace("[[1,2],[3,4]]", "[[1e20,2],[3,4]]");
        JsonNode problem = problem(attend("{" + body + "}"), "422 result-not-finite");

        assertThat(problem.get("detail").asString()).contains(detail);
    }

    @Test
    void refusesABodyOverTheLimit() throws IOException {
        problem(attend("{" + GOOD + " ".repeat(65_536) + "}"), "413 body-too-large");
    }

    @Test
    void refusesASeriesWithTooFewRowsInARow() throws IOException {
        StringBuilder csv = new StringBuilder("timestamp,value\n");
        for (int i = 0; i < 40; i++) { // a gap of ten rows in the middle
            csv.append(1_704_067_200_000L + (i < 20 ? i : i + 10) * 60_000L).append(",1\n");
        }
        post("/api/v1/series/broken/samples", "text/csv", utf8(csv.toString())).sendTo(port);
        JsonNode problem = problem(attend("{\"series\":\"broken\"}"), "422 not-enough-data");

        assertThat(problem.get("required").asInt()).isEqualTo(32);
        assertThat(attend("{\"series\":\"broken\",\"windowing\":{\"length\":20}}")
                        .status())
                .isEqualTo(200);
        problem(attend("{\"series\":\"broken\",\"end\":\"2000-01-01T00:00:00Z\"}"), "422 not-enough-data");
    }

    @Test
    void answersNoOtherMethod() throws IOException {
        assertThat(get("/api/v1/attention").sendTo(port).status()).isEqualTo(405);
    }

    private RawAnswer attend(String body) throws IOException {
        return post("/api/v1/attention", "application/json", utf8(body)).sendTo(port);
    }

    private static JsonNode problem(RawAnswer answer, String expected) {
        assertThat(answer.text()).contains("HTTP/1.1 " + expected.substring(0, 3), "application/problem+json");
        JsonNode problem = JSON.readTree(answer.body());
        assertThat(problem.get("type").asString()).isEqualTo("/problems/" + expected.substring(4));
        return problem;
    }

    private static void assertProblem(RawAnswer answer, String expected, String pointer, String detail) {
        JsonNode error = problem(answer, expected).at("/errors/0");
        assertThat(error.path("pointer").asString("")).isEqualTo(pointer);
        assertThat(error.path("detail").asString("")).isEqualTo(detail);
    }
}
