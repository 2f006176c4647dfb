package dev.telltale.series;

import static dev.telltale.http.RawRequest.chunks;
import static dev.telltale.http.RawRequest.get;
import static dev.telltale.http.RawRequest.line;
import static dev.telltale.http.RawRequest.post;
import static dev.telltale.http.RawRequest.put;
import static dev.telltale.http.RawRequest.request;
import static dev.telltale.http.RawRequest.utf8;
import static dev.telltale.http.RawRequest.verbatim;
import static dev.telltale.series.BadInput.bad;
import static dev.telltale.series.BadUploads.SAMPLES;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Requests whose address, description, framing or length cannot be served.
final class BadSeriesRequests {

    private BadSeriesRequests() {}

    static Stream<BadInput> descriptions() {
        return Stream.of(
                bad(
                        "NUL in a label",
                        put("/api/v1/series/bad", "{\"labels\":{\"a\":\"\\u0000\"}}"),
                        "400 invalid-text"),
                bad(
                        "NUL in a label's name",
                        put("/api/v1/series/bad", "{\"labels\":{\"a\\u0000\":\"\"}}"),
                        "400 invalid-text"),
                bad(
                        "half a character",
                        put("/api/v1/series/bad", "{\"labels\":{\"a\":\"\\ud800\"}}"),
                        "400 invalid-text"),
                bad(
                        "an escape sequence in a label",
                        put("/api/v1/series/bad", "{\"labels\":{\"a\":\"\\u001b[31m\"}}"),
                        "400 bad-labels"),
                bad("null as a label", put("/api/v1/series/bad", "{\"labels\":{\"a\":null}}"), "400 wrong-type"),
                bad("41 labels", put("/api/v1/series/bad", labels(41)), "400 bad-labels"),
                bad(
                        "a label of 5 KB",
                        put("/api/v1/series/bad", "{\"labels\":{\"a\":\"" + "x".repeat(5_000) + "\"}}"),
                        "400 bad-labels"),
                bad("a number as a unit", put("/api/v1/series/bad", "{\"unit\":1}"), "400 wrong-type"),
                bad(
                        "a duration that is none",
                        put("/api/v1/series/bad", "{\"interval\":\"5 minutes\"}"),
                        "400 bad-duration"),
                bad(
                        "a negative interval",
                        put("/api/v1/series/bad", "{\"interval\":\"-PT5M\"}"),
                        "400 bad-description"),
                bad("an id of its own", put("/api/v1/series/bad", "{\"id\":\"1\"}"), "400 unknown-property"),
                bad("no body", put("/api/v1/series/bad", ""), "400 bad-request"),
                bad("nested 600 levels", put("/api/v1/series/bad", "{\"labels\":".repeat(600)), "400"),
                bad(
                        "a form's fields",
                        post("/api/v1/series/bad/samples", "application/x-www-form-urlencoded", utf8("a=b")),
                        "415 unsupported-media-type"),
                bad(
                        "a media type that is none",
                        post("/api/v1/series/bad/samples", "csv", new byte[0]),
                        "415 unsupported-media-type"));
    }

    static Stream<BadInput> addresses() {
        Stream<BadInput> names = Stream.of(
                        "..%2fbad",
                        "%2e%2e%2fbad",
                        "bad%00",
                        "C:%5Cbad",
                        "%2Fetc%2Fpasswd",
                        "bad%0d%0a",
                        "b%C3%A4d",
                        "bad%E2%80%8B",
                        "bad%E2%80%AE",
                        "17",
                        "1bad",
                        "-bad",
                        "bad%zz",
                        "%ff",
                        "b".repeat(201),
                        "%24%7Bjndi:ldap:%2F%2Fx%7D",
                        "bad'%20OR%201=1")
                .map(name -> bad("the name " + name, put("/api/v1/series/" + name, "{}"), "400"));
        Stream<BadInput> parameters = Stream.of(
                        "limit=1e9",
                        "limit=-1",
                        "limit=0",
                        "limit=1001",
                        "limit=99999999999",
                        "sort=password",
                        "cursor=bW9kZWxzOjE",
                        "cursor=%00",
                        "cursor=c2VyaWVzOng",
                        "limit=1&limit=2",
                        "match=%7Ba%3D~%22(%22%7D",
                        "match=';DROP%20TABLE%20series",
                        "match=" + "%7B".repeat(3))
                .map(query -> bad("the query " + query, get("/api/v1/series?" + query), "400"));
        return Stream.concat(
                Stream.concat(names, parameters),
                Stream.of(
                        bad("a limit of nothing", get("/api/v1/series/bad/samples?limit=0"), "400 invalid-parameter"),
                        bad("one point", get("/api/v1/series/bad/samples?maxPoints=1"), "400 invalid-parameter"),
                        bad("too many points", get("/api/v1/series/bad/samples?maxPoints=100001"), "400"),
                        bad("a number of points that is none", get("/api/v1/series/bad/samples?maxPoints=1e9"), "400"),
                        bad("a start that is none", get("/api/v1/series/bad/samples?start=now"), "400 bad-time"),
                        bad(
                                "a zone that is none",
                                post(SAMPLES + "?zone=Mars", "text/csv", new byte[0]),
                                "400 invalid-parameter"),
                        bad("a replacement of maybe", post(SAMPLES + "?replace=maybe", "text/csv", new byte[0]), "400"),
                        bad("an unknown method", line("FOO /api/v1/series"), "405 method-not-allowed"),
                        bad("TRACE", line("TRACE /api/v1/series"), "405 method-not-allowed"),
                        bad("an address of 20 KB", line("GET /" + "a".repeat(20_000)), "400"),
                        bad(
                                "a header of 100 KB",
                                request("GET", "/api/v1/series", "X: " + "a".repeat(100_000), new byte[0]),
                                "400"),
                        bad(
                                "10,000 headers",
                                request(
                                        "GET",
                                        "/api/v1/series",
                                        String.join(
                                                "\r\n",
                                                IntStream.range(0, 10_000)
                                                        .mapToObj(i -> "X" + i + ": a")
                                                        .toList()),
                                        new byte[0]),
                                "400")));
    }

    static Stream<BadInput> framing() {
        return Stream.of(
                framed("two lengths in one header", "Content-Length: 5, 6", "abcdef"),
                framed("a length that is no number", "Content-Length: 0x20", ""),
                bad("no host", verbatim("GET /api/v1/series HTTP/1.1\r\n\r\n"), "400 bad-request"),
                bad(
                        "a version that is none",
                        verbatim("GET /api/v1/series HTTP/3.0\r\nHost: localhost\r\n\r\n"),
                        "400 bad-request"));
    }

    static Stream<BadInput> endless() {
        return Stream.of(
                bad(
                        "2 GiB of missing values",
                        chunks("POST", SAMPLES, "text/csv", utf8("timestamp,value\n" + "1393695240000,\n".repeat(500))),
                        "400"),
                bad(
                        "2 GiB of rows",
                        chunks("POST", SAMPLES, "text/csv", utf8("\n".repeat(8_192))),
                        "413 body-too-large"),
                bad(
                        "2 GiB of one text",
                        chunks("POST", "/api/v1/summaries", "application/json", utf8("\"" + "x".repeat(8_191))),
                        "400"),
                bad(
                        "2 GiB of a description",
                        chunks("PUT", "/api/v1/series/bad", "application/json", utf8(" ".repeat(8_192))),
                        "413 body-too-large"),
                bad(
                        "2 MB of a description of a series whose path ends as an upload's does",
                        request(
                                "PUT",
                                "/api/v1/series/samples",
                                "Content-Type: application/json\r\nContent-Length: 2000000",
                                utf8(" ".repeat(2_000_000))),
                        "413 body-too-large"));
    }

    private static BadInput framed(String description, String headers, String body) {
        return bad(
                description,
                request("POST", SAMPLES, "Content-Type: text/csv\r\n" + headers, utf8(body)),
                "400 bad-request");
    }

    private static String labels(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "\"l" + i + "\":\"x\"")
                .collect(Collectors.joining(",", "{\"labels\":{", "}}"));
    }
}
