package dev.telltale.attention;

import java.util.Optional;

/// A linear map of rows: row·W + b. Owns its arrays as a matrix does.
///
/// @param weight W, shape (inputs, outputs)
/// @param bias b, `outputs` finite values; absent: zeros
public record Projection(Matrix weight, Optional<double[]> bias) {}
