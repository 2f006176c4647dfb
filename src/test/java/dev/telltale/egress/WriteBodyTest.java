package dev.telltale.egress;

import static dev.telltale.egress.TestScores.DETECTOR;
import static dev.telltale.egress.TestScores.cpu;
import static dev.telltale.egress.TestScores.score;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.telltale.live.LiveScore;
import dev.telltale.series.Labels;
import dev.telltale.series.SeriesKey;
import dev.telltale.wire.prometheus.v1.Label;
import dev.telltale.wire.prometheus.v1.TimeSeries;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WriteBodyTest {

    private static final LiveScore FOUR = new LiveScore(DETECTOR, cpu("a"), 60_000, 5, 1.5, 2, 1, Double.NaN);

    private static List<TimeSeries> decoded(LiveScore... scores) throws InvalidProtocolBufferException {
        return ListeningFarEnd.decoded(WriteBody.of(List.of(scores))).getTimeseriesList();
    }

    @Test
    void makesASeriesOfEachValueThatARowHas() throws InvalidProtocolBufferException {
        assertThat(decoded(FOUR).stream().map(ListeningFarEnd::text))
                .containsExactly(
                        "telltale_score{detector=\"d\",instance=\"a\",metric=\"cpu\"} 1.5@60000",
                        "telltale_expected{detector=\"d\",instance=\"a\",metric=\"cpu\"} 2.0@60000",
                        "telltale_lower{detector=\"d\",instance=\"a\",metric=\"cpu\"} 1.0@60000");
        assertThat(WriteBody.samples(FOUR)).isEqualTo(3);
    }

    @Test
    void gathersTheRowsOfASeries() throws InvalidProtocolBufferException {
        assertThat(decoded(score(cpu("a"), 1, 0.5), score(cpu("b"), 1, 0.6), score(cpu("a"), 2, 0.7)).stream()
                        .map(ListeningFarEnd::text))
                .containsExactly(
                        "telltale_score{detector=\"d\",instance=\"a\",metric=\"cpu\"} 0.5@1 0.7@2",
                        "telltale_score{detector=\"d\",instance=\"b\",metric=\"cpu\"} 0.6@1");
    }

    @Test
    void sortsLabelsByTheirNames() throws InvalidProtocolBufferException {
        SeriesKey series = new SeriesKey("cpu", Labels.of(Map.of("Zone", "z", "_a", "1", "instance", "i")));
        assertThat(decoded(score(series, 1, 0.5)).getFirst().getLabelsList().stream()
                        .map(Label::getName))
                .containsExactly("Zone", "__name__", "_a", "detector", "instance", "metric");
    }
}
