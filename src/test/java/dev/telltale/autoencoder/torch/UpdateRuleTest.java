package dev.telltale.autoencoder.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.telltale.autoencoder.Optimizer;
import dev.telltale.autoencoder.TrainingSettings;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class UpdateRuleTest {

    private static final double RATE = 0.01;
    private static final double DECAY = 0.1;
    private static final float[][] GRADIENTS = {{0.3f, -0.02f, 0}, {-0.1f, 0.5f, 1e-6f}, {0.2f, 0.2f, -3}};

    @Test
    void adamsFirstStepIsTheLearningRateAgainstTheSign() {
        float[] values = {1, 1};
        rule(new Optimizer.Adam(), 0).apply(values, new float[] {0.3f, -0.02f}, 0, 2, 1);

        // m/(1−β1) = g and v/(1−β2) = g², so the step is rate · g / (|g| + 1e-8)
        assertThat(values[0]).isCloseTo(0.99f, within(1e-6f));
        assertThat(values[1]).isCloseTo(1.01f, within(1e-6f));
    }

    @Test
    void adamAddsTheDecayToTheGradient() {
        assertSteps(new Optimizer.Adam(), DECAY, 0);
    }

    @Test
    void adamWDecaysTheValuesThemselves() {
        assertSteps(new Optimizer.AdamW(), 0, DECAY);
    }

    @Test
    void sgdStepsAlongItsMomentum() {
        float[] values = {1};
        UpdateRule rule = rule(new Optimizer.Sgd(0.5), DECAY);

        rule.apply(values, new float[] {2}, 0, 1, 1); // v = 2 + .1·1 = 2.1, w = 1 − .021 = .979
        assertThat(values[0]).isCloseTo(0.979f, within(1e-6f));
        rule.apply(values, new float[] {-1}, 0, 1, 2); // v = 1.05 − 1 + .0979 = .1479, w = .979 − .001479
        assertThat(values[0]).isCloseTo(0.977521f, within(1e-6f));
    }

    @Test
    void changesAParameterInPiecesAsItDoesAtOnce() {
        for (Optimizer optimizer : new Optimizer[] {new Optimizer.Adam(), new Optimizer.Sgd(0.9)}) {
            UpdateRule atOnce = rule(optimizer, DECAY);
            UpdateRule inPieces = rule(optimizer, DECAY);
            float[] values = {1, -2, 0.5f};
            float[] head = {1, -2};
            float[] tail = {0.5f};
            for (int t = 1; t <= GRADIENTS.length; t++) {
                float[] g = GRADIENTS[t - 1];
                atOnce.apply(values, g, 0, 3, t);
                inPieces.apply(head, new float[] {g[0], g[1]}, 0, 2, t);
                inPieces.apply(tail, new float[] {g[2]}, 2, 1, t);
            }
            assertThat(new float[] {head[0], head[1], tail[0]}).isEqualTo(values);
        }
    }

    /// Three steps beside the formulas in double precision.
    private static void assertSteps(Optimizer optimizer, double l2, double decoupled) {
        float[] values = {1, -2, 0.5f};
        double[] expected = {1, -2, 0.5};
        double[] m = new double[3];
        double[] v = new double[3];
        UpdateRule rule = rule(optimizer, DECAY);
        for (int t = 1; t <= GRADIENTS.length; t++) {
            float[] gradient = GRADIENTS[t - 1];
            rule.apply(values, gradient, 0, 3, t);
            for (int i = 0; i < 3; i++) {
                double g = gradient[i] + l2 * expected[i];
                m[i] = 0.9 * m[i] + 0.1 * g;
                v[i] = 0.999 * v[i] + 0.001 * g * g;
                double mean = m[i] / (1 - Math.pow(0.9, t));
                double deviation = Math.sqrt(v[i] / (1 - Math.pow(0.999, t)));
                expected[i] = expected[i] * (1 - RATE * decoupled) - RATE * mean / (deviation + 1e-8);
                assertThat((double) values[i]).isCloseTo(expected[i], within(1e-6));
            }
        }
    }

    private static UpdateRule rule(Optimizer optimizer, double decay) {
        return UpdateRule.of(new TrainingSettings(1, 1, RATE, optimizer, decay, Optional.empty(), 0), 3);
    }
}
