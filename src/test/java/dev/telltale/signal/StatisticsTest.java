package dev.telltale.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StatisticsTest {

    @Test
    void deviationDividesByTheNumberOfValues() {
        assertThat(Statistics.deviation(new double[] {1, 3})).isEqualTo(1);
        assertThat(Statistics.deviation(new double[0])).isZero();
        assertThat(Statistics.deviation(new double[] {5})).isZero();
    }

    @Test
    void equalValuesAreTheirOwnMeanAndQuantileAndDoNotDeviate() {
        Random random = new Random(6);
        for (int trial = 0; trial < 10_000; trial++) {
            double value = random.nextGaussian() * Math.pow(10, random.nextInt(600) - 300);
            double[] values = new double[1 + random.nextInt(200)];
            Arrays.fill(values, value);
            assertThat(Statistics.deviation(values)).isZero();
            assertThat(Statistics.mean(values)).isEqualTo(value);
            assertThat(Statistics.quantile(values, random.nextDouble())).isEqualTo(value);
        }
    }

    @Test
    void interpolatesQuantiles() {
        double[] sorted = {1, 2, 3, 4};
        assertThat(Statistics.quantile(sorted, 0)).isEqualTo(1);
        assertThat(Statistics.quantile(sorted, 0.5)).isEqualTo(2.5);
        assertThat(Statistics.quantile(sorted, 0.9))
                .isCloseTo(3.7, within(1e-15)); // 0.9 · 3 = 2.7 steps above the first
        assertThat(Statistics.quantile(sorted, 1)).isEqualTo(4);
    }

    @Test
    void survivesHugeAndTinyValues() {
        assertThat(Statistics.deviation(new double[] {1.7e308, -1.7e308})).isCloseTo(1.7e308, within(1e293));
        assertThat(Statistics.mean(new double[] {1.7e308, 1.7e308, -1.7e308})).isCloseTo(1.7e308 / 3, within(1e293));
        assertThat(Statistics.quantile(new double[] {-1.7e308, 1.7e308}, 0.75)).isCloseTo(0.85e308, within(1e293));
        assertThat(Statistics.deviation(new double[] {1e-300, 3e-300})).isCloseTo(1e-300, within(1e-315));
        assertThat(Statistics.deviation(new double[] {0, 2 * Double.MIN_VALUE})).isEqualTo(Double.MIN_VALUE);
    }
}
