package dev.telltale.series;

import static dev.telltale.http.RawRequest.gzip;
import static dev.telltale.http.RawRequest.post;
import static dev.telltale.http.RawRequest.request;
import static dev.telltale.http.RawRequest.utf8;
import static dev.telltale.series.BadInput.bad;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Bodies of uploads that cannot be stored.
final class BadUploads {

    static final String SAMPLES = "/api/v1/series/bad/samples";
    static final String UPLOADS = "/api/v1/uploads";

    private static final String NDJSON_PART =
            "Content-Disposition: form-data; name=\"file\"; filename=\"a.ndjson\"\r\n\r\n";

    private BadUploads() {}

    static Stream<BadInput> jsonSamples() {
        return Stream.of(
                sample("the literal NaN", "1393695240000", "NaN", "400 malformed-json"),
                sample("the literal Infinity", "1393695240000", "Infinity", "400 malformed-json"),
                sample("the text NaN", "1393695240000", "\"NaN\"", "400 bad-value"),
                sample("the text -INF", "1393695240000", "\"-INF\"", "400 bad-value"),
                sample("beyond a double", "1393695240000", "-1e999", "400 bad-value"),
                sample("400 digits", "1393695240000", "9".repeat(400), "400 number-too-long"),
                sample("a number as text", "1393695240000", "\" 1.5 \"", "400 bad-value"),
                sample("true for a number", "1393695240000", "true", "400 bad-value"),
                sample("a list for a number", "1393695240000", "[1]", "400 bad-value"),
                sample("a deep list", "1393695240000", "[".repeat(600) + "]".repeat(600), "400 nesting-too-deep"),
                sample("a fraction of a millisecond", "1.9", "1", "400 bad-time"),
                sample("1e20 as a time", "1e20", "1", "400 bad-time"),
                sample("twenty digits as a time", "99999999999999999999", "1", "400 bad-time"),
                sample("seconds as milliseconds", "1393695240", "1", "400 bad-time"),
                sample("microseconds", "1393695240000000", "1", "400 bad-time"),
                sample("before 1970", "-1", "1", "400 bad-time"),
                sample("before 2000", "\"1999-12-31T23:59:59Z\"", "1", "400 bad-time"),
                sample("the 30th of February", "\"2026-02-30T00:00:00Z\"", "1", "400 bad-time"),
                sample("the 13th month", "\"2026-13-01T00:00:00Z\"", "1", "400 bad-time"),
                sample("a leap second", "\"2016-12-31T23:59:60Z\"", "1", "400 bad-time"),
                sample("null as a time", "null", "1", "400 bad-time"),
                json("an unknown property", "{\"samples\":[],\"admin\":true}", "400 unknown-property"),
                json("a property twice", "{\"samples\":[],\"samples\":[]}", "400 duplicate-key"),
                json("no property", "{}", "400 missing-property"),
                json("an empty list", "{\"samples\":[]}", "400 empty-upload"),
                json("null", "null", "400 wrong-type"),
                json(
                        "two documents",
                        "{\"samples\":[{\"timestamp\":1393695240000,\"value\":1}]} {}",
                        "400 malformed-json"),
                json(
                        "an end too early",
                        "{\"samples\":[{\"timestamp\":1393695240000,\"value\":1}",
                        "400 malformed-json"),
                json("nothing", "", "400 empty-upload"),
                json(
                        "one time twice",
                        "{\"samples\":[{\"timestamp\":1393695240000,\"value\":1},{\"timestamp\":1393695240000,\"value\":2}]}",
                        "400 duplicate-time"),
                bad("UTF-16", post(SAMPLES, "application/json", utf16("{\"samples\":[]}")), "400 invalid-encoding"),
                bad(
                        "another charset",
                        post(SAMPLES, "application/json;charset=latin1", new byte[2]),
                        "415 unsupported-encoding"));
    }

    static Stream<BadInput> csvSamples() {
        String header = "timestamp,value\n";
        return Stream.of(
                csv("nothing", "", "400 empty-upload"),
                csv("a header only", header, "400 empty-upload"),
                csv("no column of times", "time,value\n1393695240000,1\n", "400 bad-csv"),
                csv("no columns of values", "timestamp\n1393695240000\n", "400 bad-csv"),
                csv("two columns of values", "timestamp,a,b\n1393695240000,1,2\n", "400 bad-csv"),
                csv("a column twice", "timestamp,value,value\n1393695240000,1,2\n", "400 bad-csv"),
                csv("a cell too few", header + "1393695240000\n", "400 bad-csv"),
                csv("a cell too many", header + "1393695240000,1,2\n", "400 bad-csv"),
                csv("semicolons", "timestamp;value\n1393695240000;1\n", "400 bad-csv"),
                csv("an open quote", header + "1393695240000,\"1\n", "400 bad-csv"),
                csv("words", header + "1393695240000,abc\n", "400 bad-value"),
                csv("NaN", header + "1393695240000,NaN\n", "400 bad-value"),
                csv("N/A", header + "1393695240000,N/A\n", "400 bad-value"),
                csv("a decimal comma", header + "1393695240000,\"1,5\"\n", "400 bad-value"),
                csv("a formula", header + "1393695240000,=1+1\n", "400 bad-value"),
                csv("a hexadecimal number", header + "1393695240000,0x1p3\n", "400 bad-value"),
                csv("beyond a double", header + "1393695240000,1e999\n", "400 bad-value"),
                csv("seconds", header + "1393695240,1\n", "400 bad-time"),
                csv("1e20 as a time", header + "1e20,1\n", "400 bad-time"),
                csv("one bad row of many", header + "1393695240000,1\n1393695300000,x\n", "400 bad-value"),
                csv("one time twice", header + "1393695240000,1\n1393695240000,1\n", "400 duplicate-time"),
                csv("NUL", header + "1393695240000,1\0\n", "400 bad-value"),
                bad(
                        "a local time that comes twice",
                        post(SAMPLES + "?zone=Europe/Berlin", "text/csv", utf8(header + "2026-10-25 02:30:00,1\n")),
                        "400 bad-time"),
                bad(
                        "a local time that is skipped",
                        post(SAMPLES + "?zone=Europe/Berlin", "text/csv", utf8(header + "2026-03-29 02:30:00,1\n")),
                        "400 bad-time"),
                bad("UTF-16", post(SAMPLES, "text/csv", utf16(header)), "400 invalid-encoding"),
                bad(
                        "Latin-1",
                        post(SAMPLES, "text/csv", "timestamp,gr\u00fc\u00dfe\n".getBytes(StandardCharsets.ISO_8859_1)),
                        "400 invalid-encoding"),
                csv("a million columns", "timestamp" + ",x".repeat(1_000_000) + "\n", "400 bad-csv"));
    }

    static Stream<BadInput> ndjsonSamples() {
        String good = "{\"timestamp\":1393695240000,\"value\":1}\n";
        return Stream.of(
                ndjson("nothing", "", "400 empty-upload"),
                ndjson("blank lines only", "\n \n\r\n", "400 empty-upload"),
                ndjson("a broken line in the middle", good + "{\"timestamp\":\n" + good, "400 malformed-json"),
                ndjson("a list", "[" + good.strip() + "]", "400 wrong-type"),
                ndjson("two samples in a line", good.strip() + good, "400 malformed-json"),
                ndjson("an unknown property", "{\"timestamp\":1393695240000,\"valeu\":1}", "400 unknown-property"),
                ndjson("a property twice", "{\"value\":1,\"value\":1}", "400 duplicate-key"),
                ndjson("no value", "{\"timestamp\":1393695240000}", "400 missing-property"),
                ndjson("the text NaN", "{\"timestamp\":1393695240000,\"value\":\"NaN\"}", "400 bad-value"),
                ndjson("seconds", "{\"timestamp\":1393695240,\"value\":1}", "400 bad-time"),
                ndjson("one time twice", good + good, "400 duplicate-time"),
                ndjson("a line of 70 KiB", "{\"timestamp\":" + " ".repeat(70_000) + "1}", "400 malformed-json"),
                ndjson("a deep line", "{\"value\":" + "[".repeat(600), "400"),
                bad("UTF-16", post(SAMPLES, "application/x-ndjson", utf16(good)), "400 invalid-encoding"));
    }

    static Stream<BadInput> forms() {
        return forms("");
    }

    /// Those of which no job is made either; what is wrong inside of the file, a job finds.
    static Stream<BadInput> formsForAJob() {
        return forms("Prefer: respond-async\r\n")
                .filter(input ->
                        input.expected().startsWith("415") || input.expected().endsWith("malformed-multipart"));
    }

    /// @param header lines of each request
    private static Stream<BadInput> forms(String header) {
        String csv = "timestamp,value\n1393695240000,1\n";
        String part = "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\n" + csv + "\r\n";
        String field = "--x\r\nContent-Disposition: form-data; name=\"zone\"\r\n\r\nZ\r\n";
        return Stream.of(
                form(header, "no part", "--x--\r\n", "400 malformed-multipart"),
                form(header, "nothing", "", "400 malformed-multipart"),
                form(header, "another part only", field + "--x--\r\n", "400 malformed-multipart"),
                form(header, "a part before the file", field + part + "--x--\r\n", "400 malformed-multipart"),
                form(header, "a part behind the file", part + field + "--x--\r\n", "400 malformed-multipart"),
                form(header, "two files", part + part + "--x--\r\n", "400 malformed-multipart"),
                form(header, "no last boundary", part, "400 malformed-multipart"),
                form(header, "an end inside the file", part.substring(0, part.length() - 6), "400 malformed-multipart"),
                form(header, "a bad file", part.replace(",1", ",x") + "--x--\r\n", "400 bad-value"),
                form(header, "an empty file", part.replace(csv, "") + "--x--\r\n", "400 empty-upload"),
                form(
                        header,
                        "CSV that is called JSON",
                        part.replace("a.csv\"", "a.csv\"\r\nContent-Type: application/json") + "--x--\r\n",
                        "400 malformed-json"),
                form(
                        header,
                        "another charset",
                        part.replace("a.csv\"", "a.csv\"\r\nContent-Type: text/csv; charset=latin1") + "--x--\r\n",
                        "415 unsupported-encoding"),
                form(
                        header,
                        "long headers",
                        part.replace("a.csv", "a".repeat(9_000)) + "--x--\r\n",
                        "400 malformed-multipart"),
                form(
                        header,
                        "NUL in the name",
                        part.replace("a.csv", "a\0.csv") + "--x--\r\n",
                        "400 malformed-multipart"),
                form(header, "parts of a part", mixed(part, "") + "--x--\r\n", "400 malformed-multipart"),
                form(
                        header,
                        "a longer boundary",
                        mixed(part, "; boundary=xy") + "--x--\r\n",
                        "400 malformed-multipart"),
                form(header, "a boundary of as many letters", mixed(part, "; boundary=y"), "400 malformed-multipart"),
                form(header, "no boundary", "multipart/form-data", part, "400 malformed-multipart"),
                form(header, "mixed", "multipart/mixed;boundary=x", part, "415 unsupported-media-type"));
    }

    static Stream<BadInput> tables() {
        String wide = "timestamp,a,b\n1393695240000,1,2\n";
        String row = "1393695240000,cpu,1\n";
        return Stream.of(
                table("nothing", "", "400 empty-upload"),
                table("a header only", "timestamp,a,b\n", "400 empty-upload"),
                table("no column of times", "time,a,b\n1393695240000,1,2\n", "400 bad-csv"),
                table("no columns of values", "timestamp\n1393695240000\n", "400 bad-csv"),
                table("a column twice", "timestamp,a,a\n1393695240000,1,2\n", "400 bad-csv"),
                table(
                        "a column that names no series",
                        "timestamp,a,CPU (%)\n1393695240000,1,2\n",
                        "400 bad-series-name"),
                table("a column without a name", "timestamp,a,\n1393695240000,1,2\n", "400 bad-series-name"),
                table("a column that looks like an id", "timestamp,a,17\n1393695240000,1,2\n", "400 bad-series-name"),
                table("a cell too few", "timestamp,a,b\n1393695240000,1\n", "400 bad-csv"),
                table("a bad cell in the last column", "timestamp,a,b\n1393695240000,1,x\n", "400 bad-value"),
                table("one time twice", wide + "1393695240000,1,2\n", "400 duplicate-time"),
                table("a series and two values", "timestamp,series,value,note\n", "400 bad-csv"),
                table("a series and no value", "timestamp,series,x\n" + row, "400 bad-csv"),
                table("an empty series", "timestamp,series,value\n1393695240000,,1\n", "400 bad-series-name"),
                table(
                        "a series that is a number",
                        "timestamp,series,value\n1393695240000,17,1\n",
                        "400 bad-series-name"),
                table(
                        "a selector for a series",
                        "timestamp,series,value\n1393695240000,\"cpu{a=~\"\"i\"\"}\",1\n",
                        "400 bad-series-name"),
                table(
                        "labels without end",
                        "timestamp,series,value\n1393695240000,\"cpu{a=\"\"i\"\"\",1\n",
                        "400 bad-series-name"),
                table(
                        "a time twice in one of two series",
                        "timestamp,series,value\n" + row + "1393695240000,mem,1\n" + row,
                        "400 duplicate-time"),
                table("a million columns", "timestamp" + ",x".repeat(1_000_000) + "\n", "400 bad-csv"),
                table(
                        "two thousand columns and a bad cell",
                        columns(2_000) + "1393695240000" + ",1".repeat(1_999) + ",x\n",
                        "400 bad-value"),
                bad("a bad prefix", post(UPLOADS + "?prefix=1", "text/csv", utf8(wide)), "400 bad-series-name"),
                bad("a label without a value", post(UPLOADS + "?labels=a", "text/csv", utf8(wide)), "400 bad-labels"),
                bad("a label twice", post(UPLOADS + "?labels=a=1,a=2", "text/csv", utf8(wide)), "400 bad-labels"),
                bad("a bad label", post(UPLOADS + "?labels=1=a", "text/csv", utf8(wide)), "400 bad-labels"),
                bad(
                        "a wrong zone",
                        post(UPLOADS + "?zone=Mars/Olympus", "text/csv", utf8(wide)),
                        "400 invalid-parameter"),
                bad(
                        "a local time that comes twice",
                        post(
                                UPLOADS + "?zone=Europe/Berlin",
                                "text/csv",
                                utf8("timestamp,a,b\n2026-10-25 02:30:00,1,2\n")),
                        "400 bad-time"),
                bad("JSON", post(UPLOADS, "application/json", utf8("{\"samples\":[]}")), "415 unsupported-media-type"),
                bad(
                        "NDJSON in a form",
                        post(
                                UPLOADS,
                                "multipart/form-data;boundary=x",
                                utf8("--x\r\n" + NDJSON_PART + "{}\r\n--x--\r\n")),
                        "415 not-a-table"));
    }

    static Stream<BadInput> compressed() {
        byte[] whole = gzip(utf8("timestamp,value\n1393695240000,1\n"));
        byte[] damaged = whole.clone();
        damaged[damaged.length - 8] ^= 1; // the checksum
        byte[] followed = Arrays.copyOf(whole, whole.length + 3);
        byte[] bomb = gzip(utf8("timestamp,value\n" + "1393695240000,1\n".repeat(400_000)));
        return Stream.of(
                bad(
                        "gzip cut short",
                        post(SAMPLES, "text/csv", Arrays.copyOf(whole, whole.length - 9), "gzip"),
                        "400 malformed-compression"),
                bad(
                        "gzip with a wrong checksum",
                        post(SAMPLES, "text/csv", damaged, "gzip"),
                        "400 malformed-compression"),
                bad(
                        "gzip with something behind it",
                        post(SAMPLES, "text/csv", followed, "gzip"),
                        "400 malformed-compression"),
                bad(
                        "gzip that is none",
                        post(SAMPLES, "text/csv", utf8("timestamp,value\n"), "gzip"),
                        "400 malformed-compression"),
                bad("an empty gzip body", post(SAMPLES, "text/csv", new byte[0], "gzip"), "400 malformed-compression"),
                bad("a gzip bomb", post(SAMPLES, "text/csv", bomb, "gzip"), "413 body-too-large"),
                bad("an unknown coding", post(SAMPLES, "text/csv", whole, "br"), "415 unsupported-encoding"),
                bad("two codings", post(SAMPLES, "text/csv", whole, "gzip, gzip"), "415 unsupported-encoding"));
    }

    static Stream<BadInput> unfinished() {
        byte[] whole = utf8("timestamp,value\n1393695240000,1\n");
        return Stream.of(
                bad(
                        "CSV that stops coming",
                        request("POST", SAMPLES, "Content-Type: text/csv\r\nContent-Length: 99", whole),
                        "408 request-timeout"),
                bad(
                        "chunks that stop coming",
                        request(
                                "POST",
                                SAMPLES,
                                "Content-Type: text/csv\r\nTransfer-Encoding: chunked",
                                utf8("20\r\ntimestamp,value\n1393695240000,1\n\r\n")),
                        "408 request-timeout"),
                bad(
                        "a description that stops coming",
                        request(
                                "PUT",
                                "/api/v1/series/bad",
                                "Content-Type: application/json\r\nContent-Length: 99",
                                utf8("{")),
                        "408 request-timeout"),
                bad(
                        "gzip that stops coming",
                        request(
                                "POST",
                                SAMPLES,
                                "Content-Type: text/csv\r\nContent-Encoding: gzip\r\nContent-Length: 99",
                                gzip(whole)),
                        "408 request-timeout"));
    }

    private static BadInput sample(String description, String timestamp, String value, String expected) {
        return json(description, "{\"samples\":[{\"timestamp\":" + timestamp + ",\"value\":" + value + "}]}", expected);
    }

    private static BadInput json(String description, String body, String expected) {
        return bad(description, post(SAMPLES, "application/json", utf8(body)), expected);
    }

    private static BadInput csv(String description, String body, String expected) {
        return bad(description, post(SAMPLES, "text/csv", utf8(body)), expected);
    }

    private static BadInput ndjson(String description, String body, String expected) {
        return bad("NDJSON: " + description, post(SAMPLES, "application/x-ndjson", utf8(body)), expected);
    }

    private static BadInput form(String header, String description, String body, String expected) {
        return form(header, description, "multipart/form-data; boundary=x", body, expected);
    }

    private static BadInput form(String header, String description, String type, String body, String expected) {
        byte[] bytes = utf8(body);
        String headers = header + "Content-Type: " + type + "\r\nContent-Length: " + bytes.length;
        return bad("a form: " + header + description, request("POST", SAMPLES, headers, bytes), expected);
    }

    private static String mixed(String part, String boundary) {
        return part.replace("\r\n\r\n", "\r\nContent-Type: multipart/mixed" + boundary + "\r\n\r\n");
    }

    private static BadInput table(String description, String body, String expected) {
        return bad("a table: " + description, post(UPLOADS, "text/csv", utf8(body)), expected);
    }

    private static String columns(int count) {
        return "timestamp" + IntStream.range(0, count).mapToObj(i -> ",c" + i).collect(Collectors.joining()) + "\n";
    }

    private static byte[] utf16(String text) {
        return text.getBytes(StandardCharsets.UTF_16);
    }
}
