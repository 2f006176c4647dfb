package dev.telltale.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.telltale.http.Json;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Starts on a data directory that the first release of Telltale left when it was killed: two series with
/// samples in chunks and in the journal, an annotation, a model, a training that ran and one that was queued.
/// Beside it lies what that release answered. The fixture was made by building commit 9534ebb, asking it over
/// HTTP, and moving the write-ahead log into the database after the kill.
class UpgradeIT {

    private static final String RANGE = """
            {"series":"requests","start":"2024-03-02T18:30:00Z","end":"2024-03-02T19:19:00Z"}""";

    @TempDir
    private Path directory;

    @BeforeEach
    void unpack() throws IOException {
        try (ZipInputStream zip = new ZipInputStream(
                Objects.requireNonNull(UpgradeIT.class.getResourceAsStream("first-release.zip"), "the fixture"))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Path file = directory.resolve(entry.getName());
                Files.createDirectories(Objects.requireNonNull(file.getParent()));
                Files.write(file, zip.readAllBytes());
            }
        }
    }

    @Test
    void keepsAllThatTheFirstReleaseHadAcknowledged() throws Exception {
        try (Service service = new Service(directory.resolve("data"))) {
            assertThat(json(service.get("/api/v1/series/requests")))
                    .isEqualTo(new Json().mapper().readTree(Files.readString(directory.resolve("series.json"))));
            assertThat(json(service.get("/api/v1/series/errors"))
                            .at("/summary/count")
                            .asInt())
                    .as("they were in the journal only")
                    .isEqualTo(50);
            JsonNode annotation =
                    json(service.get("/api/v1/series/requests/annotations")).at("/items/0");
            assertThat(annotation.get("start").asString()).isEqualTo("2024-03-01T05:00:00Z");
            assertThat(annotation.get("source").asString()).isEqualTo("dataset");
            assertThat(annotation.get("note").asString()).isEqualTo("deploy");
            assertThat(service.get("/api/v1/models/requests").statusCode()).isEqualTo(200);
            assertThat(service.get("/api/v1/models/requests/evaluation").statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void scoresAsTheFirstReleaseDid() throws Exception {
        List<String> before = Files.readAllLines(directory.resolve("scores.csv"));
        try (Service service = new Service(directory.resolve("data"))) {
            List<String> now = service.send("POST", "/api/v1/models/requests/score", RANGE, "Accept: text/csv")
                    .body()
                    .lines()
                    .toList();

            assertThat(now).hasSameSizeAs(before);
            for (int row = 1; row < before.size(); row++) {
                String[] expected = before.get(row).split(",", -1);
                String[] actual = now.get(row).split(",", -1);
                assertThat(actual[0]).isEqualTo(expected[0]);
                assertThat(actual[1]).isEqualTo(expected[1]);
                for (int column = 2; column < 7; column++) {
                    double value = Double.parseDouble(expected[column]);
                    assertThat(Double.parseDouble(actual[column]))
                            .as("column %d of row %d", column, row)
                            .isCloseTo(value, within(1e-4 * Math.abs(value)));
                }
                assertThat(actual[7]).isEqualTo(expected[7]);
            }
        }
    }

    @Test
    void goesOnWithTheJobsOfTheFirstRelease() throws Exception {
        try (Service service = new Service(directory.resolve("data"))) {
            assertThat(json(service.get("/api/v1/jobs/1")).get("result").asString())
                    .isEqualTo("/api/v1/models/requests");
            assertThat(service.send("DELETE", "/api/v1/jobs/2", "").statusCode())
                    .isBetween(200, 202);
            assertThat(ending(service, "/api/v1/jobs/2")).isEqualTo("cancelled");
            assertThat(ending(service, "/api/v1/jobs/3")).isEqualTo("succeeded");
            assertThat(service.get("/api/v1/models/queued").statusCode()).isEqualTo(200);
            service.send("POST", "/api/v1/series/errors/samples", "timestamp,value\n2024-03-03 00:00:00,1\n");
            assertThat(json(service.get("/api/v1/series/errors"))
                            .at("/summary/count")
                            .asInt())
                    .isEqualTo(51);
        }
    }

    private static String ending(Service service, String job) throws IOException, InterruptedException {
        for (int look = 0; look < 600; look++) {
            String state = json(service.get(job)).get("state").asString();
            if (!state.equals("queued") && !state.equals("running")) {
                return state;
            }
            Thread.sleep(100);
        }
        throw new AssertionError(job + " did not end");
    }

    private static JsonNode json(HttpResponse<String> answer) {
        return new Json().mapper().readTree(answer.body());
    }
}
