package dev.telltale.hostile;

import static dev.telltale.hostile.JsonRows.SAMPLES;
import static dev.telltale.hostile.Row.assertProblem;
import static dev.telltale.hostile.Row.refused;
import static dev.telltale.http.RawRequest.get;
import static dev.telltale.http.RawRequest.line;
import static dev.telltale.http.RawRequest.put;
import static dev.telltale.http.RawRequest.request;
import static dev.telltale.http.RawRequest.utf8;
import static dev.telltale.http.RawRequest.verbatim;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.http.RawAnswer;
import dev.telltale.http.RawRequest;
import java.net.URLEncoder;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// Rows 62 to 73: names, parameters, headers and the framing of requests.
final class AddressRows {

    private static final List<String> ATTACKS = List.of(
            "'; DROP TABLE series; --",
            "' OR '1'='1",
            "*)(uid=*))(|(uid=*",
            "${7*7}",
            "#{T(java.lang.Runtime).getRuntime().exec('id')}",
            "{{7*7}}",
            "${jndi:ldap://127.0.0.1/x}",
            "<script>alert(1)</script>");

    private AddressRows() {}

    static Stream<Row> all() {
        return Stream.of(names(), attacks(), parameters(), urls(), methods(), framing())
                .flatMap(rows -> rows);
    }

    private static Stream<Row> names() {
        Stream<String> ofSeries = Stream.of(
                "..%2fbad", "%2e%2e%2fbad", "C:%5Cbad", "%2Fetc%2Fpasswd", "b%C3%A4d", "17", "-bad", "bad%zz", "%ff");
        Stream<String> ofModels = Stream.of(
                "..%2fbad", "%2e%2e", "a..b", "bad%00", "C:%5Cbad", "%2Fetc%2Fpasswd", "CON", "Good", "%C3%BC");
        return Stream.of(
                        ofSeries.map(
                                name -> refused(62, "the series " + name, put("/api/v1/series/" + name, "{}"), "400")),
                        Stream.of(refused(
                                62,
                                "a series of 300 characters",
                                put("/api/v1/series/" + "b".repeat(300), "{}"),
                                "400")),
                        ofModels.map(name -> refused(62, "the model " + name, get("/api/v1/models/" + name), "400")),
                        Stream.of("../x", "..", "CON", "Good", "g\\u00f6od", "x".repeat(300))
                                .map(name -> refused(
                                        62,
                                        "a new model " + name.substring(0, Math.min(20, name.length())),
                                        JsonRows.models("{\"name\":\"" + name + "\",\"series\":[\"waves\"]}"),
                                        "400 bad-name")),
                        Stream.of("detectors", "receivers")
                                .map(list -> refused(
                                        62, "../x in " + list, put("/api/v1/" + list + "/..%2Fx", "{}"), "400")))
                .flatMap(rows -> rows);
    }

    private static Stream<Row> attacks() {
        return Stream.concat(
                IntStream.range(0, ATTACKS.size())
                        .mapToObj(i -> new Row(64, ATTACKS.get(i), target -> {
                            String text = ATTACKS.get(i);
                            String name = "attacked_" + i;
                            String json = Target.JSON.writeValueAsString(text);
                            target.take("PUT", "/api/v1/series/" + name, "{\"labels\":{\"a\":" + json + "}}");
                            assertThat(target.read("/api/v1/series/" + name)
                                            .at("/labels/a")
                                            .asString())
                                    .isEqualTo(text);
                            String encoded = URLEncoder.encode(text, UTF_8);
                            assertThat(target.send(get("/api/v1/series/" + encoded))
                                            .status())
                                    .isBetween(400, 404);
                            assertThat(target.send(get("/api/v1/series?match=" + encoded))
                                            .status())
                                    .isEqualTo(400);
                        })),
                Stream.of("${jndi:ldap://127.0.0.1/x}", "\u001b[31mred", "a%0d%0aINJECTED", "\u0085INJECTED")
                        .map(text -> new Row(66, "in headers and paths " + printable(text), target -> {
                            // whether its lines in the log are whole is looked at after every row
                            RawAnswer answer = target.send(request(
                                    "GET",
                                    "/api/v1/series/"
                                            + text.replace("\u001b", "%1b").replace("\u0085", "%85"),
                                    "User-Agent: " + text + "\r\nX-Request-Id: " + text + "\r\nIdempotency-Key: "
                                            + text,
                                    new byte[0]));
                            assertThat(answer.status()).isEqualTo(400);
                            assertThat(answer.text()).doesNotContain("\u001b").doesNotContain("\r\nINJECTED");
                        })));
    }

    private static Stream<Row> parameters() {
        Stream<String> ofLists = Stream.of(
                "limit=1e9", "limit=-1", "limit=0", "limit=1001", "sort=password", "limit=1&limit=2", "cursor=x");
        return Stream.concat(
                ofLists.flatMap(query -> Stream.of("series", "models", "jobs", "detectors", "silences")
                        .map(list -> refused(65, list + " by " + query, get("/api/v1/" + list + "?" + query), "400"))),
                Stream.of(
                        refused(62, "half a percent code behind a semicolon", put("/api/v1/x;--%zz", "{}"), "400"),
                        refused(65, "a parameter without a name", get("/api/v1/series?=1"), "400 bad-request"),
                        refused(65, "a parameter of NUL", get("/api/v1/series?%00=1"), "400"),
                        refused(65, "half a percent code", get("/api/v1/series?limit=%zz"), "400 bad-request"),
                        refused(65, "a hundred thousand points", get(SAMPLES + "?maxPoints=100001"), "400"),
                        refused(65, "a minimum that is none", get("/api/v1/anomalies?minScore=NaN"), "400"),
                        refused(65, "a selector that is none", get("/api/v1/series?match=%7B%7B%7B"), "400")));
    }

    private static Stream<Row> urls() {
        return Stream.of(
                        "http://169.254.169.254/",
                        "http://localhost/",
                        "http://[::ffff:127.0.0.1]/",
                        "http://0x7f.1/",
                        "http://2130706433/",
                        "file:///etc/passwd",
                        "gopher://example.com/",
                        "https://user:pass@example.com/")
                .map(url -> refused(
                        67,
                        url,
                        put(
                                "/api/v1/receivers/bad",
                                "{\"kind\":\"webhook\",\"secret\":\"correct-horse-battery\",\"url\":\"" + url + "\"}"),
                        "400 forbidden-url"));
    }

    private static Stream<Row> methods() {
        return Stream.of(
                method("TRACE /api/v1/series"),
                method("FOO /api/v1/series"),
                method("DELETE /api/v1/models"),
                method("PATCH /api/v1/models/good"),
                refused(70, "HTML only", accepting("/api/v1/series", "text/html"), "406 not-acceptable"),
                refused(70, "HTML only of a model", accepting("/api/v1/models/good", "text/html"), "406"),
                refused(70, "events as a table", accepting("/api/v1/incidents/events", "text/csv"), "406"),
                refused(70, "a media type that is none", accepting("/api/v1/series", "//"), "406"));
    }

    private static Stream<Row> framing() {
        String many = IntStream.range(0, 10_000).mapToObj(i -> "X" + i + ": a").collect(Collectors.joining("\r\n"));
        String chunked = "10\r\ntimestamp,value\n\r\n0\r\n\r\n";
        return Stream.of(
                refused(71, "a header of 100 KB", headers("X: " + "a".repeat(100_000)), "400 bad-request"),
                refused(71, "10,000 headers", headers(many), "400 bad-request"),
                refused(71, "an address of 20 KB", line("GET /" + "a".repeat(20_000)), "400 bad-request"),
                refused(
                        72,
                        "two lengths",
                        framed("Content-Length: 5\r\nContent-Length: 6", "abcdef"),
                        "400 bad-request"),
                refused(72, "a negative length", framed("Content-Length: -1", ""), "400 bad-request"),
                refused(72, "an unknown transfer coding", framed("Transfer-Encoding: xchunked", chunked), "400"),
                refused(72, "two transfer codings", framed("Transfer-Encoding: gzip, chunked", chunked), "400"),
                refused(
                        72,
                        "a form in broken chunks",
                        request(
                                "POST",
                                SAMPLES,
                                "Content-Type: multipart/form-data; boundary=x\r\nTransfer-Encoding: chunked",
                                utf8("7\r\n--x\r\nContent-Disposition: form-data\r\n")),
                        "400 malformed-multipart"),
                refused(72, "a chunk without a length", framed("Transfer-Encoding: chunked", "zz\r\n"), "400"),
                new Row(
                        72,
                        "a version without status lines",
                        target -> assertThat(target.send(verbatim("GET /api/v1/series\r\n"))
                                        .text())
                                .contains("\"/problems/bad-request\"")
                                .doesNotContain("items")),
                new Row(72, "a length beside chunks, and a second request behind", target -> {
                    String smuggled = "PUT /api/v1/series/smuggled HTTP/1.1\r\nHost: localhost\r\n"
                            + "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";
                    String start = """
                            POST /api/v1/summaries HTTP/1.1\r
                            Host: localhost\r
                            Content-Type: text/csv\r
                            Content-Length: 5\r
                            Transfer-Encoding: chunked\r
                            \r
                            """;
                    RawAnswer answer = target.send(verbatim(start + chunked + smuggled));
                    assertThat(answer.text()).containsOnlyOnce("HTTP/1.1").contains("Connection: close");
                    assertThat(target.send(get("/api/v1/series/smuggled")).status())
                            .isEqualTo(404);
                }),
                refused(73, "three million chunks of a byte", threeMillionChunks(), "413 body-too-large"));
    }

    private static RawRequest threeMillionChunks() {
        String headers = "Content-Type: application/json\r\nTransfer-Encoding: chunked";
        return out -> {
            request("PUT", "/api/v1/series/bad", headers, new byte[0]).writeTo(out);
            byte[] thousand = utf8("1\r\n \r\n".repeat(1_000));
            for (int i = 0; i < 3_000; i++) {
                out.write(thousand);
            }
        };
    }

    private static Row method(String start) {
        return new Row(69, start, target -> {
            RawAnswer answer = target.send(line(start));
            JsonNode problem = assertProblem(answer, "405 method-not-allowed");
            assertThat(answer.text()).as(problem.toString()).contains("\r\nAllow: ");
        });
    }

    private static RawRequest accepting(String path, String type) {
        return request("GET", path, "Accept: " + type, new byte[0]);
    }

    private static RawRequest headers(String headers) {
        return request("GET", "/api/v1/series", headers, new byte[0]);
    }

    private static RawRequest framed(String headers, String body) {
        return request("POST", SAMPLES, "Content-Type: text/csv\r\n" + headers, utf8(body));
    }

    private static String printable(String text) {
        return text.replaceAll("[^ -~]", "?");
    }
}
