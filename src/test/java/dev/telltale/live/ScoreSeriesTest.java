package dev.telltale.live;

import static dev.telltale.live.LiveClient.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.series.Labels;
import dev.telltale.series.SeriesKey;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ScoreSeriesTest {

    private static final DetectorName DETECTOR = new DetectorName("d");

    @Test
    void hasTheLabelsOfWhatIsWatchedAndTwoOfItsOwn() {
        assertThat(ScoreSeries.of(DETECTOR, key("cpu", "instance", "i-1")).toString())
                .isEqualTo("telltale_score{detector=\"d\",instance=\"i-1\",metric=\"cpu\"}");
    }

    @Test
    void isAnotherForEachSeriesWhateverTheirLabelsAreCalled() {
        assertThat(ScoreSeries.of(DETECTOR, key("a", "metric", "x", "exported_metric", "y")))
                .isNotEqualTo(ScoreSeries.of(DETECTOR, key("a", "metric", "x", "exported_metric", "z")));
        assertThat(ScoreSeries.labels(DETECTOR, key("a", "metric", "x", "exported_metric", "y")))
                .isEqualTo(Map.of(
                        "detector", "d", "metric", "a", "exported_metric", "y", "exported_exported_metric", "x"));
    }

    @Test
    void isAnotherForEachSeriesAlsoWhereThereIsNoRoomForTwoMoreLabels() {
        Map<String, String> labels = new TreeMap<>();
        IntStream.range(0, 40).forEach(i -> labels.put("label" + i, "v"));
        SeriesKey one = new SeriesKey("a", Labels.of(labels));
        labels.put("label0", "w");
        SeriesKey other = new SeriesKey("a", Labels.of(labels));
        assertThat(ScoreSeries.of(DETECTOR, one)).isNotEqualTo(ScoreSeries.of(DETECTOR, other));
        assertThat(ScoreSeries.of(DETECTOR, one)).isEqualTo(ScoreSeries.of(DETECTOR, one));
    }
}
