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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// What the routes of models answer to requests that cannot be done: a problem of the 400s that says why,
/// and nothing of it stays.
class BadModelInputIT {

    private static final String MODELS = "/api/v1/models";
    private static final String SCORE = MODELS + "/good/score";
    private static final String JSON = "Content-Type: application/json";
    private static final String CSV = "Content-Type: text/csv";

    @TempDir
    private static Path data;

    private static RunningService service;
    private static String modelsBefore;

    @BeforeAll
    static void start() {
        service = new RunningService(data);
        service.postCsv("/api/v1/series/waves/samples", csv(0, ROWS, waves(1)));
        service.postCsv("/api/v1/series/large/samples", csv(0, 600, i -> 1e6 * Math.sin(i)));
        service.postCsv("/api/v1/series/huge/samples", csv(0, 600, i -> 1e308 * Math.sin(i)));
        service.postCsv("/api/v1/series/short/samples", csv(0, 20, i -> i % 5));
        service.postCsv("/api/v1/series/apart/samples", csv(5_000, 5_600, i -> i % 5));
        assertThat(service.train(specification("good", "waves", 8, 1)).status()).isEqualTo(201);
        modelsBefore = service.get(MODELS).body();
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @AfterEach
    void nothingStays() throws IOException {
        assertThat(service.get(MODELS).body()).isEqualTo(modelsBefore);
        assertThat(service.get("/actuator/health/readiness").status()).isEqualTo(200);
        try (Stream<Path> files = Files.walk(data.resolve("models"))) {
            assertThat(files.filter(Files::isRegularFile)).hasSize(2); // the file and its signature
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            "training":{"epochs":0}                                 | 400 bad-training
            "training":{"epochs":10001}                             | 400 bad-training
            "training":{"epochs":1e9}                               | 400 wrong-type
            "training":{"epochs":"5"}                               | 400 wrong-type
            "training":{"epochs":1.5}                               | 400 wrong-type
            "training":{"epochs":true}                              | 400 wrong-type
            "training":{"epochs":99999999999}                       | 400 out-of-range
            "training":{"batchSize":0}                              | 400 bad-training
            "training":{"batchSize":65537}                          | 400 bad-training
            "training":{"learningRate":0}                           | 400 bad-training
            "training":{"learningRate":1.01}                        | 400 bad-training
            "training":{"learningRate":"NaN"}                       | 400 wrong-type
            "training":{"learningRate":NaN}                         | 400 malformed-json
            "training":{"learningRate":1e999}                       | 400 non-finite-number
            "training":{"weightDecay":-1}                           | 400 bad-training
            "training":{"optimizer":"adam"}                         | 400 wrong-type
            "training":{"optimizer":{}}                             | 400 missing-property
            "training":{"optimizer":{"kind":"rmsprop"}}             | 400 invalid-value
            "training":{"optimizer":{"kind":"adam","momentum":0.5}} | 400 unknown-property
            "training":{"optimizer":{"kind":"sgd","momentum":1}}    | 400 bad-training
            "training":{"optimizer":{"kind":"adam","beta1":0.9}}    | 400 unknown-property
            "training":{"earlyStopping":{"patience":0}}             | 400 bad-training
            "training":{"earlyStopping":{"minDelta":-1}}            | 400 bad-training
            "training":{"earlyStopping":{"after":3}}                | 400 unknown-property
            "training":{"earlyStopping":false}                      | 400 wrong-type
            "training":{"annotationSet":" "}                        | 400 bad-specification
            "training":{"annotationSet":"a\\u0000"}                 | 400 invalid-text
            "training":{"seed":"42"}                                | 400 wrong-type
            "training":{"shuffle":true}                             | 400 unknown-property
            "windowing":{"length":0}                                | 400 bad-window
            "windowing":{"length":10001}                            | 400 bad-window
            "windowing":{"stride":0}                                | 400 bad-window
            "windowing":{"step":1}                                  | 400 unknown-property
            "windowing":32                                          | 400 wrong-type
            "windowing":{"length":10000}                            | 422 not-enough-data
            "threshold":"rate"                                      | 400 wrong-type
            "threshold":{"rate":0.1}                                | 400 missing-property
            "threshold":{"rule":"best-f1","q":0.5}                  | 400 unknown-property
            "threshold":{"rule":"best-f1","of":"train"}             | 400 unknown-property
            "threshold":{"rule":"best"}                             | 400 invalid-value
            "errorOf":"first"                                       | 400 invalid-value
            "partner":{"kind":"forest"}                             | 400 invalid-value
            "partner":"random-cut-forest"                           | 400 wrong-type
            "partner":{}                                            | 400 missing-property
            "partner":{"kind":"robust-z-score"},"threshold":{"rule":"fixed","error":1} | 400 bad-specification
            "threshold":{"rule":"rate"}                             | 400 missing-property
            "threshold":{"rule":"rate","rate":0}                    | 400 bad-threshold
            "threshold":{"rule":"rate","rate":1}                    | 400 bad-threshold
            "threshold":{"rule":"rate","rate":0.1,"q":0.5}          | 400 unknown-property
            "threshold":{"rule":"rate","rate":0.1,"of":"test"}      | 400 invalid-value
            "threshold":{"rule":"quantile","q":1.5}                 | 400 bad-threshold
            "threshold":{"rule":"sigma","k":-1}                     | 400 bad-threshold
            "threshold":{"rule":"fixed","error":-1}                 | 400 bad-threshold
            "threshold":{"rule":"fixed","error":1,"of":"train"}     | 400 unknown-property
            "scaling":"minmax"                                      | 400 invalid-value
            "scaling":{"kind":"min-max","over":"test"}              | 400 invalid-value
            "gaps":{"fill":"zero"}                                  | 400 invalid-value
            "gaps":{"longest":3}                                    | 400 unknown-property
            "split":{"train":0.7,"validation":0.2,"test":0.2}       | 400 bad-split
            "split":{"validation":1}                                | 400 bad-split
            "split":{"train":700.5}                                 | 400 bad-split
            "split":{"train":10000}                                 | 422 not-enough-data
            "split":{"train":5e-324}                                | 422 not-enough-data
            "split":{"order":"random"}                              | 400 invalid-value
            "split":[0.7,0.15,0.15]                                 | 400 wrong-type
            "range":{"start":"soon"}                                | 400 bad-time
            "range":{"start":"2024-02-30T00:00:00Z"}                | 400 bad-time
            "range":{"start":"2024-01-01T00:00:00"}                 | 400 bad-time
            "range":{"start":-999999999999999999}                   | 400 bad-time
            "range":{"start":1e20}                                  | 400 wrong-type
            "range":{"start":2000,"end":1000}                       | 400 bad-specification
            "range":{"end":"2001-01-01T00:00:00Z"}                  | 422 not-enough-data
            "range":{"begin":1}                                     | 400 unknown-property
            "architecture":"auto"                                   | 400 bad-architecture
            "architecture":{"preset":"base","kind":"dense"}         | 400 unknown-property
            "architecture":{}                                       | 400 missing-property
            "architecture":{"kind":"dense"}                         | 400 bad-architecture
            "architecture":{"kind":"dense","encoder":[{"activation":"relu"}]}           | 400 bad-architecture
            "architecture":{"kind":"dense","encoder":[{"linear":0}]}                    | 400 bad-architecture
            "architecture":{"kind":"dense","encoder":[{"linear":65537}]}                | 400 bad-architecture
            "architecture":{"kind":"dense","encoder":[{"linear":"8"}]}                  | 400 wrong-type
            "architecture":{"kind":"dense","encoder":[null]}                            | 400 wrong-type
            "architecture":{"kind":"dense","encoder":[{}]}                              | 400 invalid-value
            "architecture":{"kind":"dense","encoder":[{"linear":8,"dropout":0.1}]}      | 400 invalid-value
            "architecture":{"kind":"dense","encoder":[{"linear":8},{"dropout":1}]}      | 400 bad-architecture
            "architecture":{"kind":"dense","encoder":[{"linear":8},{"activation":"x"}]} | 400 invalid-value
            "architecture":"manufacturing"                                              | 422 shape-mismatch
            "architecture":"manufacturing","windowing":{"length":999}                   | 422 shape-mismatch
            "features":["speed"]        | 400 invalid-value
            "features":[{"kind":"rolling-mean","window":1}] | 400 bad-feature
            "features":[{"kind":"rate","of":"others"}] | 400 bad-specification
            "select":"cpu"              | 400 unknown-property
            "fleet":true                | 400 unknown-property
            "pooled":true               | 400 unknown-property
            "series":["short"]          | 400 duplicate-key
            "name":"y"                  | 400 duplicate-key
            """)
    void refusesASpecificationWithAFieldLike(String field, String expected) {
        Answer answer = service.train("{\"name\":\"bad\",\"series\":[\"waves\"]," + field + "}");

        assertProblem(answer, expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            ~~                                                      | 400 bad-request
            {                                                       | 400 malformed-json
            []                                                      | 400 wrong-type
            null                                                    | 400 wrong-type
            {}                                                      | 400 missing-property
            {"name":"bad"}                                          | 400 missing-property
            {"name":"bad","series":"waves"}                         | 400 wrong-type
            {"name":"bad","series":[]}                              | 400 bad-specification
            {"name":"bad","series":[null]}                          | 400 wrong-type
            {"name":"bad","series":[17]}                            | 400 wrong-type
            {"name":"bad","series":["nowhere"]}                     | 404 series-not-found
            {"name":"bad","series":["99999999999999999999"]}        | 404 series-not-found
            {"name":"bad","series":["'; drop table model;--"]}      | 404 series-not-found
            {"name":"bad","series":["short"]}                       | 422 not-enough-data
            {"name":"bad","series":["waves"],"threshold":{"rule":"best-f1"}} | 422 not-enough-data
            {"name":"bad","series":["waves","waves"]}               | 400 bad-specification
            {"name":"bad","series":["waves","1"]}                   | 400 bad-specification
            {"name":"bad","series":["waves","nowhere"]}             | 404 series-not-found
            {"name":"bad","series":["waves","apart"]}               | 422 not-enough-data
            {"name":"bad","series":["waves","short"],"range":{"start":1704080000000}} | 422 not-enough-data
            {"name":"bad","series":["waves"]} {}                    | 400 malformed-json
            {"name":"good","series":["waves"]}                      | 409 model-exists
            {"name":"../bad","series":["waves"]}                    | 400 bad-name
            {"name":"Bad","series":["waves"]}                       | 400 bad-name
            {"name":"b\\u00e4d","series":["waves"]}                 | 400 bad-name
            {"name":"bad\\u0000","series":["waves"]}                | 400 bad-name
            {"name":"","series":["waves"]}                          | 400 bad-name
            {"name":1,"series":["waves"]}                           | 400 wrong-type
            {"name":"bad","series":["large"],"scaling":"none","training":{"learningRate":1,"optimizer":{"kind":"sgd"}},\
            "architecture":{"kind":"dense","encoder":[{"linear":8}]}} | 422 diverged
            {"name":"bad","series":["waves"],"architecture":{"kind":"dense","encoder":[{"linear":10000},{"linear":1999}]}} \
            | 422 too-many-parameters
            {"name":"bad","series":["waves"],"training":{"batchSize":65536},\
            "architecture":{"kind":"dense","encoder":[{"linear":4000},{"linear":4000}]}} | 422 too-expensive
            """)
    void refusesASpecificationLike(String specification, String expected) {
        assertProblem(service.send("POST", MODELS, specification, JSON, "Prefer: wait=60"), expected);
    }

    @Test
    void refusesASetOfAnnotationsWhoseNameIsAText() {
        String set = "x".repeat(201);

        assertProblem(
                service.train("{\"name\":\"bad\",\"series\":[\"waves\"],\"training\":{\"annotationSet\":\"%s\"}}"
                        .formatted(set)),
                "400 bad-specification");
    }

    @Test
    void refusesMoreThan64Layers() {
        String layers = "{\"linear\":2}" + ",{\"linear\":2}".repeat(63);

        assertProblem(
                service.train(
                        "{\"name\":\"bad\",\"series\":[\"waves\"],\"architecture\":{\"kind\":\"dense\",\"encoder\":[%s]}}"
                                .formatted(layers)),
                "400 bad-architecture");
    }

    @Test
    void tellsHowMuchMemoryATrainingWouldNeed() {
        Answer answer = service.train("{\"name\":\"bad\",\"series\":[\"waves\"],\"architecture\":{\"kind\":\"dense\","
                + "\"encoder\":[{\"linear\":4000},{\"linear\":4000}]},\"training\":{\"batchSize\":65536}}");

        assertThat(answer.node().get("allowedBytes").asLong()).isEqualTo(384L << 20);
        assertThat(answer.node().get("neededBytes").asLong()).isGreaterThan(384L << 20);
    }

    @Test
    void saysInWhichFieldAFaultIsAndWhatCameThere() {
        JsonNode error = service.train("{\"name\":\"bad\",\"series\":[\"waves\"],\"training\":{\"epochs\":1.5}}")
                .node()
                .at("/errors/0");

        assertThat(error.get("pointer").asString()).isEqualTo("/training/epochs");
        assertThat(error.get("detail").asString()).isEqualTo("expected a whole number, got a number with a fraction");
        assertThat(service.train("{\"name\":1,\"series\":[\"waves\"]}")
                        .node()
                        .get("detail")
                        .asString())
                .isEqualTo("expected a text, got a whole number");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            ~~                                                                         | 400 empty-upload
            {                                                                          | 400 malformed-json
            []                                                                         | 400 wrong-type
            null                                                                       | 400 wrong-type
            {"series":"nowhere"}                                                       | 404 series-not-found
            {"series":[null]}                                                          | 400 wrong-type
            {"series":{"a":1}}                                                         | 400 wrong-type
            {"series":["waves","flat"]}                                                | 422 feature-mismatch
            {"series":"waves","start":"soon"}                                          | 400 bad-time
            {"series":"waves","start":2000,"end":1000}                                 | 400 bad-score-request
            {"series":"waves","begin":1}                                               | 400 unknown-property
            {"series":"waves","samples":[]}                                            | 400 unknown-property
            {"series":"waves"} {}                                                      | 400 malformed-json
            {"timestamps":[1704067200],"series":{"a":[1]}}                             | 400 bad-time
            {"timestamps":[1704067200000],"series":{"a":[true]}}                       | 400 bad-value
            {"timestamps":[1704067200000],"series":{"a":[1e999]}}                      | 400 bad-value
            {"timestamps":[1704067200000],"series":{"a":[1,2]}}                        | 400 unequal-lengths
            {"timestamps":[1704067200000],"series":{"a":[1],"b":[]}}                   | 422 feature-mismatch
            {"timestamps":[1704067200000],"series":{"a":[1],"b":[1]}}                  | 422 feature-mismatch
            {"timestamps":[1704067200000],"series":{"a":[1],"a":[1]}}                  | 400 duplicate-key
            {"timestamps":[1704067200000,1704067200000],"series":{"a":[1,2]}}          | 400 duplicate-time
            {"timestamps":[1704067200000],"series":{"a":1}}                            | 400 wrong-type
            {"timestamps":[1704067200000],"series":["a"]}                              | 400 wrong-type
            {"timestamps":1704067200000,"series":{"a":[1]}}                            | 400 wrong-type
            {"timestamps":[],"series":{"a":[]}}                                        | 400 empty-upload
            {"timestamps":[1704067200000],"series":{}}                                 | 400 empty-upload
            {"timestamps":[1704067200000]}                                             | 400 missing-property
            {"series":{"a":[1]}}                                                       | 400 missing-property
            {"timestamps":[1704067200000],"series":{"a":[1]},"note":1}                 | 400 unknown-property
            {"timestamps":[1704067200000],"series":{"a":[1]}} 1                        | 400 malformed-json
            {"samples":[]}                                                             | 400 empty-upload
            {"samples":[{}]}                                                           | 400 missing-property
            {"samples":[{"timestamp":1704067200000,"value":"NaN"}]}                    | 400 bad-value
            {"samples":[{"timestamp":1704067200000,"value":1e999}]}                    | 400 bad-value
            {"samples":[{"timestamp":1704067200,"value":1}]}                           | 400 bad-time
            {"samples":[{"timestamp":1e20,"value":1}]}                                 | 400 bad-time
            {"samples":[{"timestamp":1704067200000,"value":1,"note":""}]}              | 400 unknown-property
            {"samples":[{"timestamp":1704067200000,"value":1},{"timestamp":1704067200000,"value":2}]} | 400 duplicate-time
            """)
    void refusesToScoreJsonLike(String body, String expected) {
        assertProblem(service.send("POST", SCORE, body, JSON), expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            timestamp,value\\n                                            | 400 empty-upload
            time,value\\n1704067200000,1\\n                               | 400 bad-csv
            timestamp,value\\n1704067200000,NaN\\n                        | 400 bad-value
            timestamp,value\\n1704067200000,1,2\\n                        | 400 bad-csv
            timestamp,value\\n"1704067200000,1\\n                         | 400 bad-csv
            timestamp,value\\n1704067200000,1\\n1704067200000,2\\n        | 400 duplicate-time
            """)
    void refusesToScoreCsvLike(String body, String expected) {
        assertProblem(service.send("POST", SCORE, body.translateEscapes(), CSV), expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"series\":\"waves\"}", "{\"samples\":[]}", ""})
    void answersABodyThatBeginsWithManyBlanks(String json) {
        Answer answer = service.send("POST", SCORE, " ".repeat(70_000) + json, JSON);

        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource({
        "POST, /score, Content-Type: text/html,         415",
        "POST, /score, Content-Type: application/zip,   415",
        "POST, /score, Content-Type: application/json;charset=utf-16, 415",
        "POST, /score, Content-Encoding: br,            415",
        "PUT,  /score, Content-Type: text/csv,          405",
        "GET,  /score, Accept: */*,                     405",
        "HEAD, /score, Accept: */*,                     405",
        "TRACE, '',    Accept: */*,                     405",
        "PATCH, '',    Content-Type: application/json,  405",
        "GET,  '',     Accept: text/html,               406",
        "GET,  /plots, Accept: */*,                     404",
        "GET,  ?x=1,   Accept: */*,                     400",
        "POST, /score?explain=maybe,    Content-Type: application/json, 400",
        "POST, /score?zone=Mars,    Content-Type: text/csv,         400",
        "POST, /score?duplicates=x, Content-Type: text/csv,         400",
    })
    void refusesARequestThatIsNotServed(String method, String path, String header, int status) {
        String body = method.equals("POST") || method.startsWith("P") ? "{\"series\":\"waves\",\"end\":1}" : "";
        String[] headers = header.startsWith("Content-Encoding") ? new String[] {JSON, header} : new String[] {header};

        Answer answer = service.send(method, MODELS + "/good" + path, body, headers);

        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
    }

    @Test
    void trainsNothingForACallerWhoTakesNoJson() {
        Answer answer = service.send("POST", MODELS, specification("bad", "waves", 8, 1), JSON, "Accept: text/html");

        assertThat(answer.status()).isEqualTo(406);
        assertThat(service.get(MODELS + "/bad").status()).isEqualTo(404);
        assertThat(service.train(specification("good", "waves", 8, 1)).status()).isEqualTo(409); // nothing is queued
    }

    @ParameterizedTest
    @CsvSource({
        "..%2F..%2Fetc, 400",
        "%2e%2e,        400",
        "A,             400",
        "a..b,          400",
        "%C3%BC,        400",
        "a%00,          400",
        "nobody,        404"
    })
    void refusesNamesOfNoModel(String name, int status) {
        for (String route : List.of("", "/evaluation")) {
            assertThat(service.get(MODELS + "/" + name + route).status()).isEqualTo(status);
        }
        assertThat(service.postJson(MODELS + "/" + name + "/score", range("waves", START, START))
                        .status())
                .isEqualTo(status);
        assertThat(service.delete(MODELS + "/" + name).status()).isEqualTo(status);
    }

    @ParameterizedTest
    @ValueSource(strings = {"limit=0", "limit=1001", "limit=x", "cursor=x", "sort=name", "limit=1&limit=2"})
    void refusesToListBy(String query) {
        assertThat(service.get(MODELS + "?" + query).status()).isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            {}                                                              | 400 missing-property
            {"architecture":"base","units":3}                               | 400 unknown-property
            {"architecture":"base","channels":0}                            | 400 out-of-range
            {"architecture":"base","channels":65537}                        | 400 out-of-range
            {"architecture":"base","windowing":{"length":10000},"channels":65536} | 400 bad-architecture
            {"architecture":"manufacturing","windowing":{"length":500}}     | 422 shape-mismatch
            {"architecture":{"kind":"dense","encoder":[{"linear":65536}],"decoder":[{"linear":65536}]}} \
            | 422 too-many-parameters
            """)
    void refusesToDescribeAnArchitectureLike(String body, String expected) {
        assertProblem(service.postJson("/api/v1/architectures", body), expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "min-max", "standard", "robust"})
    void trainsOnTheLargestNumbersThereAre(String scaling) {
        Answer answer = service.train("{\"name\":\"huge\",\"series\":[\"huge\"],\"windowing\":{\"length\":8},"
                + "\"training\":{\"epochs\":1},\"scaling\":\"%s\"}".formatted(scaling));

        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
        for (String series : List.of("waves", "huge")) {
            String request = range(series, START, START + 500 * STEP);
            assertThat(service.postJson(MODELS + "/huge/score", request).body())
                    .contains("\"score\":", "\"error\":")
                    .doesNotContain("Infinity", "NaN");
        }
        assertThat(service.delete(MODELS + "/huge").status()).isEqualTo(204);
    }

    private static void assertProblem(Answer answer, String expected) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(Integer.parseInt(expected.substring(0, 3)));
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(answer.node().get("type").asString()).isEqualTo("/problems/" + expected.substring(4));
        assertThat(answer.node().get("detail").asString()).isNotBlank().doesNotContain("Exception", "dev.telltale");
    }
}
