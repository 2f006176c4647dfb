package dev.telltale.autoencoder;

import java.util.Locale;

/// One step of a network.
public sealed interface Layer {

    /// The word for it in layer tables and in the names of its parameters, such as `linear` or `relu`.
    String kind();

    /// y = x·Wᵀ + b.
    ///
    /// @param units width of y, from 1 to 65,536
    record Linear(int units) implements Layer {

        public static final int MOST_UNITS = 65_536;

        public Linear {
            if (units < 1 || units > MOST_UNITS) {
                throw AutoencoderProblem.BAD_ARCHITECTURE.because(
                        "a linear layer has from 1 to %d units, not %d", MOST_UNITS, units);
            }
        }

        @Override
        public String kind() {
            return "linear";
        }
    }

    /// A function applied to each value by itself.
    record Activation(Function function) implements Layer {

        /// `GELU` is the exact one, x·Φ(x).
        public enum Function {
            RELU,
            TANH,
            SIGMOID,
            GELU,
            IDENTITY
        }

        @Override
        public String kind() {
            return function.name().toLowerCase(Locale.ROOT);
        }
    }

    /// Sets a random share of the values to zero while training and scales the others up by 1 / (1 − rate).
    ///
    /// @param rate share of values dropped, in [0, 1)
    record Dropout(double rate) implements Layer {

        public Dropout {
            if (!(rate >= 0 && rate < 1)) {
                throw AutoencoderProblem.BAD_ARCHITECTURE.because(
                        "a dropout rate is at least 0 and below 1, not %s", rate);
            }
        }

        @Override
        public String kind() {
            return "dropout";
        }
    }
}
