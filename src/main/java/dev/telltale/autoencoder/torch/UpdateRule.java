package dev.telltale.autoencoder.torch;

import dev.telltale.autoencoder.Optimizer;
import dev.telltale.autoencoder.TrainingSettings;

/// An optimizer's memory of one parameter and its arithmetic, in single precision as PyTorch's. Plain
/// Java on purpose: one pass over an array costs less than the dozen native calls it stands for.
sealed interface UpdateRule {

    /// Changes values along their gradient.
    ///
    /// @param values as many as the gradient, or more
    /// @param first place of the first of them in the parameter
    /// @param count how many to change
    /// @param step from 1
    void apply(float[] values, float[] gradient, int first, int count, int step);

    static UpdateRule of(TrainingSettings settings, int size) {
        double rate = settings.learningRate();
        double decay = settings.weightDecay();
        return switch (settings.optimizer()) {
            case Optimizer.Adam() -> new Adam(rate, decay, false, size);
            case Optimizer.AdamW() -> new Adam(rate, decay, true, size);
            case Optimizer.Sgd(double momentum) -> new Sgd(rate, decay, momentum, size);
        };
    }

    final class Adam implements UpdateRule {

        private static final double BETA1 = 0.9;
        private static final double BETA2 = 0.999;
        private static final float EPSILON = 1e-8f;

        private final double rate;
        private final float decayOfValues;
        private final float decayByGradient;
        private final float[] mean;
        private final float[] variance;

        Adam(double rate, double decay, boolean decoupled, int size) {
            this.rate = rate;
            this.decayOfValues = decoupled ? (float) (1 - rate * decay) : 1;
            this.decayByGradient = decoupled ? 0 : (float) decay;
            this.mean = new float[size];
            this.variance = new float[size];
        }

        @Override
        public void apply(float[] values, float[] gradient, int first, int count, int step) {
            float stepSize = (float) (rate / (1 - Math.pow(BETA1, step)));
            float correction = (float) (1 / Math.sqrt(1 - Math.pow(BETA2, step)));
            float keepMean = (float) BETA1;
            float addMean = (float) (1 - BETA1);
            float keepVariance = (float) BETA2;
            float addVariance = (float) (1 - BETA2);
            for (int i = 0; i < count; i++) {
                float g = gradient[i] + decayByGradient * values[i];
                float m = keepMean * mean[first + i] + addMean * g;
                float v = keepVariance * variance[first + i] + addVariance * g * g;
                mean[first + i] = m;
                variance[first + i] = v;
                values[i] = decayOfValues * values[i] - stepSize * m / ((float) Math.sqrt(v) * correction + EPSILON);
            }
        }
    }

    final class Sgd implements UpdateRule {

        private final float rate;
        private final float decay;
        private final float momentum;
        private final float[] velocity;

        Sgd(double rate, double decay, double momentum, int size) {
            this.rate = (float) rate;
            this.decay = (float) decay;
            this.momentum = (float) momentum;
            this.velocity = new float[size];
        }

        @Override
        public void apply(float[] values, float[] gradient, int first, int count, int step) {
            for (int i = 0; i < count; i++) {
                float v = momentum * velocity[first + i] + gradient[i] + decay * values[i];
                velocity[first + i] = v;
                values[i] -= rate * v;
            }
        }
    }
}
