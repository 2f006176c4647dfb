package dev.telltale.attention.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import dev.telltale.attention.AttentionInput;
import dev.telltale.attention.AttentionMask;
import dev.telltale.attention.AttentionResult;
import dev.telltale.attention.Matrix;
import dev.telltale.attention.Operation;
import dev.telltale.attention.OutputActivation;
import dev.telltale.attention.Projection;
import dev.telltale.attention.SelfAttention;
import dev.telltale.attention.Step;
import dev.telltale.torch.NativeScope;
import dev.telltale.torch.SharedTensor;
import dev.telltale.torch.TorchEngine;
import dev.telltale.torch.TorchExecutor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Goes through the steps of the transform with the engine.
public final class TorchSelfAttention implements SelfAttention {

    private final TorchEngine engine;
    private final TorchExecutor executor;

    public TorchSelfAttention(TorchEngine engine, TorchExecutor executor) {
        this.engine = engine;
        this.executor = executor;
    }

    @Override
    @SuppressWarnings("MustBeClosedChecker") // the result closes the scope
    public AttentionResult transform(AttentionInput input) {
        NativeScope scope = engine.newScope();
        boolean handedOn = false;
        try {
            AttentionResult result = executor.call(() -> {
                engine.prepareThread();
                return new AttentionResult(compute(input, scope.manager()), scope);
            });
            handedOn = true;
            return result;
        } finally {
            if (!handedOn) {
                scope.close();
            }
        }
    }

    private static Map<String, AttentionResult.Values> compute(AttentionInput input, NDManager manager) {
        Map<String, NDArray> results = new HashMap<>();
        Map<String, AttentionResult.Values> answered = new LinkedHashMap<>();
        results.put(Step.ROWS, tensor(input.x(), manager));
        for (Step step : Step.ALL) {
            NDArray[] arguments = step.inputs().stream().map(results::get).toArray(NDArray[]::new);
            NDArray result = apply(step.operation(), input, arguments, manager);
            results.put(step.name(), result);
            if (step.answered()) {
                answered.put(step.name(), values(result));
            }
        }
        return answered;
    }

    private static NDArray apply(Operation operation, AttentionInput input, NDArray[] arguments, NDManager manager) {
        return switch (operation) {
            case Operation.Project project ->
                project.projection()
                        .apply(input)
                        .map(projection -> project(arguments[0], projection, manager)) // (N, in) → (N, out)
                        .orElse(arguments[0]);
            case Operation.Compare() -> compare(arguments[0], arguments[1], input); // 2 (N, dk) → (heads, N, N)
            case Operation.Mask() ->
                input.mask()
                        .map(mask -> mask(arguments[0], mask, input.heads()))
                        .orElse(arguments[0]);
            case Operation.Softmax() -> arguments[0].softmax(-1); // (heads, N, N), same shape
            case Operation.Mix() -> mix(arguments[0], arguments[1], input.heads()); // and (N, dv) → (N, dv)
            case Operation.Activate() -> activate(arguments[0], input); // (N, out), same shape
        };
    }

    private static NDArray project(NDArray rows, Projection projection, NDManager manager) {
        try (NDArray weight = tensor(projection.weight(), manager)) {
            NDArray projected = rows.matMul(weight);
            projection.bias().ifPresent(bias -> {
                try (NDArray shift = manager.create(bias)) {
                    projected.addi(shift);
                }
            });
            return projected;
        }
    }

    private static NDArray compare(NDArray queries, NDArray keys, AttentionInput input) {
        try (NDArray scaled = queries.div(Math.sqrt(input.keySize()));
                NDArray query = byHead(scaled, input.heads()); // (heads, N, dk / heads)
                NDArray key = byHead(keys, input.heads());
                NDArray transposed = key.transpose(0, 2, 1)) {
            return query.matMul(transposed);
        }
    }

    private static NDArray mask(NDArray scores, AttentionMask mask, int heads) {
        NDArray masked = scores.duplicate();
        MemorySegment values = SharedTensor.valuesOf(masked);
        int rows = mask.rows();
        for (int head = 0; head < heads; head++) {
            for (int row = 0; row < rows; row++) {
                long start = ((long) head * rows + row) * rows;
                for (int other = 0; other < rows; other++) {
                    if (!mask.allows(row, other)) {
                        values.setAtIndex(ValueLayout.JAVA_DOUBLE, start + other, Double.NEGATIVE_INFINITY);
                    }
                }
            }
        }
        return masked;
    }

    /// Multiplies transposed: of narrow values the engine's product of wide by narrow takes twice as long.
    private static NDArray mix(NDArray weights, NDArray values, int heads) {
        Shape shape = values.getShape();
        try (NDArray value = byHead(values, heads);
                NDArray narrow = value.transpose(0, 2, 1); // (heads, dv / heads, N)
                NDArray wide = weights.transpose(0, 2, 1); // (heads, N, N)
                NDArray mixed = narrow.matMul(wide); // (heads, dv / heads, N)
                NDArray byRow = mixed.transpose(2, 0, 1)) {
            return byRow.reshape(shape);
        }
    }

    private static NDArray activate(NDArray projected, AttentionInput input) {
        Optional<OutputActivation> activation = input.output().map(_ -> input.activation());
        return activation.equals(Optional.of(OutputActivation.RELU)) ? Activation.relu(projected) : projected;
    }

    private static NDArray byHead(NDArray rows, int heads) {
        try (NDArray cut =
                rows.reshape(rows.getShape().get(0), heads, rows.getShape().get(1) / heads)) {
            return cut.transpose(1, 0, 2);
        }
    }

    private static NDArray tensor(Matrix matrix, NDManager manager) {
        return manager.create(matrix.values(), new Shape(matrix.rows(), matrix.columns()));
    }

    private static AttentionResult.Values values(NDArray result) {
        return new AttentionResult.Values(
                Arrays.stream(result.getShape().getShape())
                        .mapToObj(Math::toIntExact)
                        .toList(),
                SharedTensor.valuesOf(result));
    }
}
