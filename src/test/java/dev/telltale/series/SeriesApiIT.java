package dev.telltale.series;

import static dev.telltale.http.RawRequest.gzip;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.telltale.http.Json;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
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

@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class SeriesApiIT {

    @TempDir
    private static Path data;

    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final Json JSON = new Json();

    @LocalServerPort
    private int port;

    @DynamicPropertySource
    static void dataDirectory(DynamicPropertyRegistry registry) {
        registry.add("telltale.data-dir", () -> data);
        registry.add("server.tomcat.connection-timeout", () -> "2s"); // for bodies that are announced and do not come
    }

    @Test
    void makesFindsDescribesAndDeletesASeries() {
        HttpResponse<String> made =
                send("PUT", "/api/v1/series/cpu", "application/json", "{\"labels\":{\"host\":\"a\"}}");
        HttpResponse<String> found = send(
                "PUT",
                "/api/v1/series/cpu",
                "application/json",
                "{\"labels\":{\"host\":\"a\"},\"unit\":\"percent\",\"interval\":\"PT5M\"}");
        String location = made.headers().firstValue("Location").orElseThrow();

        assertThat(made.statusCode()).isEqualTo(201);
        assertThat(found.statusCode()).isEqualTo(200);
        assertThat(found.headers().firstValue("Location")).contains(location);
        JsonNode series = json(send("GET", location));
        assertThat(series.get("id").asString()).isEqualTo(location.substring(location.lastIndexOf('/') + 1));
        assertThat(series.get("unit").asString()).isEqualTo("percent");
        assertThat(series.get("interval").asString()).isEqualTo("PT5M");
        assertThat(series.get("summary").get("count").asInt()).isZero();

        send("PUT", "/api/v1/series/cpu", "application/json", "{\"labels\":{\"host\":\"b\"}}");
        assertProblem(send("GET", "/api/v1/series/cpu"), 409, "series-ambiguous");

        assertThat(send("DELETE", location).statusCode()).isEqualTo(204);
        assertProblem(send("GET", location), 404, "series-not-found");
        assertProblem(send("DELETE", location), 404, "series-not-found");
    }

    @Test
    void storesAnUploadAndGivesItBack() {
        String path = "/api/v1/series/disk.writes/samples";
        String csv =
                "\uFEFFtimestamp,value\r\n2014-03-01 17:34:00,1.5\r\n2014-03-01 17:39:00,\r\n2014-03-01 17:44:00,3\r\n";

        assertThat(send("POST", path, "text/csv", csv).body())
                .isEqualTo("{\"accepted\":2,\"unchanged\":0,\"merged\":0,\"missing\":1,\"rejected\":[]}");
        assertThat(json(send("POST", path, "text/csv", csv)).get("unchanged").asInt())
                .isEqualTo(2);
        String other = "{\"samples\":[{\"timestamp\":\"2014-03-01T17:44:00Z\",\"value\":4}]}";
        assertProblem(send("POST", path, "application/json", other), 409, "conflicting-sample");
        assertThat(json(send("POST", path + "?replace=true", "application/json", other))
                        .get("accepted")
                        .asInt())
                .isEqualTo(1);

        assertThat(send("GET", path).body())
                .isEqualTo("{\"samples\":[{\"timestamp\":\"2014-03-01T17:34:00Z\",\"value\":1.5},"
                        + "{\"timestamp\":\"2014-03-01T17:44:00Z\",\"value\":4.0}]}");
        assertThat(get(path + "?start=2014-03-01T17:40:00Z", "text/csv").body())
                .isEqualTo("timestamp,value\n2014-03-01T17:44:00Z,4.0\n");
        assertThat(json(send("GET", path + "?end=1393695240000&limit=1"))
                        .get("samples")
                        .size())
                .isEqualTo(1);
        JsonNode series = json(send("GET", "/api/v1/series/disk.writes"));
        assertThat(series.get("summary").get("mean").asDouble()).isEqualTo(2.75);
        assertThat(series.get("summary").get("interval").asString()).isEqualTo("PT10M");
        assertThat(series.get("head").get(0).get("timestamp").asString()).isEqualTo("2014-03-01T17:34:00Z");
    }

    @Test
    void answersASeriesAgainOnlyWhenItHasChanged() {
        String samples = "/api/v1/series/tagged/samples";
        send("POST", samples, "text/csv", "timestamp,value\n2014-03-01 17:34:00,1\n");
        String tag = tag(send("GET", "/api/v1/series/tagged"));

        HttpResponse<String> same = sendIf("GET", "/api/v1/series/tagged", "If-None-Match", tag);
        assertThat(same.statusCode()).isEqualTo(304);
        assertThat(same.body()).isEmpty();
        assertThat(tag(same)).isEqualTo(tag);
        send("POST", samples, "text/csv", "timestamp,value\n2014-03-01 17:35:00,1\n");
        HttpResponse<String> other = sendIf("GET", "/api/v1/series/tagged", "If-None-Match", tag);
        assertThat(other.statusCode()).isEqualTo(200);
        assertThat(tag(other)).isNotEqualTo(tag);
        assertProblem(sendIf("GET", "/api/v1/series/tagged", "If-Match", tag), 412, "precondition-failed");
    }

    @Test
    void changesASeriesOnlyInTheStateThatIsAskedFor() {
        String path = "/api/v1/series/guarded";
        assertProblem(sendIf("PUT", path, "{}", "If-Match", "*"), 412, "precondition-failed");
        assertThat(sendIf("PUT", path, "{}", "If-None-Match", "*").statusCode()).isEqualTo(201);
        assertProblem(sendIf("PUT", path, "{}", "If-None-Match", "*"), 412, "precondition-failed");
        String tag = tag(send("GET", path));

        send("POST", path + "/samples", "text/csv", "timestamp,value\n2014-03-01 17:34:00,1\n");
        String unit = "{\"unit\":\"bytes\"}";
        assertThat(sendIf("PUT", path, unit, "If-Match", tag).statusCode())
                .as("samples came, the unit is still the one that was seen")
                .isEqualTo(200);
        assertProblem(sendIf("PUT", path, "{\"unit\":\"bits\"}", "If-Match", tag), 412, "precondition-failed");
        assertThat(json(send("GET", path)).get("unit").asString()).isEqualTo("bytes");

        assertProblem(sendIf("DELETE", path, "If-Match", tag), 412, "precondition-failed");
        assertThat(sendIf("DELETE", path, "If-Match", tag(send("GET", path))).statusCode())
                .isEqualTo(204);
    }

    @Test
    void changesAnnotationsOnlyInTheStateThatIsAskedFor() {
        send("PUT", "/api/v1/series/contested", "application/json", "{}");
        String path = "/api/v1/series/contested/annotations";
        String one = "{\"start\":1393695240000,\"end\":1393695240000,\"verdict\":\"normal\"}";
        String tag = tag(send("GET", path));

        HttpResponse<String> added = sendIf("POST", path, one, "If-Match", tag);
        assertThat(added.statusCode()).isEqualTo(201);
        String annotation = added.headers().firstValue("Location").orElseThrow();
        assertProblem(sendIf("POST", path, one, "If-Match", tag), 412, "precondition-failed");
        assertProblem(sendIf("PUT", path, "{\"annotations\":[]}", "If-Match", tag), 412, "precondition-failed");
        assertProblem(sendIf("DELETE", annotation, "If-Match", tag), 412, "precondition-failed");
        assertThat(sendIf("GET", path, "If-None-Match", tag).statusCode()).isEqualTo(200);

        String now = tag(send("GET", path));
        assertThat(sendIf("GET", path + "?set=default", "If-None-Match", now).statusCode())
                .isEqualTo(304);
        assertThat(sendIf("DELETE", annotation, "If-Match", now).statusCode()).isEqualTo(204);
    }

    @Test
    void thinsALongRangeOutAndKeepsItsExtremes() {
        String path = "/api/v1/series/thinned/samples";
        StringBuilder csv = new StringBuilder("timestamp,value\n");
        for (int i = 0; i < 20_000; i++) {
            csv.append(1_393_695_240_000L + 1_000L * i)
                    .append(',')
                    .append(i == 7_777 ? -9.0 : Math.sin(i / 100.0))
                    .append('\n');
        }
        send("POST", path, "text/csv", csv.toString());

        List<String> thin =
                get(path + "?maxPoints=101", "text/csv").body().lines().toList();
        assertThat(thin).hasSizeBetween(90, 101).contains("2014-03-01T19:43:37Z,-9.0");
        assertThat(thin.subList(1, thin.size())).isSorted();
        assertThat(json(send("GET", path + "?maxPoints=100000&limit=300"))
                        .get("samples")
                        .size())
                .isEqualTo(300);
        assertThat(json(send("GET", path + "?maxPoints=2&limit=300"))
                        .get("samples")
                        .size())
                .isEqualTo(2);
        assertThat(get(path + "?maxPoints=2&start=2030-01-01T00:00:00Z", "text/csv")
                        .body())
                .isEqualTo("timestamp,value\n");
    }

    @Test
    void givesSamplesAsLinesOfJson() {
        String path = "/api/v1/series/lines/samples";
        send("POST", path, "text/csv", "timestamp,value\n2014-03-01 17:34:00,1.5\n2014-03-01 17:44:00,-1e300\n");
        HttpResponse<String> lines = get(path, "application/x-ndjson");

        assertThat(lines.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("application/x-ndjson"));
        assertThat(lines.body()).isEqualTo("""
                        {"timestamp":"2014-03-01T17:34:00Z","value":1.5}
                        {"timestamp":"2014-03-01T17:44:00Z","value":-1.0E300}
                        """);
        assertProblem(get(path, "image/png"), 406, "not-acceptable");
        assertThat(send("HEAD", path).body()).isEmpty();
    }

    /// A chunk cannot be read: an answer that has not begun is a problem, of one that has the connection breaks.
    @Test
    void breaksARangeOffThatFailsAfterItsBeginning() throws SQLException {
        String path = "/api/v1/series/damaged/samples";
        StringBuilder csv = new StringBuilder("timestamp,value\n");
        for (int i = 0; i < 30_000; i++) {
            csv.append(1_393_695_240_000L + 1_000L * i).append(",1\n");
        }
        send("POST", path, "text/csv", csv.toString());
        try (Connection database = DriverManager.getConnection("jdbc:sqlite:" + data.resolve("telltale.db"));
                Statement statement = database.createStatement()) {
            statement.executeUpdate("UPDATE chunk SET samples = x'00' WHERE start = (SELECT max(start) FROM chunk"
                    + " WHERE series = (SELECT id FROM series WHERE name = 'damaged'))");
        }

        assertProblem(send("GET", path + "?start=2014-03-02T01:50:00Z"), 503, "damaged-samples");
        assertThat(send("GET", path + "?limit=20000").statusCode()).isEqualTo(200);
        assertThatThrownBy(() -> get(path, "text/csv")).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> get(path, "application/json")).isInstanceOf(AssertionError.class);
    }

    @Test
    void storesNothingOfABadUpload() {
        String path = "/api/v1/series/never/samples";
        HttpResponse<String> refused =
                send("POST", path, "text/csv", "timestamp,value\n2014-03-01 17:34:00,1\n2014-03-01 17:35:00,abc\n");

        assertProblem(refused, 400, "bad-value");
        assertThat(json(refused).get("errors").get(0).get("line").asInt()).isEqualTo(3);
        assertThat(json(refused).get("errors").get(0).get("column").asInt()).isEqualTo(2);
        assertProblem(send("GET", path), 404, "series-not-found");
    }

    @Test
    void describesAFileWithoutStoringIt() {
        String csv = "timestamp,v\n2014-03-01 17:34:00,1\n2014-03-01 17:34:00,3\n";
        JsonNode answer = json(send("POST", "/api/v1/summaries", "text/csv", csv));

        assertThat(answer.get("summary").get("count").asInt()).isEqualTo(2);
        assertThat(answer.get("summary").get("duplicates").asInt()).isEqualTo(1);
        assertThat(answer.get("summary").get("p50").asDouble()).isEqualTo(2);
        assertThat(answer.get("head").size()).isEqualTo(2);
    }

    @Test
    void listsInPages() {
        for (String host : new String[] {"a", "b", "c"}) {
            send("PUT", "/api/v1/series/paged", "application/json", "{\"labels\":{\"host\":\"" + host + "\"}}");
        }
        String list = "/api/v1/series?match=paged%7Bhost%3D~%22.%22%7D&limit=2";
        JsonNode first = json(send("GET", list));
        JsonNode last = json(send("GET", list + "&cursor=" + first.get("next").asString()));

        assertThat(first.get("items").size()).isEqualTo(2);
        assertThat(last.get("items").get(0).get("labels").get("host").asString())
                .isEqualTo("c");
        assertThat(last.get("next").isNull()).isTrue();
        assertProblem(send("GET", "/api/v1/series?cursor=bW9kZWxzOjE"), 400, "bad-cursor");
        assertProblem(send("GET", "/api/v1/series?limit=1001"), 400, "invalid-parameter");
        assertProblem(send("GET", "/api/v1/series?match=%7B"), 400, "bad-selector");
    }

    @Test
    void replacesOneSetOfAnnotations() {
        send("PUT", "/api/v1/series/annotated", "application/json", "{}");
        String path = "/api/v1/series/annotated/annotations";
        String one =
                "{\"annotations\":[{\"start\":\"2014-03-01T00:00:00Z\",\"end\":1393695240000,\"verdict\":\"anomalous\",\"note\":\"x\"}]}";

        assertThat(send("PUT", path, "application/json", one).statusCode()).isEqualTo(200);
        assertThat(send("PUT", path + "?set=nab", "application/json", one).statusCode())
                .isEqualTo(200);
        assertThat(json(send("GET", path)).get("items").size()).isEqualTo(2);
        JsonNode item = json(send("GET", path + "?set=nab")).get("items").get(0);
        assertThat(item.get("verdict").asString()).isEqualTo("anomalous");
        assertThat(item.get("source").asString()).isEqualTo("user");
        assertThat(item.get("end").asString()).isEqualTo("2014-03-01T17:34:00Z");
        send("PUT", path, "application/json", "{\"annotations\":[]}");
        assertThat(json(send("GET", path)).get("items").size()).isEqualTo(1);

        HttpResponse<String> backwards = send(
                "PUT",
                path,
                "application/json",
                "{\"annotations\":[{\"start\":2000000000000,\"end\":1393695240000,\"verdict\":\"normal\"}]}");
        assertProblem(backwards, 400, "bad-annotation");
        assertThat(json(backwards).get("errors").get(0).get("pointer").asString())
                .isEqualTo("/annotations/0");
    }

    @Test
    void addsShowsListsAndRemovesAnnotations() {
        send("PUT", "/api/v1/series/judged", "application/json", "{}");
        String path = "/api/v1/series/judged/annotations";
        HttpResponse<String> added = annotate(path, 1, 2, "anomalous", "");
        String location = added.headers().firstValue("Location").orElseThrow();
        annotate(path, 5, 8, "normal", ",\"set\":\"nab\",\"source\":\"dataset\"");
        annotate(path + "?set=nab", 3, 4, "anomalous", "");

        assertThat(added.statusCode()).isEqualTo(201);
        assertThat(json(send("GET", location))).isEqualTo(json(added));
        assertThat(starts(path)).containsExactly(1, 3, 5);
        assertThat(starts(path + "?set=nab")).containsExactly(3, 5);
        assertThat(starts(path + "?verdict=normal")).containsExactly(5);
        assertThat(starts(path + "?start=1393632002000&end=1393632004000")).containsExactly(1, 3);

        assertThat(send("DELETE", location).statusCode()).isEqualTo(204);
        assertProblem(send("DELETE", location), 404, "annotation-not-found");
        assertProblem(send("GET", location), 404, "annotation-not-found");
        assertProblem(send("GET", path + "/first"), 404, "annotation-not-found");
        assertThat(starts(path)).containsExactly(3, 5);
    }

    @Test
    void listsAnnotationsInPages() {
        send("PUT", "/api/v1/series/judged.often", "application/json", "{}");
        send("PUT", "/api/v1/series/judged.never", "application/json", "{}");
        String path = "/api/v1/series/judged.often/annotations";
        for (int start : new int[] {7, 5, 5, 6}) {
            annotate(path, start, start, "anomalous", "");
        }
        JsonNode first = json(send("GET", path + "?limit=2"));
        String next = first.get("next").asString();
        JsonNode last = json(send("GET", path + "?limit=2&cursor=" + next));

        assertThat(first.at("/items/1/start").asString()).isEqualTo("2014-03-01T00:00:05Z");
        assertThat(last.at("/items/0/start").asString()).isEqualTo("2014-03-01T00:00:06Z");
        assertThat(last.get("items").size()).isEqualTo(2);
        assertThat(last.get("next").isNull()).isTrue();
        assertProblem(send("GET", "/api/v1/series/judged.never/annotations?cursor=" + next), 400, "bad-cursor");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            {"start":2,"end":1,"verdict":"normal"}                      | bad-annotation
            {"start":1,"end":2}                                         | missing-property
            {"start":1,"end":2,"verdict":"odd"}                         | invalid-value
            {"start":1,"end":2,"verdict":"normal","id":"1"}             | unknown-property
            {"start":1,"end":2,"verdict":"normal","set":" "}            | bad-annotation
            {"start":1,"end":2,"verdict":"normal","set":"a\\u001b"}     | bad-annotation
            {"start":1,"end":2,"verdict":"normal","source":"rumour"}    | invalid-value
            {"start":1,"end":2,"verdict":"normal","note":"a\\u0000"}    | invalid-text
            {"start":null,"end":2,"verdict":"normal"}                   | wrong-type
            """)
    void refusesAnAnnotationLike(String body, String problem) {
        send("PUT", "/api/v1/series/judged.badly", "application/json", "{}");
        String path = "/api/v1/series/judged.badly/annotations";

        assertProblem(send("POST", path, "application/json", body), 400, problem);
        assertThat(json(send("GET", path)).get("items").size()).isZero();
    }

    @Test
    void refusesAnAnnotationOfAnotherSetAndALongNote() {
        send("PUT", "/api/v1/series/judged.badly", "application/json", "{}");
        String path = "/api/v1/series/judged.badly/annotations";

        assertProblem(annotate(path + "?set=a", 1, 2, "normal", ",\"set\":\"b\""), 400, "bad-annotation");
        assertProblem(annotate(path, 1, 2, "normal", ",\"note\":\"" + "x".repeat(1_001) + "\""), 400, "bad-annotation");
        assertProblem(annotate("/api/v1/series/judged.where/annotations", 1, 2, "normal", ""), 404, "series-not-found");
    }

    /// Adds an annotation whose ends are seconds of the first of March.
    private HttpResponse<String> annotate(String path, int start, int end, String verdict, String more) {
        String body = "{\"start\":\"2014-03-01T00:00:0%dZ\",\"end\":\"2014-03-01T00:00:0%dZ\",\"verdict\":\"%s\"%s}"
                .formatted(start, end, verdict, more);
        return send("POST", path, "application/json", body);
    }

    /// The seconds at which the listed annotations start.
    private List<Integer> starts(String path) {
        return json(send("GET", path))
                .get("items")
                .valueStream()
                .map(item -> item.get("start").asString())
                .map(start -> Instant.parse(start).atOffset(ZoneOffset.UTC).getSecond())
                .toList();
    }

    @Test
    void listsAsCsvThatNoSpreadsheetTakesForFormulas() {
        send("PUT", "/api/v1/series/listed", "application/json", "{\"labels\":{\"host\":\"=a\"},\"unit\":\"-1\"}");
        String id = json(send("GET", "/api/v1/series/listed")).get("id").asString();
        String path = "/api/v1/series/listed/annotations";
        annotate(path, 1, 2, "normal", ",\"note\":\"=HYPERLINK(\\\"x\\\")\"");
        annotate(path, 3, 4, "normal", "");

        assertThat(get("/api/v1/series?match=listed", "text/csv").body())
                .isEqualTo("id,name,labels,unit,interval\n" + id + ",listed,\"{host=\"\"=a\"\"}\",'-1,\n");
        assertThat(get(path + "?limit=1", "text/csv").body().replaceFirst("\n[0-9]+", "\nN"))
                .isEqualTo("""
                        id,start,end,verdict,set,source,note
                        N,2014-03-01T00:00:01Z,2014-03-01T00:00:02Z,normal,default,user,"'=HYPERLINK(""x"")"
                        """);
        assertThat(get(path, "text/csv").body().lines()).hasSize(3);
        assertProblem(get(path + "?limit=0", "text/csv"), 400, "invalid-parameter");
        assertThat(get("/api/v1/series", "*/*").body()).startsWith("{");
        assertThat(get(path, "text/csv;q=0.5, application/json").body()).startsWith("{");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            GET    | /api/v1/series/nobody                | application/json | {}  | 404 | series-not-found
            GET    | /api/v1/nowhere                      | application/json | {}  | 404 | not-found
            DELETE | /api/v1/summaries                    | application/json | {}  | 405 | method-not-allowed
            POST   | /api/v1/summaries                    | application/xml  | <a/> | 415 | unsupported-media-type
            POST   | /api/v1/summaries                    | text/csv;charset=utf-16 | a | 415 | unsupported-encoding
            POST   | /api/v1/summaries?zone=Mars/Olympus  | text/csv         | a   | 400 | invalid-parameter
            POST   | /api/v1/series/1x/samples            | text/csv         | timestamp,value | 400 | empty-upload
            POST   | /api/v1/series/a/samples?partial=maybe | text/csv       | a   | 400 | bad-request
            POST   | /api/v1/series/a/samples?prefix=a_   | text/csv         | a   | 400 | unknown-parameter
            POST   | /api/v1/series/a/samples?duplicates=most | text/csv     | a   | 400 | invalid-parameter
            GET    | /api/v1/series/a/samples?beside=score  | application/json | {} | 400 | unknown-parameter
            GET    | /api/v1/series?limit=ten             | application/json | {}  | 400 | invalid-parameter
            GET    | /api/v1/series?limit=1&limit=2       | application/json | {}  | 400 | invalid-parameter
            PUT    | /api/v1/series/a                     | application/json | {"lables":{}} | 400 | unknown-property
            PUT    | /api/v1/series/a%20b                 | application/json | {}  | 400 | bad-series-name
            PUT    | /api/v1/series/17                    | application/json | {}  | 400 | bad-series-name
            PUT    | /api/v1/series/a                     | application/json | {"labels":{"1":"x"}} | 400 | bad-labels
            GET    | /api/v1/series/..%2fetc              | application/json | {}  | 400 | bad-request
            GET    | /api/v1/series/%00                   | application/json | {}  | 400 | bad-request
            GET    | /api/v1/series/a/../../../etc        | application/json | {}  | 400 | bad-address
            """)
    void answersBadRequestsWithAProblem(
            String method, String path, String type, String body, int status, String problem) {
        assertProblem(send(method, path, type, body), status, problem);
    }

    @Test
    void answersAProblemAlsoToWhoAcceptsNone() {
        assertProblem(get("/api/v1/series", "text/html"), 406, "not-acceptable");
    }

    @Test
    void saysWhichMethodsAreServed() {
        assertThat(send("DELETE", "/api/v1/summaries").headers().firstValue("Allow"))
                .contains("POST");
    }

    @Test
    void refusesAnEmptyBodyOfJson() {
        assertProblem(send("PUT", "/api/v1/series/a", "application/json", ""), 400, "bad-request");
    }

    @Test
    void inflatesGzip() throws IOException {
        byte[] csv = "timestamp,value\n2014-03-01 17:34:00,1\n".getBytes(StandardCharsets.UTF_8);
        String path = "/api/v1/series/zipped/samples";

        assertThat(json(upload(path, gzip(csv), "gzip")).get("accepted").asInt())
                .isEqualTo(1);
        assertProblem(
                upload(path, Arrays.copyOf(gzip(csv), gzip(csv).length - 9), "gzip"), 400, "malformed-compression");
        assertProblem(upload(path, csv, "gzip"), 400, "malformed-compression");
        assertProblem(upload(path, gzip(new byte[64 << 20]), "gzip"), 400, "bad-csv");
        byte[] bomb =
                ("timestamp,value\n" + "2014-03-01 17:34:00,1\n".repeat(1 << 21)).getBytes(StandardCharsets.UTF_8);
        assertProblem(upload(path, gzip(bomb), "gzip"), 413, "body-too-large");
        HttpResponse<String> unknown = upload(path, csv, "br");
        assertProblem(unknown, 415, "unsupported-encoding");
        assertThat(unknown.headers().firstValue("Accept-Encoding")).contains("gzip");
    }

    @Test
    void refusesABodyByItsAnnouncedLength() throws IOException {
        String answer = raw("""
                PUT /api/v1/series/a HTTP/1.1\r
                Host: localhost\r
                Content-Type: application/json\r
                Content-Length: 33554433\r
                \r
                """);

        assertThat(answer).startsWith("HTTP/1.1 413").contains("Connection: close", "/problems/body-too-large");
    }

    @Test
    void answersWhatNeverReachesSpringWithAProblem() throws IOException {
        assertThat(raw("GET /a|b HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 400")
                .contains("application/problem+json", "nosniff")
                .doesNotContain("Tomcat", "Exception");
        assertThat(raw("TRACE /api/v1/series HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 405")
                .contains("application/problem+json");
    }

    @Test
    void describesItselfInOpenApi31() {
        JsonNode document = json(send("GET", "/v3/api-docs"));
        JsonNode upload = document.at("/paths/~1api~1v1~1series~1{id}~1samples/post");

        assertThat(document.get("openapi").asString()).startsWith("3.1");
        assertThat(upload.get("responses").propertyNames())
                .containsExactlyInAnyOrder(
                        "200", "201", "202", "400", "401", "403", "404", "409", "413", "415", "422", "429", "503",
                        "507");
        assertThat(upload.at("/responses/413/$ref").asString()).isEqualTo("#/components/responses/Problem413");
        assertThat(document.at("/components/responses/Problem413/content/application~1problem+json/schema/$ref")
                        .asString())
                .isEqualTo("#/components/schemas/Problem");
        assertThat(document.at("/components/schemas/Problem/properties").propertyNames())
                .containsExactly("type", "title", "status", "detail", "instance", "errors");
        assertThat(upload.at("/requestBody/content").propertyNames())
                .containsExactlyInAnyOrder(
                        "text/csv", "application/json", "application/x-ndjson", "multipart/form-data");
        assertThat(upload.at("/requestBody/content/text~1csv/example").asString())
                .startsWith("timestamp,value");
    }

    @Test
    void listsForEachOperationOnlyTheProblemsThatItMayMeet() {
        JsonNode paths = json(send("GET", "/v3/api-docs")).get("paths");

        assertThat(paths.at("/~1api~1v1~1series/get/responses").propertyNames())
                .containsExactlyInAnyOrder("200", "400", "401", "403", "429", "503");
        assertThat(paths.at("/~1api~1v1~1series~1{name}/put/responses").propertyNames())
                .containsExactlyInAnyOrder(
                        "200", "201", "400", "401", "403", "409", "412", "413", "415", "422", "429", "503", "507");
        assertThat(paths.at("/~1api~1v1~1series~1{id}/delete/responses").propertyNames())
                .containsExactlyInAnyOrder("204", "400", "401", "403", "404", "409", "412", "429", "503", "507");
        assertThat(paths.at("/~1api~1v1~1summaries/post/responses").propertyNames())
                .containsExactlyInAnyOrder("200", "400", "401", "403", "413", "415", "422", "429", "503");
    }

    private HttpResponse<String> send(String method, String path) {
        return exchange(HttpRequest.newBuilder(uri(path)).method(method, HttpRequest.BodyPublishers.noBody()));
    }

    private HttpResponse<String> send(String method, String path, String type, String body) {
        return exchange(HttpRequest.newBuilder(uri(path))
                .header("Content-Type", type)
                .method(method, HttpRequest.BodyPublishers.ofString(body)));
    }

    private HttpResponse<String> sendIf(String method, String path, String condition, String tag) {
        return exchange(HttpRequest.newBuilder(uri(path))
                .header(condition, tag)
                .method(method, HttpRequest.BodyPublishers.noBody()));
    }

    private HttpResponse<String> sendIf(String method, String path, String json, String condition, String tag) {
        return exchange(HttpRequest.newBuilder(uri(path))
                .header("Content-Type", "application/json")
                .header(condition, tag)
                .method(method, HttpRequest.BodyPublishers.ofString(json)));
    }

    private static String tag(HttpResponse<String> answer) {
        return answer.headers().firstValue("ETag").orElseThrow();
    }

    private HttpResponse<String> get(String path, String accept) {
        return exchange(HttpRequest.newBuilder(uri(path)).header("Accept", accept));
    }

    private HttpResponse<String> upload(String path, byte[] body, String encoding) {
        return exchange(HttpRequest.newBuilder(uri(path))
                .header("Content-Type", "text/csv")
                .header("Content-Encoding", encoding)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body)));
    }

    private HttpResponse<String> exchange(HttpRequest.Builder request) {
        try {
            HttpResponse<String> response = CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
            assertThat(response.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
            assertThat(response.headers().firstValue("Cache-Control")).contains("no-store");
            assertThat(response.headers().firstValue("Server")).isEmpty();
            return response;
        } catch (IOException | InterruptedException failure) {
            throw new AssertionError(failure);
        }
    }

    private String raw(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            try (InputStream in = socket.getInputStream()) {
                StringBuilder answer = new StringBuilder();
                byte[] buffer = new byte[4_096];
                for (int count = 0; count >= 0 && answer.indexOf("\"instance\"") < 0; count = in.read(buffer)) {
                    answer.append(new String(buffer, 0, count, StandardCharsets.UTF_8));
                }
                return answer.toString();
            }
        }
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    private static void assertProblem(HttpResponse<String> response, int status, String type) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
        JsonNode problem = json(response);
        assertThat(problem.get("type").asString()).isEqualTo("/problems/" + type);
        assertThat(problem.get("status").asInt()).isEqualTo(status);
        assertThat(problem.get("title").asString()).isNotEmpty();
        assertThat(problem.get("instance").asString()).startsWith("/");
        assertThat(response.body()).doesNotContain("Exception", "dev.telltale", "org.spring", "\tat ");
    }

    private static JsonNode json(HttpResponse<String> response) {
        return JSON.mapper().readTree(response.body());
    }
}
