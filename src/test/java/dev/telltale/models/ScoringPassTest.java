package dev.telltale.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.telltale.autoencoder.Weights;
import dev.telltale.autoencoder.Weights.Parameter;
import dev.telltale.models.ModelSpecification.ErrorOf;
import dev.telltale.models.ModelSpecification.FeatureChoice;
import dev.telltale.models.ModelSpecification.Partner;
import dev.telltale.models.TestModels.MeanReconstructor;
import dev.telltale.series.Samples;
import dev.telltale.signal.Feature;
import dev.telltale.signal.GapPolicy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
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
        assertThat(last.value(0)).isEqualTo(14);
        assertThat(last.expected(0)).hasValue(11);
        assertThat(last.error()).hasValue(0.5625);
        assertThat(last.anomalous()).isFalse();
        assertThat(last.contribution(0)).hasValue(1);
        // The line is an error of .9, which in units of the series is 4·√.9 away.
        assertThat(last.upper(0).orElseThrow()).isCloseTo(11 + 4 * Math.sqrt(0.9), within(1e-6));
    }

    @Test
    void saysAnomalousJustWhereTheScoreIsAboveOne() {
        List<ScoredRow> rows = all(4, GapPolicy.DEFAULT, samples(10, 10, 10, 10, 30, 10, 10, 10, 10));

        assertThat(rows)
                .filteredOn(row -> row.verdict().isPresent())
                .allSatisfy(
                        row -> assertThat(row.anomalous()).isEqualTo(row.score().orElseThrow() > 1));
        assertThat(rows)
                .filteredOn(ScoredRow::anomalous)
                .extracting(row -> row.value(0))
                .contains(30.0);
    }

    @Test
    void sharesTheErrorAmongTheChannels() {
        // Scaled the row is 0, 0, 1.5, its mean .5: squared differences .25, .25 and 1.
        List<ScoredRow> rows = all(1, GapPolicy.DEFAULT, List.of(samples(10, 10), samples(10, 10), samples(10, 16)));

        ScoredRow row = rows.getLast();
        assertThat(row.values()).containsExactly(10.0, 10.0, 16.0);
        assertThat(row.error()).hasValue(0.5);
        assertThat(row.contribution(0).orElseThrow()).isCloseTo(1 / 6.0, within(1e-12));
        assertThat(row.contribution(1).orElseThrow()).isCloseTo(1 / 6.0, within(1e-12));
        assertThat(row.contribution(2).orElseThrow()).isCloseTo(4 / 6.0, within(1e-12));
        // Up to three times the line of .9 the others leave 2.7 − .5 to the third.
        assertThat(row.upper(2).orElseThrow()).isCloseTo(12 + 4 * Math.sqrt(2.2), within(1e-5));
        assertThat(rows.getFirst().contribution(0)).isEmpty(); // there is no error to share
    }

    @Test
    void givesNoBoundsToAChannelWhoseNeighboursAlonePassTheLine() {
        ScoredRow row = all(1, GapPolicy.DEFAULT, List.of(samples(10), samples(10), samples(22)))
                .getFirst();

        assertThat(row.anomalous()).isTrue();
        assertThat(row.lower(0)).isEmpty();
        assertThat(row.upper(1)).isEmpty();
        assertThat(row.upper(2)).isPresent();
    }

    @Test
    void beginsWhereAllChannelsHaveBegunAndEndsWithTheFirst() {
        Samples early = samples(10, 11, 12, 13);
        Samples late = new Samples(
                new long[] {ORIGIN + 2 * MINUTE, ORIGIN + 3 * MINUTE, ORIGIN + 4 * MINUTE}, new double[] {1, 2, 3});

        assertThat(all(1, GapPolicy.DEFAULT, List.of(early, late)))
                .extracting(ScoredRow::values)
                .containsExactly(List.of(12.0, 1.0), List.of(13.0, 2.0));
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
        for (int round = 0; round < 300; round++) {
            int length = 1 + random.nextInt(6);
            List<Samples> samples = Stream.generate(() -> random(random, 20 + random.nextInt(60)))
                    .limit(1 + round % 3)
                    .toList();
            ErrorOf errorOf = random.nextBoolean() ? ErrorOf.LAST : ErrorOf.MEAN;
            LoadedModel model = round % 10 == 0
                    ? hybrid(length, gaps, errorOf, samples.size())
                    : round % 3 == 0
                            ? withFeatures(length, gaps, errorOf, samples.size())
                            : model(length, gaps, errorOf, samples.size());
            List<ScoredRow> whole = between(Long.MIN_VALUE, Long.MAX_VALUE, model, samples);

            assertThat(inPieces(model, samples, random)).isEqualTo(whole);

            long start = ORIGIN + random.nextInt(80) * MINUTE / 2;
            long end = start + random.nextInt(60) * MINUTE / 2;
            assertThat(range(model, samples, start, end))
                    .isEqualTo(whole.stream()
                            .filter(row -> row.time() >= start && row.time() <= end)
                            .toList());
        }
    }

    @Test
    void averagesOverTheWindowsThatHoldARow() {
        // Scaled 0, 0, 1, 0 in windows of 2: their means 0, .5 and .5, so that row 2 is off by .5 in both
        // windows, row 1 by 0 and .5, and the rows at the edges are in one window each.
        LoadedModel model = model(2, GapPolicy.DEFAULT, ErrorOf.MEAN, 1);

        List<ScoredRow> rows = between(Long.MIN_VALUE, Long.MAX_VALUE, model, List.of(samples(10, 10, 14, 10)));

        assertThat(rows).extracting(row -> row.error().orElseThrow()).containsExactly(0.0, 0.125, 0.25, 0.25);
        assertThat(rows).extracting(row -> row.expected(0).orElseThrow()).containsExactly(10.0, 11.0, 12.0, 12.0);
        assertThat(rows).allSatisfy(row -> assertThat(row.lower(0)).isEmpty());
    }

    @Test
    void averagesLikeThePlainestLoop() {
        Random random = new Random(11);
        for (int round = 0; round < 100; round++) {
            int length = 1 + random.nextInt(5);
            int count = length + random.nextInt(20);
            double[] values = random.doubles(count, 10, 14).toArray();
            List<ScoredRow> rows = between(
                    Long.MIN_VALUE,
                    Long.MAX_VALUE,
                    model(length, GapPolicy.DEFAULT, ErrorOf.MEAN, 1),
                    List.of(samples(values)));
            for (int row = 0; row < count; row++) {
                double sum = 0;
                int windows = 0;
                for (int start = Math.max(0, row - length + 1); start <= Math.min(row, count - length); start++) {
                    double mean = Arrays.stream(values, start, start + length)
                            .map(value -> (value - 10) / 4)
                            .average()
                            .orElseThrow();
                    sum += Math.pow((values[row] - 10) / 4 - mean, 2);
                    windows++;
                }
                assertThat(rows.get(row).error().orElseThrow()).isCloseTo(sum / windows, within(1e-6));
            }
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
            assertThat(scored).extracting(row -> row.value(0)).containsExactlyElementsOf(rows.values());
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
        return all(length, gaps, List.of(samples));
    }

    private static List<ScoredRow> all(int length, GapPolicy gaps, List<Samples> channels) {
        return between(Long.MIN_VALUE, Long.MAX_VALUE, model(length, gaps, ErrorOf.LAST, channels.size()), channels);
    }

    private static List<ScoredRow> inPieces(LoadedModel model, List<Samples> channels, Random random) {
        List<ScoredRow> rows = new ArrayList<>();
        ScoringPass pass = new ScoringPass(model, Long.MIN_VALUE, Long.MAX_VALUE, explainer(model), rows::add);
        int[] taken = new int[channels.size()];
        while (!pass.isOver()) {
            for (int c = 0; c < taken.length; c++) {
                if (pass.wants(c) && random.nextBoolean()) {
                    int to = Math.min(channels.get(c).count(), taken[c] + 1 + random.nextInt(12));
                    if (to == taken[c]) {
                        pass.end(c);
                    } else {
                        pass.accept(c, part(channels.get(c), taken[c], to));
                    }
                    taken[c] = to;
                }
            }
            pass.judge();
        }
        pass.finish();
        return rows;
    }

    private static List<ScoredRow> range(LoadedModel model, List<Samples> channels, long start, long end) {
        ScoringPass asked = new ScoringPass(model, start, end, Optional.empty(), row -> {});
        long from = asked.firstNeeded();
        long to = asked.lastNeeded();
        return between(
                start,
                end,
                model,
                channels.stream()
                        .map(samples -> part(samples, first(samples, from), first(samples, to + 1)))
                        .toList());
    }

    private static List<ScoredRow> between(long start, long end, LoadedModel model, List<Samples> channels) {
        List<ScoredRow> rows = new ArrayList<>();
        ScoringPass pass = new ScoringPass(model, start, end, explainer(model), rows::add);
        for (int c = 0; c < channels.size(); c++) {
            pass.accept(c, channels.get(c));
        }
        pass.finish();
        assertThat(pass.isOver()).isTrue();
        return rows;
    }

    /// Explanations, too, must not depend on how the samples were cut.
    private static Optional<Explainer> explainer(LoadedModel model) {
        return Optional.of(new Explainer(model, Optional.empty()));
    }

    /// The index of the first sample at a time or after it.
    private static int first(Samples samples, long time) {
        return (int) Arrays.stream(samples.times()).filter(t -> t < time).count();
    }

    private static Samples part(Samples samples, int from, int to) {
        return new Samples(
                Arrays.copyOfRange(samples.times(), from, to), Arrays.copyOfRange(samples.values(), from, to));
    }

    @Test
    void judgesARowWithAPartnerByTheWindowThatItEnds() {
        Samples samples = random(new Random(1), 40);
        for (ErrorOf errorOf : ErrorOf.values()) {
            LoadedModel model = hybrid(4, GapPolicy.DEFAULT, errorOf, 1);
            List<ScoredRow> rows = between(Long.MIN_VALUE, Long.MAX_VALUE, model, List.of(samples));

            assertThat(rows)
                    .extracting(row -> row.verdict().isPresent())
                    .isEqualTo(all(4, GapPolicy.DEFAULT, samples).stream()
                            .map(row -> row.verdict().isPresent())
                            .toList());
            for (ScoredRow row : rows) {
                row.verdict().ifPresent(verdict -> {
                    double blend = model.hybrid()
                            .orElseThrow()
                            .blend()
                            .of(verdict.error(), verdict.partner().orElseThrow());
                    assertThat(verdict.score())
                            .isEqualTo(model.hybrid().orElseThrow().scale().score(blend));
                    assertThat(row.explanation().orElseThrow().evidence())
                            .extracting(Explanation.Evidence::share)
                            .satisfies(shares ->
                                    assertThat(shares.get(0) + shares.get(1)).isEqualTo(1));
                });
            }
        }
    }

    private static LoadedModel withFeatures(int length, GapPolicy gaps, ErrorOf errorOf, int channels) {
        List<FeatureChoice> features = List.of(
                new FeatureChoice(new Feature.RollingMean(5), Optional.of("cpu0")),
                new FeatureChoice(new Feature.Difference(), Optional.empty()),
                new FeatureChoice(new Feature.DayOfWeek(), Optional.empty()));
        Manifest manifest = TestModels.manifest(
                TestModels.with(specification(length, gaps, errorOf, channels), Optional.empty(), features));
        return new LoadedModel(manifest, new MeanReconstructor(), Optional.empty());
    }

    @Test
    void givesNoVerdictWhereTheHistoryOfAFeatureIsMissingAndJudgesNotByTime() {
        Samples samples = random(new Random(3), 60);
        LoadedModel model = withFeatures(1, new GapPolicy(GapPolicy.Fill.NONE), ErrorOf.LAST, 1);
        List<ScoredRow> rows = between(Long.MIN_VALUE, Long.MAX_VALUE, model, List.of(samples));

        int run = 0;
        long last = Long.MIN_VALUE;
        for (ScoredRow row : rows) {
            run = row.time() == last + MINUTE ? run + 1 : 1;
            last = row.time();
            assertThat(row.verdict().isPresent()).isEqualTo(run >= 5);
            assertThat(row.known(1).isPresent()).isEqualTo(run >= 5);
            assertThat(row.known(2).isPresent()).isEqualTo(run >= 2);
            row.verdict().ifPresent(verdict -> {
                double sum = IntStream.range(0, 3)
                        .mapToDouble(channel -> row.contribution(channel).orElseThrow())
                        .sum();
                assertThat(sum).isCloseTo(1, within(1e-9));
                assertThat(row.contribution(3)).isEmpty();
                assertThat(row.lower(0)).isEmpty();
            });
        }
        assertThat(rows).filteredOn(row -> row.verdict().isPresent()).hasSizeGreaterThan(3);
    }

    /// A model with a forest of three points beside it.
    private static LoadedModel hybrid(int length, GapPolicy gaps, ErrorOf errorOf, int channels) {
        Manifest manifest = TestModels.manifest(
                TestModels.with(specification(length, gaps, errorOf, channels), Partner.RANDOM_CUT_FOREST));
        int width = length * channels;
        float[] points = new float[3 * width];
        for (int i = 0; i < points.length; i++) {
            points[i] = i % 7 / 7f;
        }
        SavedModel saved =
                new SavedModel(manifest, new Weights(List.of(new Parameter(Hybrid.POINTS, List.of(3, width), points))));
        return new LoadedModel(
                manifest, new MeanReconstructor(), Optional.of(Hybrid.of(Partner.RANDOM_CUT_FOREST, saved)));
    }

    private static LoadedModel model(int length, GapPolicy gaps, ErrorOf errorOf, int channels) {
        Manifest manifest = TestModels.manifest(specification(length, gaps, errorOf, channels));
        return new LoadedModel(manifest, new MeanReconstructor(), Optional.empty());
    }

    private static ModelSpecification specification(int length, GapPolicy gaps, ErrorOf errorOf, int channels) {
        String[] series = IntStream.range(0, channels).mapToObj(c -> "cpu" + c).toArray(String[]::new);
        return TestModels.specification("cpu", length, gaps, errorOf, series);
    }
}
