package dev.telltale.hostile;

import static dev.telltale.hostile.JsonRows.SAMPLES;
import static dev.telltale.hostile.Pushes.V1;
import static dev.telltale.hostile.Pushes.V2;
import static dev.telltale.hostile.Pushes.snappy;
import static dev.telltale.hostile.Row.assertProblem;
import static dev.telltale.hostile.Row.refused;
import static dev.telltale.hostile.Row.taken;
import static dev.telltale.hostile.SampleRows.csv;
import static dev.telltale.http.RawRequest.chunks;
import static dev.telltale.http.RawRequest.gzip;
import static dev.telltale.http.RawRequest.post;
import static dev.telltale.http.RawRequest.request;
import static dev.telltale.http.RawRequest.utf8;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.http.RawAnswer;
import dev.telltale.http.RawRequest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// Rows 45 to 63: CSV, compressed bodies, remote write, files of models and names of files.
final class FileRows {

    private static final String T = "1393695240000";
    private static final String HEADER = "timestamp,value\n";
    private static final String GOOD = HEADER + T + ",1\n";

    private FileRows() {}

    static Stream<Row> all() {
        return Stream.of(found(), broken(), compressed(), pushes(), archives(), models(), fileNames())
                .flatMap(rows -> rows);
    }

    private static Stream<Row> found() {
        return Stream.of(
                accepted(45, "a byte order mark", "\uFEFF" + GOOD),
                accepted(45, "CRLF", GOOD.replace("\n", "\r\n")),
                accepted(45, "CR", GOOD.replace("\n", "\r")),
                accepted(45, "no end of the last line", GOOD.strip()),
                accepted(
                        46,
                        "a comma, a line break and quotes in a quoted cell",
                        "timestamp,note,value\n" + T + ",\"a,\n\"\"b\"\"\",1\n"),
                refused(46, "a quote that is not closed", csv(HEADER + T + ",\"1\n"), "400 bad-csv"),
                refused(47, "a cell too few", csv(HEADER + T + "\n"), "400 bad-csv"),
                refused(47, "a cell too many", csv(HEADER + T + ",1,2\n"), "400 bad-csv"),
                refused(47, "no header", csv(T + ",1\n"), "400 bad-csv"),
                refused(47, "a column twice", csv("timestamp,value,value\n" + T + ",1,2\n"), "400 bad-csv"),
                refused(47, "two columns of values", csv("timestamp,a,b\n" + T + ",1,2\n"), "400 bad-csv"),
                refused(47, "an empty file", csv(""), "400 empty-upload"),
                refused(47, "a header only", csv(HEADER), "400 empty-upload"));
    }

    private static Stream<Row> broken() {
        return Stream.of(
                refused(48, "semicolons", csv("timestamp;value\n" + T + ";1\n"), "400 bad-csv"),
                new Row(48, "a decimal comma, with its line and column", target -> {
                    JsonNode problem = assertProblem(target.send(csv(HEADER + T + ",\"1,5\"\n")), "400 bad-value");
                    assertThat(problem.at("/errors/0/line").asInt()).isEqualTo(2);
                    assertThat(problem.at("/errors/0/column").asInt()).isEqualTo(2);
                }),
                refused(48, "a separator of thousands", csv(HEADER + T + ",\"1,000\"\n"), "400 bad-value"),
                refused(48, "N/A", csv(HEADER + T + ",N/A\n"), "400 bad-value"),
                refused(48, "a dash", csv(HEADER + T + ",-\n"), "400 bad-value"),
                refused(49, "a formula as a value", csv(HEADER + T + ",=1+1\n"), "400 bad-value"),
                refused(49, "a sum as a value", csv(HEADER + T + ",+1+1\n"), "400 bad-value"),
                new Row(49, "a formula as a label, and no cell of CSV that begins with one", target -> {
                    target.take("PUT", "/api/v1/series/formula", "{\"labels\":{\"a\":\"=cmd()\"},\"unit\":\"@x\"}");
                    target.send(post("/api/v1/series/formula/samples", "text/csv", utf8(HEADER + T + ",-1\n")));
                    assertThat(target.read("/api/v1/series/formula")
                                    .at("/labels/a")
                                    .asString())
                            .isEqualTo("=cmd()");
                    RawAnswer answer = target.send(
                            request("GET", "/api/v1/series/formula/samples", "Accept: text/csv", new byte[0]));
                    assertThat(answer.body()).isEqualTo("timestamp,value\n2014-03-01T17:34:00Z,-1.0\n");
                }),
                refused(
                        50,
                        "2 GiB in one line",
                        chunks("POST", SAMPLES, "text/csv", utf8("x".repeat(8_192))),
                        "400 bad-csv"),
                refused(
                        50,
                        "2 GiB in one quoted cell",
                        chunks("POST", SAMPLES, "text/csv", utf8("\"" + "\n".repeat(8_191))),
                        "400 bad-csv"),
                refused(50, "a million columns", csv("timestamp" + ",x".repeat(1_000_000) + "\n"), "400 bad-csv"),
                refused(51, "one bad row of two", csv(GOOD + "1393695300000,x\n"), "400 bad-value"),
                new Row(51, "one bad row of two where a part may be stored", target -> {
                    RawAnswer answer = target.send(post(
                            "/api/v1/series/in_part/samples?partial=true",
                            "text/csv",
                            utf8(GOOD + "1393695300000,x\n")));
                    assertThat(answer.status()).isEqualTo(200);
                    assertThat(answer.body()).contains("\"accepted\":1", "\"rejected\":[{\"line\":3");
                }));
    }

    private static Stream<Row> compressed() {
        byte[] whole = gzip(utf8(GOOD));
        byte[] damaged = whole.clone();
        damaged[damaged.length - 8] ^= 1; // the checksum
        byte[] followed = Arrays.copyOf(whole, whole.length + 3);
        byte[] header = gzip(utf8(HEADER));
        byte[] row = gzip(utf8(T + ",1\n"));
        byte[] members = Arrays.copyOf(header, header.length + row.length);
        System.arraycopy(row, 0, members, header.length, row.length);
        byte[] bomb = gzip(utf8(HEADER + (T + ",1\n").repeat(700_000)));
        return Stream.of(
                taken(52, "gzip", post("/api/v1/series/gzipped/samples", "text/csv", whole, "gzip"), 200),
                taken(
                        52,
                        "JSON in gzip",
                        post(
                                "/api/v1/series/gzipped_json/samples",
                                "application/json",
                                gzip(utf8(JsonRows.samples(T, "1"))),
                                "gzip"),
                        200),
                refused(52, "an unknown coding", post(SAMPLES, "text/csv", whole, "br"), "415 unsupported-encoding"),
                refused(53, "a bomb", post(SAMPLES, "text/csv", bomb, "gzip"), "413 body-too-large"),
                refused(
                        53,
                        "a bomb of a specification",
                        post("/api/v1/models", "application/json", gzip(utf8(" ".repeat(5_000_000))), "gzip"),
                        "413"),
                taken(
                        53,
                        "gzip in two members, as RFC 1952 allows",
                        post("/api/v1/series/members/samples", "text/csv", members, "gzip"),
                        200,
                        "\"accepted\":1,"),
                refused(
                        53,
                        "something behind the last member",
                        post(SAMPLES, "text/csv", followed, "gzip"),
                        "400 malformed-compression"),
                refused(
                        53,
                        "gzip cut short",
                        post(SAMPLES, "text/csv", Arrays.copyOf(whole, whole.length - 9), "gzip"),
                        "400 malformed-compression"),
                refused(
                        53,
                        "a wrong checksum",
                        post(SAMPLES, "text/csv", damaged, "gzip"),
                        "400 malformed-compression"));
    }

    private static Stream<Row> pushes() {
        byte[] good = Pushes.v1("pushed", System.currentTimeMillis(), 1).toByteArray();
        return Stream.of(
                refused(54, "remote write in gzip", RawRequest.post(Pushes.PATH, V1, gzip(good), "gzip"), "415"),
                refused(54, "remote write in deflate", RawRequest.post(Pushes.PATH, V1, good, "deflate"), "415"),
                refused(54, "JSON as remote write", Pushes.post("application/json", utf8("{}")), "415"),
                refused(55, "a block of 2 GiB", Pushes.post(V1, bytes("ffffffff0700")), "413"),
                refused(55, "a block of a negative length", Pushes.post(V1, bytes("ffffffff0f")), "413"),
                refused(
                        55,
                        "the framed format",
                        Pushes.post(V1, bytes("ff060000734e61507059")),
                        "400 malformed-snappy"),
                refused(55, "no snappy", Pushes.post(V1, utf8("garbage")), "400 malformed-snappy"),
                refused(56, "no protobuf", message("ffff"), "400 malformed-request"),
                refused(
                        56,
                        "a number of eleven bytes",
                        message("08" + "ff".repeat(10) + "01"),
                        "400 malformed-request"),
                refused(56, "a length beyond the end", message("0aff01"), "400 malformed-request"),
                refused(56, "200,000 groups in each other", message("1b".repeat(200_000)), "400"),
                new Row(
                        56,
                        "a field that is not known",
                        target -> assertThat(target.send(message(HexFormat.of().formatHex(good) + "da3e0161"))
                                        .status())
                                .isEqualTo(204)),
                refused(57, "a first symbol that is a text", v2(new String[] {"a"}, new int[] {}), "400"),
                refused(57, "a symbol that there is not", v2(new String[] {"", "__name__"}, new int[] {1, 9}), "400"),
                refused(57, "an odd number of labels", v2(new String[] {"", "__name__"}, new int[] {1}), "400"),
                refused(57, "no name", v2(new String[] {"", "a", "b"}, new int[] {1, 2}), "400"),
                refused(
                        57,
                        "an empty label",
                        v2(new String[] {"", "__name__", "x", "a"}, new int[] {1, 2, 3, 0}),
                        "400"),
                refused(
                        57,
                        "labels out of order",
                        v2(new String[] {"", "__name__", "x", "a", "b"}, new int[] {1, 2, 4, 2, 3, 2}),
                        "400"),
                new Row(57, "a good series beside a bad one", target -> {
                    RawAnswer answer = target.send(
                            v2(new String[] {"", "__name__", "beside"}, new int[] {1, 2}, new int[] {2, 1}));
                    assertThat(answer.status()).isEqualTo(400);
                    assertThat(answer.text()).contains("X-Prometheus-Remote-Write-Samples-Written: 1\r\n");
                    assertThat(target.samples("beside").size()).isOne();
                }),
                refused(58, "41 labels", labels(41, "x"), "400"),
                refused(58, "a label of 4,097 bytes", labels(1, "x".repeat(4_097)), "400"));
    }

    private static Stream<Row> archives() {
        byte[] zip = bytes("504b0304140000000000");
        return Stream.of(
                refused(59, "a zip file as samples", post(SAMPLES, "application/zip", zip), "415"),
                refused(59, "a tar file as samples", post(SAMPLES, "application/x-tar", zip), "415"),
                refused(
                        59,
                        "any media type at once",
                        put("/api/v1/models/good/active", "*/*", "{\"version\":1}"),
                        "415 unsupported-media-type"),
                refused(
                        59,
                        "fields of a form that are none",
                        put("/api/v1/models/good/active", "application/x-www-form-urlencoded", "%zz"),
                        "415 unsupported-media-type"),
                refused(59, "a zip file that is called CSV", post(SAMPLES, "text/csv", zip), "400"),
                refused(59, "a zip file as a model", model("application/zip", zip), "415"),
                refused(60, "PyTorch's zip", model(Arrays.copyOf(zip, 500)), "415 unsupported-model-format"),
                refused(60, "a pickle", model(bytes("8002634f530a")), "415 unsupported-model-format"),
                refused(60, "PyTorch's pickle", model(bytes("80028a0a6cfc9c46f920")), "415 unsupported-model-format"),
                refused(60, "a pickle in text", model(bytes("636f730a73797374656d0a")), "415 unsupported-model-format"),
                refused(60, "gzip", model(bytes("1f8b0800000000000003")), "415 unsupported-model-format"));
    }

    private static Stream<Row> models() {
        return Stream.of(
                damaged("nothing", file -> new byte[0]),
                damaged(
                        "a header of 2 GiB",
                        file -> little(file).putLong(0, 1L << 31).array()),
                damaged(
                        "a header of a negative length",
                        file -> little(file).putLong(0, -1).array()),
                damaged("a file cut short", file -> Arrays.copyOf(file, file.length - 4)),
                damaged("bytes behind the end", file -> Arrays.copyOf(file, file.length + 1)),
                damaged(
                        "NaN as a weight",
                        file -> little(file)
                                .putFloat(file.length - 4, Float.NaN)
                                .array()),
                damaged(
                        "another weight",
                        file -> little(file).putFloat(file.length - 4, 1).array()),
                damaged("another shape", file -> replaced(file, "\"shape\":[32]", "\"shape\":[31]")),
                damaged("another type", file -> replaced(file, "F32", "F16")),
                damaged("another version", file -> replaced(file, "formatVersion", "formatVersiom")));
    }

    private static Stream<Row> fileNames() {
        return Stream.of("../../x.csv", "a\\\"b.csv", "C:\\\\x.csv", "\u202evsc.x.csv", "/etc/passwd")
                .map(name -> new Row(63, "the name of a file " + name.replace('\u202e', '?'), target -> {
                    String body = "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + name
                            + "\"\r\nContent-Type: text/csv\r\n\r\n" + GOOD + "\r\n--x--\r\n";
                    RawAnswer answer = target.send(
                            post("/api/v1/series/named_file/samples", "multipart/form-data;boundary=x", utf8(body)));
                    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
                    assertThat(answer.text()).doesNotContain("passwd", "..");
                }));
    }

    private static Row accepted(int number, String what, String csv) {
        return taken(number, what, post("/api/v1/series/found/samples", "text/csv", utf8(csv)), 200, "\"rejected\":[]");
    }

    private static RawRequest message(String hex) {
        return Pushes.post(V1, snappy(bytes(hex)));
    }

    private static RawRequest v2(String[] symbols, int[]... labels) {
        return Pushes.post(V2, snappy(Pushes.v2(symbols, labels).toByteArray()));
    }

    /// A series of a number of labels that all have one value.
    private static RawRequest labels(int count, String value) {
        String[] symbols = new String[count + 3];
        int[] references = new int[2 * count + 2];
        symbols[0] = "";
        symbols[1] = "__name__";
        symbols[2] = value;
        references[0] = 1;
        references[1] = 2;
        for (int i = 0; i < count; i++) {
            symbols[i + 3] = String.format("a%02d", i);
            references[2 * i + 2] = i + 3;
            references[2 * i + 3] = 2;
        }
        return v2(symbols, references);
    }

    private static RawRequest put(String path, String type, String body) {
        return request("PUT", path, "Content-Type: " + type + "\r\nContent-Length: " + utf8(body).length, utf8(body));
    }

    private static RawRequest model(byte[] file) {
        return model("application/octet-stream", file);
    }

    private static RawRequest model(String type, byte[] file) {
        String headers = "Content-Type: " + type + "\r\nContent-Length: " + file.length;
        return request("PUT", "/api/v1/models/bad/artifact", headers, file);
    }

    private static Row damaged(String what, UnaryOperator<byte[]> damage) {
        return new Row(61, "in the file of a model " + what, true, target -> {
            String whole = target.exchange("GET", "/api/v1/models/good/artifact", new byte[0])
                    .body();
            refused(61, what, model(damage.apply(whole.getBytes(ISO_8859_1))), "422 invalid-model")
                    .check()
                    .on(target);
        });
    }

    private static ByteBuffer little(byte[] file) {
        return ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static byte[] replaced(byte[] file, String before, String after) {
        String text = new String(file, ISO_8859_1);
        assertThat(text).contains(before);
        return text.replace(before, after).getBytes(ISO_8859_1);
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }
}
