package dev.telltale.hostile;

import static dev.telltale.hostile.SampleRows.rows;
import static dev.telltale.hostile.SampleRows.specification;
import static dev.telltale.http.RawRequest.get;
import static dev.telltale.http.RawRequest.post;
import static dev.telltale.http.RawRequest.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/// The table of bad inputs, a row a case or several: what each is answered, and that nothing of it stays.
@ExtendWith(OutputCaptureExtension.class)
class HostileInputIT {

    private static final int ROWS = 86;

    /// Rows that stand elsewhere, each with the test that shows them.
    private static final Map<Integer, String> ELSEWHERE = Map.of(
            74, "dev.telltale.access.FailuresIT", // credentials that are none
            75, "dev.telltale.access.RouteRolesIT", // each route with each role
            68, "dev.telltale.alerts.CourierTest", // a receiver that is slow, answers without end or has no certificate
            86, "dev.telltale.models.EpochPaceTest"); // a clock that jumps

    /// Rows of what this service does not have, and why.
    private static final Map<Integer, String> WITHOUT_SUBJECT = Map.of(
            84, "no sample comes from Kafka yet",
            85, "no sample comes from Kafka yet");

    @TempDir
    private static Path data;

    private static Target target;

    /// All that there is before a row.
    private static String stored = "";

    @BeforeAll
    static void start() throws IOException {
        target = new Target(
                data,
                "--server.tomcat.connection-timeout=1s",
                "--telltale.http.max-body=256KB",
                "--telltale.http.max-upload=8MB",
                "--telltale.attention.max-rows=64");
        store("waves", rows(0, 400, i -> 50 + 20 * Math.sin(i / 7.0) + i % 3));
        store("large", rows(0, 400, i -> 1e6 * Math.sin(i)));
        store("constant", rows(0, 120, i -> 5));
        store("short", rows(0, 3, i -> i));
        store(
                "holes",
                rows(0, 2, i -> i)
                        + rows(10, 12, i -> i).substring(16)
                        + rows(20, 22, i -> i).substring(16));
        target.take("PUT", "/api/v1/series/nothing", "{}");
        target.take("POST", "/api/v1/models", specification("good", "waves"));
        target.take("POST", "/api/v1/models", specification("large", "large"));
        stored = target.stored();
    }

    private static void store(String series, String csv) throws IOException {
        assertThat(target.send(post("/api/v1/series/" + series + "/samples", "text/csv", utf8(csv)))
                        .status())
                .isEqualTo(200);
    }

    @AfterAll
    static void stop() throws IOException {
        assertThat(target.send(get("/actuator/health/readiness")).status()).isEqualTo(200);
        assertThat(target.read("/api/v1/series/waves").at("/summary/count").asInt())
                .isEqualTo(400);
        assertThat(target.read("/api/v1/models/good").get("version").asInt()).isOne();
        target.close();
    }

    static Stream<Row> table() {
        return Stream.of(JsonRows.all(), SampleRows.all(), FileRows.all(), AddressRows.all(), StateRows.all())
                .flatMap(rows -> rows)
                .sorted(Comparator.comparingInt(Row::number));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("table")
    void answers(Row row, CapturedOutput output) throws IOException, InterruptedException {
        row.check().on(target);

        String now = target.stored();
        if (row.leavesNothing()) {
            assertThat(now).isEqualTo(stored);
        }
        stored = now;
        assertThat(output.getAll().lines().filter(line -> line.startsWith("INJECTED") || line.contains("\u001b")))
                .isEmpty();
        assertThat(output.getAll()).doesNotContain(" ERROR ");
    }

    @Test
    void holdsEveryRowOfTheTable() {
        Set<Integer> held = table().map(Row::number).collect(Collectors.toCollection(TreeSet::new));
        Map<Integer, String> others = new TreeMap<>(ELSEWHERE);
        others.putAll(WITHOUT_SUBJECT);
        others.forEach((row, why) -> System.out.println("row " + row + ": " + why));

        assertThat(held).doesNotContainAnyElementsOf(others.keySet());
        held.addAll(others.keySet());
        assertThat(held)
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, ROWS).boxed().toList());
        ELSEWHERE
                .values()
                .forEach(test -> assertThatCode(() -> Class.forName(test)).doesNotThrowAnyException());
    }
}
