package dev.telltale.attention;

import java.util.Optional;
import java.util.function.Function;

/// What one step of the transform does to the results of earlier ones.
public sealed interface Operation {

    /// A linear map of each row: row·W + b. An absent one leaves the rows as they are.
    ///
    /// @param letter of its weight and bias in a request, such as `q` of `wq` and `bq`
    record Project(String letter, Function<AttentionInput, Optional<Projection>> projection) implements Operation {}

    /// How well each row's query fits each row's key: Q·Kᵀ/√dk, in each head.
    record Compare() implements Operation {}

    /// Minus infinity for each pair of rows that the mask does not allow. No mask leaves the scores as they are.
    record Mask() implements Operation {}

    /// Each row of scores as shares of 1, largest score subtracted first so that nothing overflows.
    record Softmax() implements Operation {}

    /// The mean of the values by these shares, the heads side by side.
    record Mix() implements Operation {}

    /// The output activation; none without a projection of the output.
    record Activate() implements Operation {}
}
