package dev.telltale.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.telltale.signal.Scaling;
import dev.telltale.signal.Scaling.Channel;
import dev.telltale.signal.Scaling.Kind;
import dev.telltale.signal.Windows;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BoundsTest {

    private static final Scaling ONE = new Scaling(Kind.MIN_MAX, List.of(new Channel(100, 50, false)));

    @Test
    void lieWhereTheErrorReachesTheLine() {
        // 0.5 ± √0.04 is 0.3 and 0.7, which stand for 115 and 135
        Bounds bounds = Bounds.around(ONE, 0, 0.5f, 0, 0.04).orElseThrow();
        assertThat(bounds.lower()).isCloseTo(115, within(1e-5));
        assertThat(bounds.upper()).isCloseTo(135, within(1e-5));
    }

    @Test
    void narrowByTheErrorsOfTheOtherChannels() {
        Channel plain = new Channel(0, 1, false);
        Scaling two = new Scaling(Kind.NONE, List.of(plain, plain));
        // (d² + 0.1) / 2 = 0.13 at d = 0.4
        assertThat(Bounds.around(two, 0, 1, 0.1, 0.13).orElseThrow().upper()).isCloseTo(1.4, within(1e-6));
        assertThat(Bounds.around(two, 0, 1, 0.27, 0.13)).isEmpty();
    }

    @Test
    void areAbsentWhereTheAnswerIsNotANumber() {
        assertThat(Bounds.around(ONE, 0, Float.NaN, 0, 0.04)).isEmpty();
        assertThat(Bounds.around(ONE, 0, 0.5f, Double.POSITIVE_INFINITY, 0.04)).isEmpty();
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
            double others = 0;
            for (int c = 0; c < channels; c++) {
                rebuilt[c] = random.nextFloat();
                original[c] = rebuilt[c] + random.nextFloat() / 10;
                if (c != channel) {
                    double difference = (double) original[c] - rebuilt[c];
                    others += difference * difference;
                }
            }
            Bounds.around(scaling, channel, rebuilt[channel], others, line).ifPresent(bounds -> {
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
            Bounds bounds = Bounds.around(scaling, 0, rebuilt[0], 0, line).orElseThrow();
            assertThat(value).isBetween(bounds.lower(), bounds.upper());
        }
    }

    @Test
    void reachAsFarAsThereAreValuesWhereNoneReachesTheLine() {
        assertThat(Bounds.around(ONE, 0, 0.5f, 0, 1e14)).contains(new Bounds(-Double.MAX_VALUE, Double.MAX_VALUE));
        assertThat(Bounds.around(ONE, 0, 0.5f, 0, Double.MAX_VALUE))
                .contains(new Bounds(-Double.MAX_VALUE, Double.MAX_VALUE));
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
