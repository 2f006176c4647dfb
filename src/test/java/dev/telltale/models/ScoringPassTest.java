package dev.telltale.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.telltale.models.TestModels.MeanReconstructor;
import dev.telltale.series.Samples;
import dev.telltale.signal.GapPolicy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ScoringPassTest {

    private static final long ORIGIN = TestModels.ORIGIN;
    private static final long MINUTE = TestModels.MINUTE;

    @Test
    void givesAWindowsLastRowItsScoreAndEarlierRowsNone() {
        // Scaled by (value − 10) / 4 the window is 0, 0, 0, 1, its mean .25, the last row's error .75².
        List<ScoredRow> rows = all(4, GapPolicy.DEFAULT, samples(10, 10, 10, 14));

        assertThat(rows).hasSize(4);
        assertThat(rows.subList(0, 3))
                .allSatisfy(row -> assertThat(row.verdict()).isEmpty());
        ScoredRow last = rows.getLast();
        assertThat(last.time()).isEqualTo(ORIGIN + 3 * MINUTE);
        assertThat(last.value()).isEqualTo(14);
        ScoredRow.Verdict verdict = last.verdict().orElseThrow();
        assertThat(verdict.expected()).hasValue(11);
        assertThat(verdict.error()).isEqualTo(0.5625);
        assertThat(verdict.anomalous()).isFalse();
        // The line is an error of .9, which in units of the series is 4·√.9 away.
        assertThat(verdict.bounds().orElseThrow().upper()).isCloseTo(11 + 4 * Math.sqrt(0.9), within(1e-6));
    }

    @Test
    void saysAnomalousJustWhereTheScoreIsAboveOne() {
        List<ScoredRow> rows = all(4, GapPolicy.DEFAULT, samples(10, 10, 10, 10, 30, 10, 10, 10, 10));

        assertThat(rows).filteredOn(row -> row.verdict().isPresent()).allSatisfy(row -> {
            ScoredRow.Verdict verdict = row.verdict().orElseThrow();
            assertThat(verdict.anomalous()).isEqualTo(verdict.score() > 1);
        });
        assertThat(rows)
                .filteredOn(row ->
                        row.verdict().filter(ScoredRow.Verdict::anomalous).isPresent())
                .extracting(ScoredRow::value)
                .contains(30.0);
    }

    @Test
    void tellsNoFilledRowButUsesItInWindows() {
        // Row 2 is missing and filled, so that the window of rows 0 to 3 is whole.
        Samples samples =
                new Samples(new long[] {ORIGIN, ORIGIN + MINUTE, ORIGIN + 3 * MINUTE}, new double[] {10, 10, 10});

        List<ScoredRow> rows = all(4, GapPolicy.DEFAULT, samples);

        assertThat(rows).hasSize(3);
        assertThat(rows.getLast().verdict()).isPresent();
    }

    @Test
    void scoresNothingUntilAWindowIsFullAfterALongGap() {
        List<Long> times = new ArrayList<>();
        for (long row : new long[] {0, 1, 2, 3, 8, 9, 10, 11}) {
            times.add(ORIGIN + row * MINUTE);
        }
        Samples samples = new Samples(times.stream().mapToLong(Long::longValue).toArray(), new double[8]);

        List<ScoredRow> rows = all(4, GapPolicy.DEFAULT, samples);

        assertThat(rows)
                .extracting(row -> row.verdict().isPresent())
                .containsExactly(false, false, false, true, false, false, false, true);
    }

    @ParameterizedTest
    @EnumSource(GapPolicy.Fill.class)
    void givesARowTheSameVerdictHoweverTheSamplesAreCutAndFromWhereTheyAreAsked(GapPolicy.Fill fill) {
        Random random = new Random(7);
        GapPolicy gaps = new GapPolicy(fill);
        for (int round = 0; round < 200; round++) {
            int length = 1 + random.nextInt(6);
            Samples samples = random(random, 20 + random.nextInt(60));
            List<ScoredRow> whole = all(length, gaps, samples);

            assertThat(inPieces(length, gaps, samples, random)).isEqualTo(whole);

            long start = ORIGIN + random.nextInt(80) * MINUTE / 2;
            long end = start + random.nextInt(60) * MINUTE / 2;
            assertThat(range(length, gaps, samples, start, end))
                    .isEqualTo(whole.stream()
                            .filter(row -> row.time() >= start && row.time() <= end)
                            .toList());
        }
    }

    @Test
    void takesTheLastSampleOfARow() {
        Random random = new Random(3);
        for (int round = 0; round < 100; round++) {
            Samples samples = random(random, 40);
            TreeMap<Long, Double> rows = new TreeMap<>();
            for (int i = 0; i < samples.count(); i++) {
                long row = Math.ceilDiv(samples.time(i) - ORIGIN, MINUTE);
                rows.put(ORIGIN + row * MINUTE, samples.value(i));
            }

            List<ScoredRow> scored = all(2, new GapPolicy(GapPolicy.Fill.NONE), samples);

            assertThat(scored).extracting(ScoredRow::time).containsExactlyElementsOf(rows.keySet());
            assertThat(scored).extracting(ScoredRow::value).containsExactlyElementsOf(rows.values());
        }
    }

    private static Samples samples(double... values) {
        long[] times = new long[values.length];
        Arrays.setAll(times, i -> ORIGIN + i * MINUTE);
        return new Samples(times, values);
    }

    /// Samples with jitter, some rows twice, some missing, some long gaps.
    private static Samples random(Random random, int count) {
        long[] times = new long[count];
        double[] values = new double[count];
        long time = ORIGIN - 5 * MINUTE;
        for (int i = 0; i < count; i++) {
            int dice = random.nextInt(10);
            time += dice == 0 ? 1 + random.nextInt(20_000) : MINUTE * (dice < 7 ? 1 : dice - 5) + random.nextInt(9) - 4;
            times[i] = time;
            values[i] = 10 + 4 * random.nextDouble();
        }
        return new Samples(times, values);
    }

    private static List<ScoredRow> all(int length, GapPolicy gaps, Samples samples) {
        List<ScoredRow> rows = new ArrayList<>();
        ScoringPass pass = new ScoringPass(model(length, gaps), Long.MIN_VALUE, Long.MAX_VALUE, rows::add);
        pass.accept(samples);
        pass.finish();
        return rows;
    }

    private static List<ScoredRow> inPieces(int length, GapPolicy gaps, Samples samples, Random random) {
        List<ScoredRow> rows = new ArrayList<>();
        ScoringPass pass = new ScoringPass(model(length, gaps), Long.MIN_VALUE, Long.MAX_VALUE, rows::add);
        for (int from = 0; from < samples.count(); ) {
            int to = Math.min(samples.count(), from + 1 + random.nextInt(12));
            pass.accept(part(samples, from, to));
            from = to;
        }
        pass.finish();
        return rows;
    }

    private static List<ScoredRow> range(int length, GapPolicy gaps, Samples samples, long start, long end) {
        LoadedModel model = model(length, gaps);
        List<ScoredRow> rows = new ArrayList<>();
        ScoringPass pass = new ScoringPass(model, start, end, rows::add);
        long needed = ScoringPass.firstNeeded(model.manifest(), start);
        int from = 0;
        while (from < samples.count() && samples.time(from) < needed) {
            from++;
        }
        int to = from;
        while (to < samples.count() && samples.time(to) <= end) {
            to++;
        }
        pass.accept(part(samples, from, to));
        pass.finish();
        return rows;
    }

    private static Samples part(Samples samples, int from, int to) {
        return new Samples(
                Arrays.copyOfRange(samples.times(), from, to), Arrays.copyOfRange(samples.values(), from, to));
    }

    private static LoadedModel model(int length, GapPolicy gaps) {
        Manifest manifest = TestModels.manifest(TestModels.specification("cpu", length, gaps));
        return new LoadedModel(manifest, new MeanReconstructor());
    }
}
