package dev.telltale.hostile;

import static dev.telltale.hostile.Row.refused;
import static dev.telltale.hostile.Row.taken;
import static dev.telltale.http.RawRequest.ENDLESS;
import static dev.telltale.http.RawRequest.chunks;
import static dev.telltale.http.RawRequest.post;
import static dev.telltale.http.RawRequest.put;
import static dev.telltale.http.RawRequest.request;
import static dev.telltale.http.RawRequest.utf8;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.http.RawRequest;
import java.util.stream.Stream;

/// Rows 1 to 21: JSON that is none, or says what cannot be meant.
final class JsonRows {

    static final String SAMPLES = "/api/v1/series/bad/samples";

    private static final String T = "1393695240000";

    private JsonRows() {}

    static Stream<Row> all() {
        return Stream.of(numbers(), documents(), texts()).flatMap(rows -> rows);
    }

    private static Stream<Row> numbers() {
        return Stream.of(
                refused(1, "the literal NaN as a sample", sample(T, "NaN"), "400 malformed-json"),
                refused(1, "the literal -Infinity as a sample", sample(T, "-Infinity"), "400 malformed-json"),
                refused(1, "the literal NaN in a specification", training("learningRate", "NaN"), "400 malformed-json"),
                refused(1, "the literal Infinity in a matrix", attention("[[Infinity]]"), "400 malformed-json"),
                refused(2, "the text NaN as a sample", sample(T, "\"NaN\""), "400 bad-value"),
                refused(2, "the text Infinity as a sample", sample(T, "\"Infinity\""), "400 bad-value"),
                refused(2, "the text -INF as a sample", sample(T, "\"-INF\""), "400 bad-value"),
                refused(2, "the text NaN in a specification", training("learningRate", "\"NaN\""), "400 wrong-type"),
                refused(2, "the text NaN in a matrix", attention("[[\"NaN\"]]"), "400 wrong-type"),
                refused(3, "1e999 as a sample", sample(T, "1e999"), "400 bad-value"),
                refused(3, "-1e999 in a matrix", attention("[[-1e999]]"), "400 non-finite-number"),
                refused(3, "1e999 in a specification", training("learningRate", "1e999"), "400 non-finite-number"),
                refused(3, "400 digits as a sample", sample(T, "9".repeat(400)), "400 number-too-long"),
                refused(4, "1,001 digits as a sample", sample(T, "0." + "1".repeat(1_001)), "400 number-too-long"),
                refused(4, "1,001 digits of an epoch", training("epochs", "1".repeat(1_001)), "400 number-too-long"),
                new Row(5, "1e-400", target -> {
                    target.take("POST", "/api/v1/series/tiny/samples", samples(T, "1e-400"));
                    assertThat(target.samples("tiny").at("/0/value").toString()).isEqualTo("0.0");
                }),
                refused(6, "the text 1.5 as a sample", sample(T, "\"1.5\""), "400 bad-value"),
                refused(6, "the text 1.5 with blanks as a sample", sample(T, "\" 1.5 \""), "400 bad-value"),
                refused(6, "the text 5 as epochs", training("epochs", "\"5\""), "400 wrong-type"),
                refused(6, "the text 1 in a matrix", attention("[[\"1\"]]"), "400 wrong-type"),
                refused(7, "true as a sample", sample(T, "true"), "400 bad-value"),
                refused(7, "a list as a sample", sample(T, "[1]"), "400 bad-value"),
                refused(7, "true as epochs", training("epochs", "true"), "400 wrong-type"),
                refused(7, "a list as epochs", training("epochs", "[1]"), "400 wrong-type"),
                taken(
                        8,
                        "null as a sample",
                        post(
                                "/api/v1/series/with_null/samples",
                                "application/json",
                                utf8(samples(T, "null").replace("]", ",{\"timestamp\":1393695300000,\"value\":2}]"))),
                        200,
                        "\"accepted\":1,",
                        "\"missing\":1,"),
                refused(9, "1.9 epochs", training("epochs", "1.9"), "400 wrong-type"),
                refused(9, "1.9 milliseconds", sample("1.9", "1"), "400 bad-time"),
                refused(10, "99999999999 epochs", training("epochs", "99999999999"), "400 out-of-range"),
                refused(10, "a seed of 1e30", training("seed", "1e30"), "400 wrong-type"),
                refused(10, "a seed of twenty digits", training("seed", "9".repeat(20)), "400 out-of-range"));
    }

    private static Stream<Row> documents() {
        String deep = "{\"labels\":".repeat(600) + "1" + "}".repeat(600);
        return Stream.of(
                refused(11, "samples twice", json("{\"samples\":[],\"samples\":[]}"), "400 duplicate-key"),
                refused(11, "labels twice", series("{\"labels\":{},\"labels\":{}}"), "400 duplicate-key"),
                refused(11, "a label twice", series("{\"labels\":{\"a\":\"1\",\"a\":\"2\"}}"), "400 duplicate-key"),
                refused(12, "a property more in an upload", json("{\"samples\":[],\"x\":1}"), "400 unknown-property"),
                refused(12, "an id of one's own", series("{\"id\":\"1\"}"), "400 unknown-property"),
                refused(12, "a version of one's own", model("\"version\":7"), "400 unknown-property"),
                refused(13, "no samples", json("{}"), "400 missing-property"),
                refused(13, "no series", models("{\"name\":\"bad\"}"), "400 missing-property"),
                refused(13, "no url", put("/api/v1/receivers/bad", "{\"kind\":\"webhook\"}"), "400 missing-property"),
                refused(14, "two documents of samples", json(samples(T, "1") + " {}"), "400 malformed-json"),
                refused(14, "a token behind a description", series("{} 1"), "400 malformed-json"),
                refused(15, "no body of an upload", json(""), "400 empty-upload"),
                refused(15, "no body of a specification", models(""), "400 bad-request"),
                refused(15, "no body of a description", series(""), "400 bad-request"),
                refused(16, "600 levels in an upload", sample(T, "[".repeat(600)), "400 nesting-too-deep"),
                refused(16, "600 levels in a description", series(deep), "400"),
                refused(16, "100,000 levels in a specification", models("[".repeat(100_000)), "400"),
                refused(
                        17,
                        "2 GiB of JSON in chunks",
                        chunks("POST", SAMPLES, "application/json", utf8(" ".repeat(8_192))),
                        "413 body-too-large"),
                refused(
                        17,
                        "2 GiB of a specification in chunks",
                        chunks("POST", "/api/v1/models", "application/json", utf8(" ".repeat(8_192))),
                        "413 body-too-large"),
                refused(
                        17,
                        "2 GiB announced",
                        request("POST", SAMPLES, "Content-Type: text/csv\r\nContent-Length: " + ENDLESS, new byte[0]),
                        "413 body-too-large"),
                refused(
                        18,
                        "a body shorter than announced",
                        request(
                                "POST",
                                SAMPLES,
                                "Content-Type: application/json\r\nContent-Length: 99",
                                utf8("{\"samples\":[")),
                        "408 request-timeout"));
    }

    private static Stream<Row> texts() {
        byte[] latin = "{\"unit\":\"\u00b0C\"}".getBytes(ISO_8859_1);
        return Stream.of(
                taken(
                        19,
                        "a byte order mark before samples",
                        post("/api/v1/series/marked/samples", "application/json", utf8("\uFEFF" + samples(T, "1"))),
                        200),
                taken(19, "a byte order mark before a description", put("/api/v1/series/marked_2", "\uFEFF{}"), 201),
                refused(
                        20,
                        "UTF-16 as samples",
                        post(SAMPLES, "application/json", samples(T, "1").getBytes(UTF_16)),
                        "400 invalid-encoding"),
                refused(20, "Latin-1 in a description", described(latin, ""), "400 invalid-encoding"),
                refused(20, "half a character", described(new byte[] {'"', (byte) 0xe2, '"'}, ""), "400"),
                refused(20, "a charset that is not UTF-8", described(utf8("{}"), ";charset=latin1"), "415"),
                refused(
                        20,
                        "samples in another charset",
                        post(SAMPLES, "application/json;charset=utf-16", utf8(samples(T, "1"))),
                        "415 unsupported-encoding"),
                refused(21, "NUL in a label", label("\\u0000"), "400 invalid-text"),
                refused(21, "half a surrogate pair in a label", label("\\ud800"), "400 invalid-text"),
                refused(21, "an escape sequence in a label", label("\\u001b[31m"), "400 bad-labels"),
                refused(21, "NUL in a path", put("/api/v1/series/bad%00", "{}"), "400"),
                refused(21, "a line break in a path", put("/api/v1/series/bad%0d%0a", "{}"), "400"),
                refused(21, "a bidirectional override in a path", put("/api/v1/series/bad%E2%80%AE", "{}"), "400"),
                refused(21, "a character without width in a path", put("/api/v1/series/bad%E2%80%8B", "{}"), "400"),
                refused(21, "NUL in a model's name", named("bad\\u0000"), "400 bad-name"),
                refused(21, "an override in a model's name", named("bad\\u202e"), "400 bad-name"),
                refused(
                        21,
                        "NUL in the name of a set",
                        model("\"training\":{\"annotationSet\":\"\\u0000\"}"),
                        "400 invalid-text"),
                refused(
                        21,
                        "NUL in a comment",
                        post(
                                "/api/v1/silences",
                                "application/json",
                                utf8("{\"matchers\":\"{a=\\\"b\\\"}\",\"comment\":\"\\u0000\"}")),
                        "400 invalid-text"));
    }

    static String samples(String timestamp, String value) {
        return "{\"samples\":[{\"timestamp\":" + timestamp + ",\"value\":" + value + "}]}";
    }

    static RawRequest sample(String timestamp, String value) {
        return json(samples(timestamp, value));
    }

    static RawRequest json(String body) {
        return post(SAMPLES, "application/json", utf8(body));
    }

    static RawRequest series(String body) {
        return put("/api/v1/series/bad", body);
    }

    /// A specification of a model with fields more than it needs.
    static RawRequest model(String fields) {
        return models("{\"name\":\"bad\",\"series\":[\"waves\"]," + fields + "}");
    }

    static RawRequest models(String body) {
        return waiting("/api/v1/models", body);
    }

    /// JSON whose work the caller waits for.
    static RawRequest waiting(String path, String body) {
        byte[] bytes = utf8(body);
        String headers = "Content-Type: application/json\r\nPrefer: wait=60\r\nContent-Length: " + bytes.length;
        return request("POST", path, headers, bytes);
    }

    static RawRequest training(String field, String value) {
        return model("\"training\":{\"" + field + "\":" + value + "}");
    }

    static RawRequest attention(String x) {
        return attend("{\"x\":" + x + ",\"weights\":{\"wq\":[[1]],\"wk\":[[1]],\"wv\":[[1]]}}");
    }

    static RawRequest attend(String body) {
        return post("/api/v1/attention", "application/json", utf8(body));
    }

    private static RawRequest label(String value) {
        return series("{\"labels\":{\"a\":\"" + value + "\"}}");
    }

    private static RawRequest named(String name) {
        return models("{\"name\":\"" + name + "\",\"series\":[\"waves\"]}");
    }

    private static RawRequest described(byte[] body, String charset) {
        String headers = "Content-Type: application/json" + charset + "\r\nContent-Length: " + body.length;
        return request("PUT", "/api/v1/series/bad", headers, body);
    }
}
