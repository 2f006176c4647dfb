package dev.telltale.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.telltale.problem.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class LogRowTest {

    private static final SeriesKey CPU = new SeriesKey("cpu", Labels.NONE);

    @Test
    void tellsOfSamples() {
        SortedBatch batch = SortedBatch.of(
                new SampleBatch(new long[] {7, 3, 7}, new long[] {20, 5, -10}, new double[] {0.5, 1, 2}));
        assertThat(told(LogRow.samples(15, 1L << 40, batch))).containsExactly("3 {5=1.0}", "7 {-10=2.0, 20=0.5}");
    }

    @Test
    void tellsWhatMoved() {
        Map<Long, Long> newest = Map.of(3L, 1_700_000_000_000L, 900L, -5L, 1L << 50, Long.MIN_VALUE);
        assertThat(told(LogRow.moved(0, 1, new TreeMap<>(newest))))
                .containsExactly("3 up to 1700000000000", "900 up to -5", (1L << 50) + " up to " + Long.MIN_VALUE);
    }

    @Test
    void tellsWhatIsGone() {
        assertThat(told(LogRow.gone(3, 9, 1L << 50))).containsExactly((1L << 50) + " gone");
    }

    @Test
    void tellsWhatASeriesIsSaidToBe() {
        Series series = new Series(4, CPU, Optional.empty(), Optional.empty());
        assertThat(told(LogRow.described(1, 2, series))).containsExactly("4 Optional.empty Optional.empty");
        assertThat(told(LogRow.described(1, 2, series.with(Optional.of(""), Optional.of(Duration.ofDays(9))))))
                .containsExactly("4 Optional[] Optional[PT216H]");
        assertThat(told(LogRow.described(1, 2, series.with(Optional.of("µs"), Optional.empty()))))
                .containsExactly("4 Optional[µs] Optional.empty");
    }

    @Test
    void tellsWhatEnded() {
        Map<Long, Long> ends = Map.of(3L, 1_700_000_000_000L, 900L, -5L);
        assertThat(told(LogRow.ended(2, 7, new TreeMap<>(ends))))
                .containsExactly("3 ended at 1700000000000", "900 ended at -5");
    }

    @Test
    void tellsOfAnUploadWhatMovedAndWhatCame() {
        Map<Long, Long> newest = Map.of(3L, 20L, 4L, 1_700_000_000_000L, 9L, Long.MIN_VALUE);
        Map<Long, TimeSpan> came =
                Map.of(3L, new TimeSpan(-10, 20), 4L, new TimeSpan(Long.MIN_VALUE / 4, Long.MAX_VALUE / 4));
        assertThat(told(LogRow.uploaded(2, 7, new TreeMap<>(newest), came)))
                .containsExactly(
                        "3 up to 20",
                        "3 got samples from -10 to 20",
                        "4 up to 1700000000000",
                        "4 got samples from " + Long.MIN_VALUE / 4 + " to " + Long.MAX_VALUE / 4,
                        "9 up to " + Long.MIN_VALUE);
    }

    @Test
    void findsEveryChangedByteAndARowOfAnotherPlace() {
        LogRow row = LogRow.gone(3, 9, 5);
        int kind = row.kind().number();
        for (int i = 0; i < row.bytes().length; i++) {
            byte[] changed = row.bytes().clone();
            changed[i] ^= 4;
            assertThatThrownBy(() -> LogRow.read(3, 9, kind, changed))
                    .isInstanceOfSatisfying(
                            Problem.class,
                            problem -> assertThat(problem.type()).isEqualTo(SeriesProblem.DAMAGED_SAMPLES));
        }
        assertThatThrownBy(() -> LogRow.read(4, 9, kind, row.bytes())).hasMessageContaining("partition 4");
        assertThatThrownBy(() -> LogRow.read(3, 10, kind, row.bytes())).hasMessageContaining("row 10");
        assertThatThrownBy(() -> LogRow.read(3, 9, kind, new byte[0])).hasMessageContaining("damaged");
    }

    @Test
    void takesNoKindThatItDoesNotKnow() {
        LogRow row = LogRow.gone(3, 9, 5);
        assertThatThrownBy(() -> LogRow.read(3, 9, 99, row.bytes())).hasMessageContaining("newer Telltale");
    }

    /// What a row tells once it was read back.
    private static List<String> told(LogRow row) {
        List<String> told = new ArrayList<>();
        LogRow.read(row.partition(), row.sequence(), row.kind().number(), row.bytes())
                .tell(new LogRow.Reader() {
                    @Override
                    public void samples(long seriesId, Samples samples) {
                        told.add(seriesId + " " + SeriesStoreContract.asMap(samples));
                    }

                    @Override
                    public void moved(long seriesId, long newest) {
                        told.add(seriesId + " up to " + newest);
                    }

                    @Override
                    public void gone(long seriesId) {
                        told.add(seriesId + " gone");
                    }

                    @Override
                    public void described(long seriesId, Optional<String> unit, Optional<Duration> interval) {
                        told.add(seriesId + " " + unit + " " + interval);
                    }

                    @Override
                    public void ended(long seriesId, long time) {
                        told.add(seriesId + " ended at " + time);
                    }

                    @Override
                    public void came(long seriesId, TimeSpan span) {
                        told.add(seriesId + " got samples from " + span.first() + " to " + span.last());
                    }
                });
        return told;
    }
}
