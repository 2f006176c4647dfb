package dev.telltale.attention;

import dev.telltale.torch.NativeScope;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// What the steps of a transform came to, outside the heap. Whoever has it closes it, and reads nothing of
/// it after that.
public final class AttentionResult implements AutoCloseable {

    /// The result of one step.
    ///
    /// @param shape (N, d), or (heads, N, N)
    /// @param memory its values, row-major
    public record Values(List<Integer> shape, MemorySegment memory) {

        public Values {
            shape = List.copyOf(shape);
        }

        /// How many values.
        public int size() {
            return shape.stream().reduce(1, Math::multiplyExact);
        }

        /// The value at a place of the row-major order.
        public double at(int index) {
            return memory.getAtIndex(ValueLayout.JAVA_DOUBLE, index);
        }

        /// All values in the heap.
        public double[] toArray() {
            return IntStream.range(0, size()).mapToDouble(this::at).toArray();
        }

        /// The largest value without its sign; NaN if one is NaN.
        private double largest() {
            double largest = 0;
            int size = size();
            for (int index = 0; index < size; index++) {
                largest = Math.max(largest, Math.abs(at(index)));
            }
            return largest;
        }
    }

    private final Map<String, Values> values;
    private final NativeScope scope;

    /// @param values by the name of their step
    /// @param scope of the values
    /// @throws dev.telltale.problem.Problem RESULT_NOT_FINITE if one of them overflowed
    public AttentionResult(Map<String, Values> values, NativeScope scope) {
        double largestScore = finite(values, "q")
                * finite(values, "k")
                * of(values, "q").shape().getLast();
        if (!Double.isFinite(largestScore)) { // else all N² scores are finite, and so are their shares of 1
            finite(values, "scores");
        }
        finite(values, "v");
        finite(values, "context");
        finite(values, "z");
        this.values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
        this.scope = scope;
    }

    /// The results in the order of their steps.
    public Map<String, Values> values() {
        return values;
    }

    /// The result of a step.
    public Values of(String step) {
        return of(values, step);
    }

    private static Values of(Map<String, Values> values, String step) {
        Values result = values.get(step);
        if (result == null) {
            throw new IllegalArgumentException("no step is named " + step);
        }
        return result;
    }

    /// The largest value of a step without its sign.
    private static double finite(Map<String, Values> values, String step) {
        double largest = of(values, step).largest();
        if (!Double.isFinite(largest)) {
            throw AttentionProblem.RESULT_NOT_FINITE.because(
                    "%s is beyond ±1.8e308 in places; scale x or the weights down", step);
        }
        return largest;
    }

    @Override
    public void close() {
        scope.close();
    }
}
