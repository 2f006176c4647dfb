package dev.telltale.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Keeps `docs/metrics.md` and the meters of a running service equal.
class MetricsDocumentIT {

    private static final Path DOCUMENT = Path.of("docs", "metrics.md");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    /// One row of the document's table.
    ///
    /// @param tags of each tag its values
    private record Row(String meter, String prometheus, String kind, String unit, Map<String, Set<String>> tags) {

        static Row of(String line) {
            List<String> cells = List.of(line.split("\\|", -1));
            return new Row(
                    codes(cells.get(1)).getFirst(),
                    codes(cells.get(2)).getFirst(),
                    cells.get(3).strip(),
                    cells.get(4).strip(),
                    tags(codes(cells.get(5))));
        }

        private static Map<String, Set<String>> tags(List<String> codes) {
            return codes.isEmpty() ? Map.of() : Map.of(codes.getFirst(), new TreeSet<>(codes.subList(1, codes.size())));
        }

        private static List<String> codes(String cell) {
            return CODE.matcher(cell)
                    .results()
                    .map(MatchResult::group)
                    .map(code -> code.replace("`", ""))
                    .toList();
        }
    }

    @TempDir
    static Path directory;

    private static Service service;
    private static List<Row> rows;

    @BeforeAll
    static void start() throws IOException {
        service = new Service(directory);
        rows = Files.readAllLines(DOCUMENT).stream()
                .filter(line -> line.startsWith("| `"))
                .map(Row::of)
                .toList();
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @Test
    void eachMeterOfTheServiceIsInTheDocumentWithItsTagsAndNoOtherIs() {
        Map<String, Map<String, Set<String>>> documented = new TreeMap<>();
        rows.forEach(row -> documented.put(row.meter(), row.tags()));
        Map<String, Map<String, Set<String>>> running = new TreeMap<>();
        for (Meter meter : ours()) {
            Map<String, Set<String>> tags =
                    running.computeIfAbsent(meter.getId().getName(), name -> new TreeMap<>());
            for (Tag tag : meter.getId().getTags()) {
                tags.computeIfAbsent(tag.getKey(), key -> new TreeSet<>()).add(tag.getValue());
            }
        }
        assertThat(documented).isEqualTo(running);
    }

    @Test
    void kindAndUnitOfEachMeterAreThoseInTheDocument() {
        for (Meter meter : ours()) {
            Row row = rows.stream()
                    .filter(one -> one.meter().equals(meter.getId().getName()))
                    .findFirst()
                    .orElseThrow();
            assertThat(meter.getId().getType().name()).as(row.meter()).isEqualToIgnoringCase(row.kind());
            assertThat(Optional.ofNullable(meter.getId().getBaseUnit()).orElse("–"))
                    .as(row.meter())
                    .isEqualTo(row.unit());
            assertThat(meter.getId().getDescription()).as(row.meter()).isNotBlank();
        }
    }

    @Test
    void prometheusReadsEachMeterUnderTheNameInTheDocument() throws IOException, InterruptedException {
        String scraped = service.get("/actuator/prometheus").body();
        for (Row row : rows) {
            String name = row.prometheus().replaceAll("_\\{.*", "_count");
            assertThat(scraped).containsPattern("(?m)^" + name + "[ {]");
        }
    }

    private static List<Meter> ours() {
        return service.bean(MeterRegistry.class).getMeters().stream()
                .filter(meter -> meter.getId().getName().startsWith("telltale."))
                .toList();
    }
}
