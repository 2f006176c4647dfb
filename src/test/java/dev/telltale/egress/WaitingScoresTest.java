package dev.telltale.egress;

import static dev.telltale.egress.TestScores.DETECTOR;
import static dev.telltale.egress.TestScores.cpu;
import static dev.telltale.egress.TestScores.score;
import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.live.LiveScore;
import dev.telltale.series.Labels;
import dev.telltale.series.SeriesKey;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class WaitingScoresTest {

    private static final int MANY_BYTES = 1 << 20;

    private final WaitingScores waiting = new WaitingScores(10);

    private static List<LiveScore> rows(long from, long to) {
        return LongStream.range(from, to)
                .mapToObj(time -> score(cpu("a"), time, 0.5))
                .toList();
    }

    @Test
    void givesTheOldestFirstInBatches() throws InterruptedException {
        assertThat(waiting.add(rows(0, 5))).isEmpty();
        assertThat(waiting.take(2, MANY_BYTES)).isEqualTo(rows(0, 2));
        assertThat(waiting.take(9, MANY_BYTES)).isEqualTo(rows(2, 5));
    }

    @Test
    void letsGoOfTheOldestThatAreTooMany() throws InterruptedException {
        waiting.add(rows(0, 8));
        assertThat(waiting.add(rows(8, 13))).isEqualTo(rows(0, 3));
        assertThat(waiting.take(100, MANY_BYTES)).isEqualTo(rows(3, 13));
    }

    @Test
    void countsSamplesNotRows() throws InterruptedException {
        LiveScore four = new LiveScore(DETECTOR, cpu("a"), 1, 1, 0.5, 1, 0, 2);
        assertThat(waiting.add(List.of(four, four, four))).containsExactly(four);
        assertThat(waiting.take(7, MANY_BYTES)).containsExactly(four);
    }

    @Test
    void keepsBatchesSmallWhereLabelsAreLong() throws InterruptedException {
        SeriesKey series = new SeriesKey("cpu", Labels.of(Map.of("text", "x".repeat(4_000))));
        waiting.add(List.of(score(series, 1, 0.5), score(series, 2, 0.5), score(series, 3, 0.5)));
        assertThat(waiting.take(100, 9_000)).hasSize(2);
        assertThat(waiting.take(100, 100)).hasSize(1);
    }

    @Test
    void isEmptyOnceItIsClosedAndAllIsTaken() throws InterruptedException {
        waiting.add(rows(0, 2));
        waiting.close();
        assertThat(waiting.take(100, MANY_BYTES)).hasSize(2);
        assertThat(waiting.take(100, MANY_BYTES)).isEmpty();
    }
}
