package dev.telltale.autoencoder;

import dev.telltale.attention.SinusoidalPositions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// One step of a network, from an array to another.
public sealed interface Layer {

    /// A layer that dense networks may consist of.
    sealed interface Dense extends Layer {}

    /// A layer for windows as sequences of rows, shape (L, width), as networks with attention take them.
    sealed interface Sequence extends Layer {}

    /// The word for it in layer tables and in the names of its parameters, such as `linear` or `relu`.
    String kind();

    /// The shape of what it gives for something of this shape.
    default List<Integer> outputShape(List<Integer> inputShape) {
        return inputShape;
    }

    /// What it learns, in order.
    ///
    /// @param name its full path
    /// @param inputShape of what it takes
    default List<ParameterShape> parameterShapes(String name, List<Integer> inputShape) {
        return List.of();
    }

    /// y = x·Wᵀ + b, of a sequence row by row.
    ///
    /// @param units width of y, from 1 to 65,536
    record Linear(int units) implements Dense {

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

        @Override
        public List<Integer> outputShape(List<Integer> inputShape) {
            List<Integer> shape = new ArrayList<>(inputShape);
            shape.set(shape.size() - 1, units);
            return shape;
        }

        @Override
        public List<ParameterShape> parameterShapes(String name, List<Integer> inputShape) {
            return parameterShapes(name, inputShape.getLast(), units);
        }

        static List<ParameterShape> parameterShapes(String name, int inputs, int outputs) {
            return List.of(
                    new ParameterShape(name + ".weight", List.of(outputs, inputs)),
                    new ParameterShape(name + ".bias", List.of(outputs)));
        }
    }

    /// A function applied to each value by itself.
    record Activation(Function function) implements Dense {

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
    record Dropout(double rate) implements Dense {

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

    /// Adds to each row a vector that tells where in the window it stands.
    record Positions(Encoding encoding) implements Sequence {

        /// Where the vectors come from.
        public enum Encoding {
            /// Sines and cosines of wave lengths from 2π to 20,000π rows.
            SINUSOIDAL,
            /// Parameters like others.
            LEARNED
        }

        /// The vectors of the sinusoidal encoding, row-major.
        ///
        /// @param shape (L, width)
        public static float[] sinusoids(List<Integer> shape) {
            double[] positions = SinusoidalPositions.of(shape.getFirst(), shape.getLast());
            float[] values = new float[positions.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) positions[i];
            }
            return values;
        }

        @Override
        public String kind() {
            return "positions";
        }

        @Override
        public List<ParameterShape> parameterShapes(String name, List<Integer> inputShape) {
            return switch (encoding) {
                case SINUSOIDAL -> List.of();
                case LEARNED -> List.of(new ParameterShape(name + ".weight", inputShape));
            };
        }
    }

    /// Each row less its mean, over its deviation, times a learned weight, plus a learned bias.
    ///
    /// @see <a href="https://arxiv.org/abs/1607.06450">Ba, Kiros and Hinton (2016), Layer normalization</a>
    record Norm() implements Sequence {

        /// Added to the variance, so that a row of equal values can be divided.
        public static final float EPSILON = 1e-5f;

        @Override
        public String kind() {
            return "norm";
        }

        @Override
        public List<ParameterShape> parameterShapes(String name, List<Integer> inputShape) {
            List<Integer> width = List.of(inputShape.getLast());
            return List.of(new ParameterShape(name + ".weight", width), new ParameterShape(name + ".bias", width));
        }
    }

    /// Scaled dot-product self-attention of several heads: each row becomes a mean of all rows' values, weighted
    /// by how well its query fits their keys. The heads share the width evenly; their contexts side by side
    /// pass one more linear map.
    ///
    /// @param heads divide the width
    /// @see <a href="https://arxiv.org/abs/1706.03762">Vaswani et al. (2017), Attention is all you need</a>
    record SelfAttention(int heads) implements Sequence {

        /// The four linear maps in the order of their parameters.
        public static final List<String> MAPS = List.of("query", "key", "value", "output");

        @Override
        public String kind() {
            return "attention";
        }

        @Override
        public List<ParameterShape> parameterShapes(String name, List<Integer> inputShape) {
            int width = inputShape.getLast();
            return MAPS.stream()
                    .flatMap(map -> Linear.parameterShapes(name + "." + map, width, width).stream())
                    .toList();
        }
    }

    /// Adds what entered an earlier layer.
    ///
    /// @param back how many layers earlier, at least 1
    record Add(int back) implements Sequence {

        @Override
        public String kind() {
            return "add";
        }
    }

    /// Puts the rows side by side: (L, width) → (L·width).
    record Flatten() implements Sequence {

        @Override
        public String kind() {
            return "flatten";
        }

        @Override
        public List<Integer> outputShape(List<Integer> inputShape) {
            return List.of(inputShape.stream().reduce(1, Math::multiplyExact));
        }
    }
}
