package dev.telltale.autoencoder.torch;

import dev.telltale.autoencoder.ParameterShape;
import dev.telltale.autoencoder.TrainingSettings;
import dev.telltale.autoencoder.Weights.Parameter;
import dev.telltale.torch.SharedTensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// One parameter while it is trained: its values and its gradient in native memory, and the rule by
/// which the one follows the other.
final class TrainedParameter {

    private static final int PIECE = 4096; // floats that go through the rule at a time, and stay in the cache

    private final ParameterShape shape;
    private final int size;
    private final MemorySegment values;
    private final MemorySegment gradient;
    private final UpdateRule rule;
    private final float[] kept;
    private final float[] pieceOfValues;
    private final float[] pieceOfGradient;

    /// @param tensor a backward pass must have gone through it already: the engine makes the gradient's
    ///     memory then, and keeps adding to that memory from there on
    TrainedParameter(ParameterShape shape, SharedTensor tensor, TrainingSettings settings) {
        this.shape = shape;
        this.size = Math.toIntExact(shape.size());
        this.values = tensor.values();
        this.gradient = SharedTensor.valuesOf(tensor.array().getGradient());
        this.rule = UpdateRule.of(settings, size);
        this.kept = new float[size];
        this.pieceOfValues = new float[Math.min(size, PIECE)];
        this.pieceOfGradient = new float[Math.min(size, PIECE)];
    }

    /// Changes the values along the gradient, and sets that to zero for the next batch.
    ///
    /// @param step from 1
    void update(int step) {
        for (int first = 0; first < size; first += PIECE) {
            int count = Math.min(PIECE, size - first);
            long offset = (long) first * Float.BYTES;
            MemorySegment.copy(gradient, ValueLayout.JAVA_FLOAT, offset, pieceOfGradient, 0, count);
            MemorySegment.copy(values, ValueLayout.JAVA_FLOAT, offset, pieceOfValues, 0, count);
            rule.apply(pieceOfValues, pieceOfGradient, first, count, step);
            MemorySegment.copy(pieceOfValues, 0, values, ValueLayout.JAVA_FLOAT, offset, count);
        }
        gradient.fill((byte) 0);
    }

    /// A copy of the values as they are now.
    Parameter now() {
        return new Parameter(shape.name(), shape.shape(), values.toArray(ValueLayout.JAVA_FLOAT));
    }

    /// Remembers the values as they are now, in place of those remembered before.
    void keep() {
        MemorySegment.copy(values, ValueLayout.JAVA_FLOAT, 0, kept, 0, size);
    }

    /// The values remembered last.
    Parameter kept() {
        return new Parameter(shape.name(), shape.shape(), kept);
    }
}
