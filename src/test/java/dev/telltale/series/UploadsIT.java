package dev.telltale.series;

import static dev.telltale.http.RawRequest.gzip;
import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.database.FileTree;
import dev.telltale.http.Json;
import dev.telltale.http.RawRequest;
import dev.telltale.jobs.Jobs;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;

/// The ways in that take files: NDJSON, forms, several series, and good rows among bad ones.
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class UploadsIT {

    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final Json JSON = new Json();
    private static final long T = 1_393_695_240_000L; // 2014-03-01T17:34:00Z

    @TempDir
    private static Path data;

    @LocalServerPort
    private int port;

    @Autowired
    private @Nullable MeterRegistry meters;

    @Autowired
    private @Nullable Jobs jobs;

    @DynamicPropertySource
    static void dataDirectory(DynamicPropertyRegistry registry) {
        registry.add("telltale.data-dir", () -> data);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "gzip"})
    void takesASampleFromEachLine(String coding) {
        String lines = "{\"timestamp\":1393695240000,\"value\":1}\n{\"timestamp\":1393695300000,\"value\":null}\n";
        JsonNode answer = post("/series/lines" + coding + "/samples", "application/x-ndjson", lines, coding);

        assertThat(answer.toString())
                .isEqualTo("{\"accepted\":1,\"unchanged\":0,\"merged\":0,\"missing\":1,\"rejected\":[]}");
    }

    @Test
    void namesTheBrokenLineAndStoresNothing() {
        String lines =
                "{\"timestamp\":1393695240000,\"value\":1}\n{\"timestamp\"\n{\"timestamp\":1393695300000,\"value\":1}";
        JsonNode problem = post("/series/broken/samples", "application/x-ndjson", lines, "");

        assertThat(problem.at("/type").asString()).isEqualTo("/problems/malformed-json");
        assertThat(problem.at("/errors/0/line").asInt()).isEqualTo(2);
        assertThat(get("/series/broken").at("/status").asInt()).isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            csv    | samples.csv           | text/csv                 | timestamp,value\\n1393695240000,1\\n
            excel  | samples.csv           | application/vnd.ms-excel | timestamp,value\\n1393695240000,1\\n
            path   | ../../../etc/cron.csv | application/octet-stream | timestamp,value\\n1393695240000,1\\n
            json   | samples.json          | application/octet-stream | {"samples":[{"timestamp":1393695240000,"value":1}]}
            ndjson | samples               | application/x-ndjson     | {"timestamp":1393695240000,"value":1}
            """)
    void takesTheFileOfAForm(String name, String fileName, String type, String content) {
        String form = "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + fileName
                + "\"\r\nContent-Type: " + type + "\r\n\r\n" + content.translateEscapes() + "\r\n--x--\r\n";

        for (String coding : new String[] {"", "gzip"}) {
            JsonNode answer =
                    post("/series/form." + name + coding + "/samples", "multipart/form-data; boundary=x", form, coding);
            assertThat(answer.at("/accepted").asInt()).as(answer.toString()).isEqualTo(1);
        }
        assertThat(post("/summaries", "multipart/form-data; boundary=x", form, "")
                        .at("/summary/count")
                        .asInt())
                .isEqualTo(1);
    }

    @Test
    void leavesNoFileOpenOfAFormThatIsNotInOrder() throws IOException {
        StringBuilder form = new StringBuilder(
                "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\ntimestamp,value\n");
        for (int row = 0; row < (1 << 20) + 1; row++) { // one more than fit into memory
            form.append(T + row).append(",1\n");
        }
        JsonNode problem =
                post("/series/left/samples", "multipart/form-data; boundary=x", form + "\r\n--x\r\n", "gzip");

        assertThat(problem.at("/type").asString()).as(problem.toString()).isEqualTo("/problems/malformed-multipart");
        assertThat(openFiles()).isNotEmpty().noneMatch(file -> file.startsWith(data + "/telltale-"));
    }

    @Test
    void makesASeriesOfEachColumn() {
        String csv = "timestamp,reads,writes\n2014-03-01 18:34:00,1,10\n2014-03-01 18:35:00,,20\n";
        String path = "/uploads?prefix=disk_&labels=instance=i-1,region=eu&zone=Europe/Berlin";
        JsonNode answer = post(path, "text/csv", csv, "");

        assertThat(answer.at("/accepted").asInt()).isEqualTo(3);
        assertThat(answer.at("/missing").asInt()).isEqualTo(1);
        JsonNode reads = answer.at("/series/0");
        assertThat(reads.at("/name").asString()).isEqualTo("disk_reads");
        assertThat(reads.at("/labels").toString()).isEqualTo("{\"instance\":\"i-1\",\"region\":\"eu\"}");
        assertThat(reads.at("/accepted").asInt()).isEqualTo(1);
        assertThat(reads.at("/missing").asInt()).isEqualTo(1);
        assertThat(answer.at("/series/1/accepted").asInt()).isEqualTo(2);
        assertThat(get("/series/" + reads.at("/id").asString() + "/samples")
                        .at("/samples/0/timestamp")
                        .asString())
                .isEqualTo("2014-03-01T17:34:00Z");

        assertThat(post(path, "text/csv", csv, "gzip").at("/series/1/unchanged").asInt())
                .isEqualTo(2);
    }

    @Test
    void makesASeriesOfEachNameInALongTable() {
        String csv = """
                series,timestamp,value
                cpu,1393695300000,2
                "cpu{host=""a""}",1393695240000,3
                cpu,1393695240000,1
                cpu,1393695240000,5
                """;
        JsonNode answer = post("/uploads?prefix=long_&duplicates=mean", "text/csv", csv, "");

        assertThat(answer.at("/merged").asInt()).isEqualTo(1);
        assertThat(answer.at("/series").size()).isEqualTo(2);
        assertThat(answer.at("/series/0/merged").asInt()).isEqualTo(1);
        assertThat(answer.at("/series/1/labels/host").asString()).isEqualTo("a");
        assertThat(get("/series/" + answer.at("/series/0/id").asString() + "/samples")
                        .at("/samples")
                        .toString())
                .isEqualTo("[{\"timestamp\":\"2014-03-01T17:34:00Z\",\"value\":3.0},"
                        + "{\"timestamp\":\"2014-03-01T17:35:00Z\",\"value\":2.0}]");
    }

    @Test
    void takesTwoThousandColumns() {
        StringBuilder csv = new StringBuilder("timestamp");
        for (int column = 0; column < 2_000; column++) {
            csv.append(",c").append(column);
        }
        for (int row = 0; row < 40; row++) {
            csv.append('\n').append(T + row * 60_000L).append((",1." + row).repeat(2_000));
        }
        JsonNode answer = post("/uploads?prefix=many_", "text/csv", csv.toString(), "gzip");

        assertThat(answer.at("/accepted").asInt()).as(answer.toString()).isEqualTo(80_000);
        assertThat(answer.at("/series/1999/accepted").asInt()).isEqualTo(40);
        assertThat(get("/series/many_c1999").at("/summary/count").asInt()).isEqualTo(40);
    }

    @Test
    void storesNothingOfAnySeriesIfOneSampleContradicts() {
        post("/series/whole_b/samples", "text/csv", "timestamp,value\n" + T + ",1\n", "");
        String csv = "timestamp,a,b\n" + (T - 60_000) + ",1,1\n" + T + ",1,2\n";
        JsonNode problem = post("/uploads?prefix=whole_", "text/csv", csv, "");

        assertThat(problem.at("/type").asString()).isEqualTo("/problems/conflicting-sample");
        assertThat(problem.at("/errors/0/line").asInt()).isEqualTo(3);
        assertThat(problem.at("/errors/0/column").asInt()).isEqualTo(3);
        assertThat(get("/series/whole_a").at("/status").asInt()).isEqualTo(404);
        assertThat(get("/series/whole_b").at("/summary/count").asInt()).isEqualTo(1);

        assertThat(post("/uploads?prefix=whole_&replace=true", "text/csv", csv, "")
                        .at("/accepted")
                        .asInt())
                .isEqualTo(4);
    }

    @Test
    void storesTheGoodRowsAndAnswersTheBadOnes() {
        post("/series/some/samples", "text/csv", "timestamp,value\n" + T + ",1\n", "");
        double rejectedBefore = counted("rejected");
        double acceptedBefore = counted("accepted");
        String csv = "timestamp,value\n"
                + T + ",2\n" // another value is stored
                + (T + 1) + ",1\n"
                + (T + 1) + ",2\n" // the same time
                + (T + 2) + ",abc\n"
                + "yesterday,1\n"
                + (T + 3) + "\n" // a cell too few
                + (T + 4) + ",\n"
                + (T + 5) + ",5\n";
        JsonNode answer = post("/series/some/samples?partial=true", "text/csv", csv, "");

        assertThat(answer.at("/accepted").asInt()).as(answer.toString()).isEqualTo(2);
        assertThat(answer.at("/missing").asInt()).isEqualTo(1);
        assertThat(answer.at("/rejected")
                        .valueStream()
                        .map(row -> row.get("line").asInt()))
                .containsExactly(2, 4, 5, 6, 7);
        assertThat(answer.at("/rejected/2").toString())
                .startsWith("{\"line\":5,\"column\":2,\"reason\":\"'abc' is not a number");
        assertThat(counted("rejected") - rejectedBefore).isEqualTo(5);
        assertThat(counted("accepted") - acceptedBefore).isEqualTo(2);
        assertThat(get("/series/some").at("/summary/count").asInt()).isEqualTo(3);
    }

    @Test
    void answersTheFirstHundredOfManyBadCells() {
        String csv = "timestamp,a,b\n" + (T + ",1,x\n") + "x,1,2\n".repeat(500);
        JsonNode answer = post("/uploads?prefix=bad_&partial=true", "text/csv", csv, "");

        assertThat(answer.at("/accepted").asInt()).as(answer.toString()).isEqualTo(1);
        assertThat(answer.at("/rejected").size()).isEqualTo(100);
        assertThat(answer.at("/rejected/0/column").asInt()).isEqualTo(3);
    }

    @Test
    void pointsToTheBadSamplesOfAJsonBody() {
        String body =
                "{\"samples\":[{\"timestamp\":1393695240000,\"value\":\"1\"},{\"timestamp\":1393695240000,\"value\":1},{\"value\":1}]}";
        JsonNode answer = post("/series/pointed/samples?partial=true", "application/json", body, "");

        assertThat(answer.at("/accepted").asInt()).as(answer.toString()).isEqualTo(1);
        assertThat(answer.at("/rejected")
                        .valueStream()
                        .map(row -> row.get("pointer").asString()))
                .containsExactly("/samples/0/value", "/samples/2/timestamp");
    }

    @Test
    void answersAJobAtOnceAndItsReportLater() {
        String csv = "timestamp,a,b\n" + T + ",1,2\n" + (T + 1) + ",x,3\n";
        HttpResponse<String> later = prefer("/uploads?prefix=later_&partial=true", csv, "respond-async");
        JsonNode job = JSON.mapper().readTree(later.body());

        assertThat(later.statusCode()).as(later.body()).isEqualTo(202);
        assertThat(job.at("/kind").asString()).isEqualTo("upload");
        long id = job.at("/id").asLong();
        Objects.requireNonNull(jobs).await(id, Duration.ofSeconds(30));
        JsonNode ended = get("/jobs/" + id);
        assertThat(ended.at("/state").asString()).as(ended.toString()).isEqualTo("succeeded");
        assertThat(ended.at("/progress").toString())
                .isEqualTo("{\"rows\":3,\"bytes\":" + csv.length() + ",\"totalBytes\":" + csv.length() + "}");
        assertThat(ended.at("/result").asString()).isEqualTo("/api/v1/uploads/" + id);
        JsonNode report = get("/uploads/" + id);
        assertThat(report.at("/accepted").asInt()).isEqualTo(3);
        assertThat(report.at("/rejected/0/line").asInt()).isEqualTo(3);
        assertThat(report.at("/series/1/name").asString()).isEqualTo("later_b");
        assertThat(data.resolve("uploads")).isEmptyDirectory();
    }

    @Test
    void waitsForTheReportWhereThatIsPreferred() {
        HttpResponse<String> stored =
                prefer("/series/waited/samples", "timestamp,value\n" + T + ",1\n", "respond-async, wait=30");

        assertThat(stored.statusCode()).as(stored.body()).isEqualTo(201);
        assertThat(JSON.mapper()
                        .readTree(stored.body())
                        .at("/series/0/accepted")
                        .asInt())
                .isEqualTo(1);
        HttpResponse<String> refused =
                prefer("/series/waited/samples", "timestamp,value\n" + T + ",2\n", "respond-async, wait=30");
        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(409);
        assertThat(data.resolve("uploads")).isEmptyDirectory();
    }

    @Test
    void knowsNoReportOfOtherIds() {
        for (String id : new String[] {"999999", "abc", "99999999999999999999"}) {
            assertThat(get("/uploads/" + id).at("/type").asString()).isEqualTo("/problems/upload-not-found");
        }
    }

    private HttpResponse<String> prefer(String path, String csv, String preference) {
        return send(HttpRequest.newBuilder(uri(path))
                .header("Content-Type", "text/csv")
                .header("Prefer", preference)
                .POST(HttpRequest.BodyPublishers.ofString(csv)));
    }

    private JsonNode post(String path, String type, String body, String coding) {
        byte[] bytes = RawRequest.utf8(body);
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path))
                .header("Content-Type", type)
                .POST(HttpRequest.BodyPublishers.ofByteArray(coding.isEmpty() ? bytes : gzip(bytes)));
        if (!coding.isEmpty()) {
            request.header("Content-Encoding", coding);
        }
        return exchange(request);
    }

    private JsonNode get(String path) {
        return exchange(HttpRequest.newBuilder(uri(path)));
    }

    private static JsonNode exchange(HttpRequest.Builder request) {
        return JSON.mapper().readTree(send(request).body());
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException failure) {
            throw new AssertionError(failure);
        }
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + "/api/v1" + path);
    }

    private static List<String> openFiles() throws IOException {
        List<String> open = new ArrayList<>();
        for (Path descriptor : FileTree.children(
                Path.of("/proc", Long.toString(ProcessHandle.current().pid()), "fd"))) {
            try {
                open.add(Files.readSymbolicLink(descriptor).toString());
            } catch (NoSuchFileException closedMeanwhile) {
                // the one with which this directory was read, say
            }
        }
        return open;
    }

    private double counted(String outcome) {
        return Objects.requireNonNull(meters)
                .get("telltale.samples")
                .tag("outcome", outcome)
                .counter()
                .count();
    }
}
