package dev.telltale.ingest.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class BucketsTest {

    private static final int SPAN = 200;
    private static final Offset<Double> CLOSE = Offset.offset(1e-12);

    @Test
    void quantilesLieEvenlyInsideTheirBucket() {
        Distribution all = explicit(new double[] {10, 20}, 4, 4, 0).all(Double.NaN, Double.NaN);
        assertThat(all.quantile(0.25)).isCloseTo(5, CLOSE);
        assertThat(all.quantile(0.5)).isCloseTo(10, CLOSE);
        assertThat(all.quantile(0.75)).isCloseTo(15, CLOSE);
        assertThat(all.quantile(1)).isCloseTo(20, CLOSE);
    }

    @Test
    void outerBucketsEndAsInPrometheusOrAtTheSmallestAndLargestValue() {
        ExplicitBuckets low = explicit(new double[] {-5, 20}, 4, 0, 0);
        assertThat(low.all(Double.NaN, Double.NaN).quantile(0.5)).isEqualTo(-5);
        assertThat(low.all(-7, Double.NaN).quantile(0.5)).isEqualTo(-6);
        ExplicitBuckets high = explicit(new double[] {10, 20}, 0, 0, 4);
        assertThat(high.all(Double.NaN, Double.NaN).quantile(0.9)).isEqualTo(20);
        assertThat(high.all(Double.NaN, 30).quantile(0.5)).isEqualTo(25);
    }

    @Test
    void nothingIsToldWithoutValuesOrBounds() {
        assertThat(explicit(new double[] {1}, 0, 0).all(0, 1).quantile(0.5)).isNaN();
        assertThat(explicit(new double[] {}, 3).all(Double.NaN, Double.NaN).quantile(0.5))
                .isNaN();
        assertThat(explicit(new double[] {}, 3).all(2, 4).quantile(0.5)).isEqualTo(3);
        assertThat(explicit(new double[] {}).all(2, 4).quantile(0.5)).isNaN();
    }

    @Test
    void whatCameSinceIsTheDifferenceAndNothingWhereBucketsLostValuesOrAreOthers() {
        ExplicitBuckets before = explicit(new double[] {10, 20}, 4, 4, 1);
        assertThat(explicit(new double[] {10, 20}, 4, 8, 1)
                        .since(before)
                        .orElseThrow()
                        .quantile(0.5))
                .isEqualTo(15);
        assertThat(explicit(new double[] {10, 20}, 3, 9, 1).since(before)).isEmpty();
        assertThat(explicit(new double[] {10, 21}, 4, 8, 1).since(before)).isEmpty();
        assertThat(explicit(new double[] {10}, 4, 8).since(before)).isEmpty();
        assertThat(before.since(exponential(0, 0, 1))).isEmpty();
    }

    @Test
    void bucketsThatCannotBeAreRefused() {
        assertThatThrownBy(() -> explicit(new double[] {1, 2}, 1, 1)).hasMessageContaining("one bucket more");
        assertThatThrownBy(() -> explicit(new double[] {1})).hasMessageContaining("one bucket more");
        assertThatThrownBy(() -> explicit(new double[] {2, 2}, 1, 1, 1)).hasMessageContaining("rising");
        assertThatThrownBy(() -> explicit(new double[] {Double.NaN}, 1, 1)).hasMessageContaining("finite");
        assertThatThrownBy(() -> explicit(new double[] {1}, -1, 1)).hasMessageContaining("2^63");
        assertThatThrownBy(() -> new ExplicitBuckets(new double[1_000], new long[1_001]))
                .hasMessageContaining("1001 buckets");
        assertThatThrownBy(() -> exponential(21, 0, 1)).hasMessageContaining("scale");
        assertThatThrownBy(() -> exponential(-11, 0, 1)).hasMessageContaining("scale");
        assertThatThrownBy(() -> zeros(-1, 0)).hasMessageContaining("zero bucket");
        assertThatThrownBy(() -> zeros(1, -1)).hasMessageContaining("zero bucket");
        assertThatThrownBy(() -> zeros(1, Double.NaN)).hasMessageContaining("zero bucket");
        assertThatThrownBy(() -> zeros(1, Double.POSITIVE_INFINITY)).hasMessageContaining("zero bucket");
        assertThatThrownBy(() -> exponential(0, Integer.MAX_VALUE, 1)).hasMessageContaining("offset");
        assertThatThrownBy(() -> exponential(0, 0, new long[1_001])).hasMessageContaining("1001 buckets");
        assertThatThrownBy(() -> exponential(0, 0, -1)).hasMessageContaining("2^63");
    }

    @Test
    void exponentialBucketsHavePowersOfTheirBaseAsBounds() {
        // Scale 1: the base is the root of 2. Bucket 2 is (2, 2·√2], bucket 3 (2·√2, 4].
        Distribution all = exponential(1, 2, 1, 1).all(Double.NaN, Double.NaN);
        assertThat(all.quantile(0.5)).isCloseTo(2 * Math.sqrt(2), CLOSE);
        assertThat(all.quantile(1)).isCloseTo(4, CLOSE);
        assertThat(all.quantile(0.25)).isCloseTo(2 * Math.pow(2, 0.25), CLOSE);
    }

    @Test
    void negativeValuesAndZerosComeBeforePositiveOnes() {
        ExponentialBuckets.Side one = new ExponentialBuckets.Side(0, new long[] {1}); // (1, 2]
        Distribution all = new ExponentialBuckets(0, one, one, 2, 0).all(Double.NaN, Double.NaN);
        assertThat(all.quantile(0)).isCloseTo(-2, CLOSE);
        assertThat(all.quantile(0.25)).isCloseTo(-1, CLOSE);
        assertThat(all.quantile(0.5)).isEqualTo(0);
        assertThat(all.quantile(1)).isCloseTo(2, CLOSE);
    }

    /// Two states of one histogram whose scale was lowered between them, beside a plain count of what came.
    @Test
    void whatCameSinceAChangeOfScaleIsWhatAPlainCountOfTheValuesGives() {
        Random random = new Random(3);
        for (int trial = 0; trial < 200; trial++) {
            int fine = random.nextInt(-2, 6);
            int coarse = fine - random.nextInt(4);
            long[] before = new long[SPAN];
            long[] after = new long[SPAN];
            long[] change = new long[SPAN];
            for (int i = 0; i < 40; i++) {
                double value = Math.exp(random.nextGaussian() / 4);
                if (random.nextBoolean()) {
                    before[index(value, fine) + SPAN / 2]++;
                } else {
                    change[index(value, coarse) + SPAN / 2]++;
                }
                after[index(value, coarse) + SPAN / 2]++;
            }
            Distribution since = exponential(coarse, -SPAN / 2, after)
                    .since(exponential(fine, -SPAN / 2, before))
                    .orElseThrow();
            Distribution plain = exponential(coarse, -SPAN / 2, change).all(Double.NaN, Double.NaN);
            for (double q : new double[] {0, 0.1, 0.5, 0.9, 1}) {
                assertThat(since.quantile(q)).isEqualTo(plain.quantile(q));
            }
        }
    }

    @Test
    void exponentialBucketsThatLostValuesTellNothing() {
        assertThat(exponential(0, 0, 1, 1).since(exponential(0, 0, 1, 2))).isEmpty();
        assertThat(exponential(0, 1, 5).since(exponential(0, 0, 1))).isEmpty();
        assertThat(exponential(0, Integer.MIN_VALUE, 5).since(exponential(20, 2_000_000_000, 1)))
                .isEmpty();
    }

    @Test
    void zerosThatAreFewerOrAnothersTellNothing() {
        assertThat(zeros(3, 0).since(zeros(1, 0)).orElseThrow().quantile(0.5)).isEqualTo(0);
        assertThat(zeros(1, 0).since(zeros(3, 0))).isEmpty();
        assertThat(zeros(3, 0.5).since(zeros(1, 0))).isEmpty();
        assertThat(zeros(3, 0).since(explicit(new double[] {1}, 1, 1))).isEmpty();
        ExponentialBuckets below = new ExponentialBuckets(
                0, new ExponentialBuckets.Side(0, new long[0]), new ExponentialBuckets.Side(0, new long[] {2}), 0, 0);
        assertThat(zeros(0, 0).since(below)).as("lost below zero").isEmpty();
    }

    @Test
    void noValueOfABucketIsOutsideTheSmallestAndTheLargest() {
        // (1, 2] holds all values, of which the smallest is 1.5 and the largest 1.75.
        Distribution all = exponential(0, 0, 4).all(1.5, 1.75);
        assertThat(all.quantile(0)).isCloseTo(1.5, CLOSE);
        assertThat(all.quantile(1)).isCloseTo(1.75, CLOSE);
        assertThat(exponential(0, 0, 4).all(1.5, 1.25).quantile(1))
                .as("a largest value below the smallest is not believed")
                .isCloseTo(2, CLOSE);
    }

    @Test
    void saysTheSameOnlyWhereAllIsTheSame() {
        ExponentialBuckets one = exponential(0, 0, 1, 2);
        assertThat(one.says(exponential(0, 0, 1, 2))).isTrue();
        assertThat(one.says(exponential(1, 0, 1, 2))).isFalse();
        assertThat(one.says(exponential(0, 1, 1, 2))).isFalse();
        assertThat(one.says(exponential(0, 0, 1, 3))).isFalse();
        assertThat(one.says(explicit(new double[] {1}, 1, 2))).isFalse();
        assertThat(zeros(1, 0).says(zeros(2, 0))).isFalse();
        ExponentialBuckets.Side none = new ExponentialBuckets.Side(0, new long[0]);
        ExponentialBuckets.Side some = new ExponentialBuckets.Side(0, new long[] {1});
        assertThat(new ExponentialBuckets(0, none, some, 0, 0).says(new ExponentialBuckets(0, none, none, 0, 0)))
                .isFalse();
    }

    /// Bucket of a value by its definition: the least i with value ≤ base^(i + 1).
    private static int index(double value, int scale) {
        return (int) Math.ceil(Math.log(value) / Math.log(2) * Math.scalb(1.0, scale)) - 1;
    }

    private static ExplicitBuckets explicit(double[] bounds, long... counts) {
        return new ExplicitBuckets(bounds, counts);
    }

    private static ExponentialBuckets exponential(int scale, int offset, long... counts) {
        return new ExponentialBuckets(
                scale, new ExponentialBuckets.Side(offset, counts), new ExponentialBuckets.Side(0, new long[0]), 0, 0);
    }

    /// Of values that are in the bucket around zero alone.
    private static ExponentialBuckets zeros(long count, double threshold) {
        ExponentialBuckets.Side none = new ExponentialBuckets.Side(0, new long[0]);
        return new ExponentialBuckets(0, none, none, count, threshold);
    }
}
