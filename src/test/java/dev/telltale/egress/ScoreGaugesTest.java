package dev.telltale.egress;

import static dev.telltale.egress.TestScores.DETECTOR;
import static dev.telltale.egress.TestScores.cpu;
import static dev.telltale.egress.TestScores.score;
import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.live.DetectorName;
import dev.telltale.series.Labels;
import dev.telltale.series.SeriesKey;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ScoreGaugesTest {

    private Instant now = Instant.ofEpochSecond(1_000);
    private final Set<SeriesKey> deleted = new HashSet<>();
    private final ScoreGauges gauges =
            new ScoreGauges(2, Duration.ofMinutes(10), series -> !deleted.contains(series), () -> now);

    /// Each value by its labels, as text.
    private Map<String, Double> scraped() {
        Map<String, Double> values = new TreeMap<>();
        ((GaugeSnapshot) gauges.collect())
                .getDataPoints()
                .forEach(point -> values.put(point.getLabels().toString(), point.getValue()));
        return values;
    }

    @Test
    void hasTheNewestScoreOfEachSeries() {
        gauges.scored(List.of(score(cpu("a"), 1, 0.1), score(cpu("b"), 1, 0.2), score(cpu("a"), 2, 0.3)));
        assertThat(scraped())
                .isEqualTo(Map.of(
                        "{detector=\"d\",instance=\"a\",metric=\"cpu\"}", 0.3,
                        "{detector=\"d\",instance=\"b\",metric=\"cpu\"}", 0.2));
    }

    @Test
    void hasNoMoreThanItMay() {
        gauges.scored(List.of(score(cpu("a"), 1, 0.1), score(cpu("b"), 1, 0.2), score(cpu("c"), 1, 0.3)));
        gauges.scored(List.of(score(cpu("c"), 2, 0.3), score(cpu("e"), 2, 0.3)));
        assertThat(scraped()).hasSize(2).containsValues(0.1, 0.2);
        assertThat(gauges.exported()).isEqualTo(2);
        assertThat(gauges.leftOut()).isEqualTo(2);
    }

    @Test
    void letsGoOfSeriesThatGetNoScores() {
        gauges.scored(List.of(score(cpu("a"), 1, 0.1), score(cpu("b"), 1, 0.2), score(cpu("c"), 1, 0.3)));
        now = now.plus(Duration.ofMinutes(5));
        gauges.scored(List.of(score(cpu("b"), 2, 0.2)));
        now = now.plus(Duration.ofMinutes(5));
        assertThat(scraped()).hasSize(1).containsValues(0.2);
        assertThat(gauges.leftOut()).isZero();
    }

    @Test
    void givesTheirPlacesToOthersThoughNobodyScrapes() {
        gauges.scored(List.of(score(cpu("a"), 1, 0.1), score(cpu("b"), 1, 0.2), score(cpu("c"), 1, 0.3)));
        now = now.plus(Duration.ofMinutes(9));
        gauges.scored(List.of(score(cpu("c"), 2, 0.3)));
        now = now.plus(Duration.ofMinutes(1));
        gauges.scored(List.of(score(cpu("c"), 3, 0.4)));
        assertThat(scraped()).hasSize(1).containsValues(0.4);
        assertThat(gauges.leftOut()).isZero();
    }

    @Test
    void letsGoOfSeriesThatAreDeleted() {
        gauges.scored(List.of(score(cpu("a"), 1, 0.1), score(cpu("b"), 1, 0.2), score(cpu("c"), 1, 0.3)));
        deleted.addAll(List.of(cpu("a"), cpu("c")));
        assertThat(scraped()).hasSize(1).containsValues(0.2);
        assertThat(gauges.leftOut()).isZero();
    }

    @Test
    void letsGoOfDetectorsThatAreDeleted() {
        gauges.scored(List.of(score(cpu("a"), 1, 0.1), score(cpu("b"), 1, 0.2), score(cpu("c"), 1, 0.3)));
        gauges.ended(new DetectorName("other"));
        assertThat(scraped()).hasSize(2);
        gauges.ended(DETECTOR);
        assertThat(scraped()).isEmpty();
        assertThat(gauges.leftOut()).isZero();
    }

    @Test
    void letsGoOfSeriesThatAnotherProcessScores() {
        gauges.scored(List.of(score(cpu("a"), 1, 0.1), score(cpu("b"), 1, 0.2), score(cpu("c"), 1, 0.3)));
        gauges.left(new DetectorName("other"), List.of(cpu("a")));
        assertThat(scraped()).hasSize(2);
        gauges.left(DETECTOR, List.of(cpu("a"), cpu("c")));
        assertThat(scraped()).hasSize(1);
        assertThat(gauges.leftOut()).isZero();
        gauges.scored(List.of(score(cpu("a"), 2, 0.4)));
        assertThat(scraped()).as("it has come back").hasSize(2);
    }

    @Test
    void renamesLabelsThatPrometheusOrTheScoreNeeds() {
        gauges.scored(List.of(score(
                new SeriesKey("cpu", Labels.of(Map.of("__tmp", "1", "exported__tmp", "2", "detector", "3"))), 1, 0.5)));
        assertThat(scraped().keySet())
                .containsExactly("{detector=\"d\",exported__tmp=\"2\",exported_detector=\"3\","
                        + "exported_exported__tmp=\"1\",metric=\"cpu\"}");
    }

    @Test
    void isReadThoughTwoSeriesGetTheSameLabels() {
        SeriesKey one = new SeriesKey("cpu", Labels.of(Map.of("detector", "x")));
        SeriesKey other = new SeriesKey("cpu", Labels.of(Map.of("exported_detector", "x")));
        gauges.scored(List.of(score(one, 1, 0.5), score(other, 1, 0.5)));
        assertThat(scraped()).hasSize(1);
    }
}
