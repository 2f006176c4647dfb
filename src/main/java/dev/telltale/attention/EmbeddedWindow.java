package dev.telltale.attention;

import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/// A window whose values became rows, and projections for them, all from a seed.
///
/// @param embedding of a scaled value (1) to a row (D); the row's position is added after it
/// @param x the rows, shape (N, D)
/// @param query (D, dk)
/// @param key (D, dk)
/// @param value (D, dv)
/// @param output (dv, O)
record EmbeddedWindow(
        StoredWindow window,
        Projection embedding,
        Matrix x,
        Projection query,
        Projection key,
        Projection value,
        Projection output) {

    /// How wide the rows and their projections are.
    ///
    /// @param embedding D
    /// @param key dk
    /// @param value dv
    /// @param output O
    record Sizes(int embedding, int key, int value, int output) {}

    /// Draws embedding, query, key, value and output projection in this order, of each the weight row by row
    /// and then the bias, uniform in ±1/√inputs.
    static EmbeddedWindow of(StoredWindow window, Sizes sizes, long seed) {
        RandomGenerator random = new SplittableRandom(seed);
        Projection embedding = uniform(1, sizes.embedding(), random);
        return new EmbeddedWindow(
                window,
                embedding,
                embed(window.scaled(), embedding),
                uniform(sizes.embedding(), sizes.key(), random),
                uniform(sizes.embedding(), sizes.key(), random),
                uniform(sizes.embedding(), sizes.value(), random),
                uniform(sizes.value(), sizes.output(), random));
    }

    private static Projection uniform(int inputs, int outputs, RandomGenerator random) {
        double bound = 1 / Math.sqrt(inputs);
        Matrix weight = new Matrix(
                inputs,
                outputs,
                random.doubles((long) inputs * outputs, -bound, bound).toArray());
        return new Projection(
                weight, Optional.of(random.doubles(outputs, -bound, bound).toArray()));
    }

    private static Matrix embed(double[] values, Projection embedding) {
        int width = embedding.weight().columns();
        double[] bias = embedding.bias().orElseThrow();
        double[] rows = SinusoidalPositions.of(values.length, width);
        for (int i = 0; i < rows.length; i++) {
            rows[i] += values[i / width] * embedding.weight().value(0, i % width) + bias[i % width];
        }
        return new Matrix(values.length, width, rows);
    }
}
