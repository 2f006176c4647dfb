package dev.telltale.autoencoder;

/// The rule by which gradients change the weights.
public sealed interface Optimizer {

    /// Kingma and Ba's, β .9 and .999, ε 1e-8; weight decay is added to the gradient.
    ///
    /// @see <a href="https://arxiv.org/abs/1412.6980">Adam: a method for stochastic optimization</a>
    record Adam() implements Optimizer {}

    /// Adam with the weights decayed by themselves, not through the gradient.
    ///
    /// @see <a href="https://arxiv.org/abs/1711.05101">Decoupled weight decay regularization</a>
    record AdamW() implements Optimizer {}

    /// Steps along v ← momentum·v + gradient; weight decay is added to the gradient.
    ///
    /// @param momentum in [0, 1)
    record Sgd(double momentum) implements Optimizer {

        public Sgd {
            if (!(momentum >= 0 && momentum < 1)) {
                throw AutoencoderProblem.BAD_TRAINING.because(
                        "momentum must be at least 0 and below 1, was %s", momentum);
            }
        }
    }

    /// Arrays as large as the weights that it remembers from step to step.
    default int moments() {
        return switch (this) {
            case Adam(), AdamW() -> 2;
            case Sgd _ -> 1;
        };
    }
}
