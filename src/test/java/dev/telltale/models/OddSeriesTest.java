package dev.telltale.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.telltale.autoencoder.Reconstructor;
import dev.telltale.models.TestModels.MeanReconstructor;
import dev.telltale.problem.Problem;
import dev.telltale.series.Labels;
import dev.telltale.series.Samples;
import dev.telltale.series.Series;
import dev.telltale.series.SeriesKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Series as no textbook has them, through scaling, calibration and scoring: each row gets a finite score or, where
/// its window is not full, none; and whatever leaves a constant is found. The network answers the window's mean.
class OddSeriesTest {

    private static final int SERIES = Integer.getInteger("odd.series", 10_000);
    private static final int LENGTH = 4;
    private static final int SCORED = 40;
    private static final int CHANGED_AFTER = 20;
    /// Noise takes long, so that there is less of it.
    private static final int ONE_NOISE_OF = 5;

    private enum Kind {
        CONSTANT,
        ZERO,
        TWO_VALUES,
        NOISE,
        STEPS,
        HUGE,
        DENORMAL,
        SPIKES,
        HOLES;

        /// Rows to learn from: so many that the line of noise, a rate of 1 in 10,000, is not guessed from few.
        int learned() {
            return this == NOISE ? 3_000 : 200;
        }
    }

    @Test
    void scoresEveryRowWithAFiniteNumberAndFindsAnyChangeOfAConstant() {
        Random random = new Random(24);
        Map<Kind, Integer> found = new EnumMap<>(Kind.class);
        for (int i = 0; i < SERIES; i++) {
            Kind kind = kind(i);
            int learned = kind.learned();
            String name = kind + ", number " + i;
            double[] values = values(kind, random);
            boolean changed = kind == Kind.CONSTANT || kind == Kind.ZERO || kind == Kind.NOISE;
            if (changed) {
                values[learned + CHANGED_AFTER] = changed(kind, values, random);
            }
            try (LoadedModel model = learn(name, kind, values)) {
                List<ScoredRow> rows = new ArrayList<>();
                ScoringPass pass = new ScoringPass(model, Long.MIN_VALUE, Long.MAX_VALUE, Optional.empty(), rows::add);
                pass.accept(0, samples(values, learned - LENGTH, values.length));
                pass.finish();
                check(name, kind, rows);
                if (changed) {
                    ScoredRow row = rows.get(CHANGED_AFTER + LENGTH);
                    assertThat(row.anomalous())
                            .as("%s: %s after %s", name, values[learned + CHANGED_AFTER], values[0])
                            .isTrue();
                    found.merge(kind, 1, Integer::sum);
                }
            }
        }
        System.out.println(SERIES + " odd series: every score finite; changes found, all of them: " + found);
    }

    private static Kind kind(int number) {
        Kind kind = Kind.values()[number % Kind.values().length];
        return kind == Kind.NOISE && number / Kind.values().length % ONE_NOISE_OF != 0 ? Kind.CONSTANT : kind;
    }

    private static void check(String name, Kind kind, List<ScoredRow> rows) {
        int full = 0;
        for (ScoredRow row : rows) {
            if (row.verdict().isPresent()) {
                full++;
                double score = row.score().orElseThrow();
                if (!(score >= 0 && score <= Double.MAX_VALUE)
                        || !Double.isFinite(row.error().orElseThrow())) {
                    fail("%s: a score is %s", name, score);
                }
                for (OptionalDouble shown : List.of(row.expected(0), row.lower(0), row.upper(0))) {
                    if (shown.isPresent() && !Double.isFinite(shown.getAsDouble())) {
                        fail("%s: %s is shown", name, shown);
                    }
                }
            }
        }
        if (kind != Kind.HOLES) {
            assertThat(full).as(name).isEqualTo(rows.size() - LENGTH + 1);
        }
    }

    private static double[] values(Kind kind, Random random) {
        // What differs by less than 1e-9 is the same to a scaling, however small the values are.
        double smallest = kind == Kind.CONSTANT || kind == Kind.NOISE ? 0 : -300;
        double level = (random.nextBoolean() ? 1 : -1) * Math.pow(10, random.nextDouble(smallest, 300));
        double spread = Math.abs(level) * Math.pow(10, random.nextDouble(-6, 3));
        double[] values = new double[kind.learned() + SCORED];
        for (int i = 0; i < values.length; i++) {
            values[i] = switch (kind) {
                case CONSTANT -> level;
                case ZERO -> random.nextBoolean() ? 0.0 : -0.0;
                case TWO_VALUES -> random.nextBoolean() ? level : Math.nextUp(level);
                case NOISE -> level + spread * random.nextGaussian();
                case STEPS -> i < kind.learned() * 2 / 3 ? level : level + spread;
                case HUGE -> (random.nextBoolean() ? 1 : -1) * Double.MAX_VALUE * random.nextDouble();
                case DENORMAL -> Double.MIN_VALUE * random.nextInt(5);
                case SPIKES -> random.nextInt(50) == 0 ? spread : level;
                case HOLES -> random.nextInt(4) == 0 ? Double.NaN : level + spread * random.nextGaussian();
            };
        }
        values[0] = Double.isNaN(values[0]) ? level : values[0];
        return values;
    }

    /// More than the 1e-8 of its value from a constant, or ten deviations from noise.
    private static double changed(Kind kind, double[] values, Random random) {
        double sign = random.nextBoolean() ? 1 : -1;
        return switch (kind) {
            case CONSTANT -> values[0] * (1 + sign * Math.pow(10, random.nextDouble(-7.9, 3)));
            case ZERO -> sign * Math.pow(10, random.nextDouble(-7.9, 300));
            default -> {
                double[] learned = Arrays.copyOf(values, kind.learned());
                double mean = Arrays.stream(learned).average().orElseThrow();
                double deviation = Math.sqrt(Arrays.stream(learned)
                        .map(value -> (value - mean) * (value - mean))
                        .average()
                        .orElseThrow());
                yield mean + sign * 10 * deviation;
            }
        };
    }

    private static LoadedModel learn(String name, Kind kind, double[] values) {
        ModelSpecification specification = TestModels.specification("odd", LENGTH);
        Series series = new Series(17, new SeriesKey("cpu", Labels.NONE), Optional.empty(), Optional.empty());
        Samples samples = samples(values, 0, kind.learned());
        TrainingData data;
        try {
            data = TrainingData.of(specification, List.of(new TrainingData.Source(series, samples, List.of())));
        } catch (Problem problem) {
            throw new AssertionError(name + ": " + problem.detail(), problem);
        }
        Reconstructor network = new MeanReconstructor();
        Manifest some = TestModels.manifest(specification);
        Manifest manifest = new Manifest(
                Manifest.FORMAT_VERSION,
                specification.name(),
                1,
                Instant.EPOCH,
                specification,
                some.sources(),
                data.frame().grid(),
                data.scaling(),
                Scoring.of(data.scale(rows -> data.errors(network, rows))),
                null,
                some.history(),
                1,
                0,
                some.evaluation(),
                List.of(),
                Map.of(),
                null);
        return new LoadedModel(manifest, network, Optional.empty());
    }

    private static Samples samples(double[] values, int from, int to) {
        int[] there =
                IntStream.range(from, to).filter(i -> !Double.isNaN(values[i])).toArray();
        return new Samples(
                Arrays.stream(there)
                        .mapToLong(i -> TestModels.ORIGIN + i * TestModels.MINUTE)
                        .toArray(),
                Arrays.stream(there).mapToDouble(i -> values[i]).toArray());
    }
}
