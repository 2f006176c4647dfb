package dev.telltale.autoencoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ActivationsTest {

    private static final float STEP = 1f / 1024;
    private static final float END = 20;

    @Test
    void tanhIsWithin5e8AndOdd() {
        for (float x = 0; x <= END; x += STEP) {
            assertThat((double) Activations.tanh(x)).isCloseTo(Math.tanh(x), within(5e-8));
            assertThat(Activations.tanh(-x)).isEqualTo(-Activations.tanh(x));
        }
    }

    @Test
    void sigmoidIsWithin4e8() {
        for (float x = -END; x <= END; x += STEP) {
            assertThat((double) Activations.sigmoid(x)).isCloseTo(1 / (1 + Math.exp(-x)), within(4e-8));
        }
    }

    @Test
    void geluIsWithin7e8AndHalfAUnitInTheLastPlace() {
        double area = 0; // of the normal density from 0 to x, by Simpson's rule
        for (int i = 0; i * STEP <= END; i++) {
            float x = i * STEP;
            double off = 7e-8 + Math.ulp(x) / 2;
            assertThat((double) Activations.gelu(x)).isCloseTo(x * (0.5 + area), within(off));
            assertThat((double) Activations.gelu(-x)).isCloseTo(-x * (0.5 - area), within(off));
            area += STEP / 6.0 * (density(x) + 4 * density(x + STEP / 2.0) + density(x + (double) STEP));
        }
    }

    @Test
    void expIsWithin2e7OfItselfAndOneAtZero() {
        for (float x = 0; x >= -87; x -= STEP) {
            assertThat(Activations.exp(x) / Math.exp(x)).isCloseTo(1, within(2e-7));
        }
        assertThat(Activations.exp(0)).isEqualTo(1);
        assertThat(Activations.exp(Float.NEGATIVE_INFINITY)).isBetween(0f, 1e-37f);
        assertThat(Activations.exp(Float.NaN)).isNaN();
    }

    @Test
    void noneFallsWhereTheFunctionRises() {
        float tanh = -1;
        float sigmoid = 0;
        for (float x = -END; x <= END; x += STEP) {
            assertThat(Activations.tanh(x)).isBetween(tanh, 1f);
            assertThat(Activations.sigmoid(x)).isBetween(sigmoid, 1f);
            tanh = Activations.tanh(x);
            sigmoid = Activations.sigmoid(x);
        }
    }

    @Test
    void zeroStaysZero() {
        assertThat(Activations.tanh(0)).isZero();
        assertThat(Activations.sigmoid(0)).isEqualTo(0.5f);
        assertThat(Activations.gelu(0)).isZero();
        assertThat(Activations.relu(-1)).isZero();
        assertThat(Activations.relu(2)).isEqualTo(2);
    }

    @Test
    void whatIsFarAwayHasReachedTheEnd() {
        assertThat(Activations.tanh(Float.POSITIVE_INFINITY)).isEqualTo(1);
        assertThat(Activations.tanh(Float.NEGATIVE_INFINITY)).isEqualTo(-1);
        assertThat(Activations.sigmoid(Float.POSITIVE_INFINITY)).isEqualTo(1);
        assertThat(Activations.sigmoid(Float.NEGATIVE_INFINITY)).isBetween(0f, 1e-8f);
        assertThat(Activations.gelu(Float.POSITIVE_INFINITY)).isInfinite();
        assertThat(Activations.gelu(1e6f)).isEqualTo(1e6f);
        assertThat(Activations.gelu(-1e6f)).isZero();
    }

    @Test
    void whatIsNotANumberStaysSo() {
        assertThat(Activations.relu(Float.NaN)).isNaN();
        assertThat(Activations.tanh(Float.NaN)).isNaN();
        assertThat(Activations.sigmoid(Float.NaN)).isNaN();
        assertThat(Activations.gelu(Float.NaN)).isNaN();
    }

    private static double density(double x) {
        return Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
    }
}
