package dev.telltale.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.telltale.signal.Scaling;
import dev.telltale.signal.Scaling.Channel;
import dev.telltale.signal.Scaling.Kind;
import dev.telltale.signal.Windows;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BoundsTest {

    private static final Scaling ONE = new Scaling(Kind.MIN_MAX, List.of(new Channel(100, 50, false)));

    @Test
    void lieWhereTheErrorReachesTheLine() {
        // 0.5 ± √0.04 is 0.3 and 0.7, which stand for 115 and 135
        Bounds bounds = bounds(ONE, 0.5f, 0.04).orElseThrow();
        assertThat(bounds.lower()).isCloseTo(115, within(1e-5));
        assertThat(bounds.upper()).isCloseTo(135, within(1e-5));
    }

    @Test
    void narrowByTheErrorsOfTheOtherChannels() {
        Channel plain = new Channel(0, 1, false);
        Scaling two = new Scaling(Kind.NONE, List.of(plain, plain));
        // (d² + 0.1) / 2 = 0.13 at d = 0.4
        float[] rebuilt = {1, 0};
        assertThat(Bounds.around(two, 0, new float[] {0, (float) Math.sqrt(0.1)}, rebuilt, 0, 0.13)
                        .orElseThrow()
                        .upper())
                .isCloseTo(1.4, within(1e-6));
        assertThat(Bounds.around(two, 0, new float[] {0, (float) Math.sqrt(0.27)}, rebuilt, 0, 0.13))
                .isEmpty();
    }

    @Test
    void areAbsentWhereTheAnswerIsNotANumber() {
        assertThat(bounds(ONE, Float.NaN, 0.04)).isEmpty();
        Channel plain = new Channel(0, 1, false);
        Scaling two = new Scaling(Kind.NONE, List.of(plain, plain));
        for (float answer : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
            assertThat(Bounds.around(two, 0, new float[2], new float[] {0.5f, answer}, 0, 0.04))
                    .isEmpty();
        }
    }

    @Test
    void justInsideIsNormalAndJustOutsideAnomalous() {
        Random random = new Random(50);
        for (int trial = 0; trial < 5000; trial++) {
            int channels = 1 + random.nextInt(3);
            Scaling scaling = new Scaling(
                    Kind.STANDARD,
                    IntStream.range(0, channels)
                            .mapToObj(c -> new Channel(random.nextGaussian() * 100, 0.1 + random.nextDouble(), false))
                            .toList());
            double line = 1e-3 + random.nextDouble();
            int channel = random.nextInt(channels);
            float[] rebuilt = new float[channels];
            float[] original = new float[channels];
            for (int c = 0; c < channels; c++) {
                rebuilt[c] = random.nextFloat();
                original[c] = rebuilt[c] + random.nextFloat() / 10;
            }
            Bounds.around(scaling, channel, original, rebuilt, 0, line).ifPresent(bounds -> {
                double step = 1e-9 * scaling.channels().get(channel).scale();
                assertThat(error(scaling, channel, bounds.lower() + step, original, rebuilt))
                        .isLessThanOrEqualTo(line);
                assertThat(error(scaling, channel, bounds.upper() - step, original, rebuilt))
                        .isLessThanOrEqualTo(line);
                assertThat(error(scaling, channel, bounds.lower() - step, original, rebuilt))
                        .isGreaterThan(line);
                assertThat(error(scaling, channel, bounds.upper() + step, original, rebuilt))
                        .isGreaterThan(line);
            });
        }
    }

    @Test
    void holdARowThatLiesExactlyAtTheLine() {
        Random random = new Random(51);
        for (int trial = 0; trial < 5000; trial++) {
            double value = random.nextGaussian() * Math.pow(10, random.nextInt(20) - 10);
            Scaling scaling = new Scaling(
                    Kind.STANDARD, List.of(new Channel(value, Math.max(1e-9 * Math.abs(value), 1e-9), true)));
            float[] rebuilt = {random.nextFloat()};
            double line = error(scaling, 0, value, new float[1], rebuilt);
            Bounds bounds = bounds(scaling, rebuilt[0], line).orElseThrow();
            assertThat(value).isBetween(bounds.lower(), bounds.upper());
        }
    }

    @Test
    void holdEachChannelOfARowThatLiesExactlyAtTheLine() {
        Random random = new Random(52);
        for (int trial = 0; trial < 5000; trial++) {
            int channels = 2 + random.nextInt(40);
            Scaling scaling = new Scaling(
                    Kind.NONE,
                    IntStream.range(0, channels)
                            .mapToObj(c -> new Channel(0, 1, false))
                            .toList());
            float[] original = new float[channels];
            float[] rebuilt = new float[channels];
            for (int c = 0; c < channels; c++) {
                original[c] = random.nextFloat();
                rebuilt[c] = random.nextInt(4) == 0 ? Math.nextUp(original[c]) : random.nextFloat();
            }
            double line = error(scaling, 0, original[0], original, rebuilt);
            for (int c = 0; c < channels; c++) {
                Bounds atTheLine =
                        Bounds.around(scaling, c, original, rebuilt, 0, line).orElseThrow();
                assertThat((double) original[c]).isBetween(atTheLine.lower(), atTheLine.upper());

                double edge = original[c] > rebuilt[c] ? atTheLine.upper() : atTheLine.lower();
                float inside = inwards(edge, rebuilt[c]);
                float outside = original[c] > rebuilt[c] ? Math.nextUp(inside) : Math.nextDown(inside);
                assertThat(error(scaling, c, inside, original, rebuilt)).isLessThanOrEqualTo(line);
                assertThat(error(scaling, c, outside, original, rebuilt)).isGreaterThan(line);
            }
        }
    }

    @Test
    void reachAsFarAsThereAreValuesWhereNoneReachesTheLine() {
        assertThat(bounds(ONE, 0.5f, 1e14)).contains(new Bounds(-Double.MAX_VALUE, Double.MAX_VALUE));
        assertThat(bounds(ONE, 0.5f, Double.MAX_VALUE)).contains(new Bounds(-Double.MAX_VALUE, Double.MAX_VALUE));
    }

    /// The bounds of a row of one channel.
    private static Optional<Bounds> bounds(Scaling scaling, float reconstruction, double line) {
        return Bounds.around(scaling, 0, new float[1], new float[] {reconstruction}, 0, line);
    }

    /// The float next to an edge on the side of the reconstruction.
    private static float inwards(double edge, float reconstruction) {
        float nearest = (float) edge;
        boolean above = edge > reconstruction;
        if (above ? nearest > edge : nearest < edge) {
            return above ? Math.nextDown(nearest) : Math.nextUp(nearest);
        }
        return nearest;
    }

    /// The error of the row with another value in one channel, as scoring computes it.
    private static double error(Scaling scaling, int channel, double value, float[] original, float[] rebuilt) {
        float[] changed = original.clone();
        changed[channel] = (float) scaling.scale(channel, value);
        int channels = rebuilt.length;
        return ReconstructionErrors.ofLastRows(new Windows(changed, 1, channels), new Windows(rebuilt, 1, channels))
                .value(0);
    }
}
