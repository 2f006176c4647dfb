package dev.telltale.detection;

import dev.telltale.signal.Statistics;
import dev.telltale.signal.Windows;
import java.util.Arrays;

/// Errors of rows, in the order of the rows, each finite and at least 0, in squared scaled units. Owns its
/// array: who hands it in gives it away, and who takes it out must not change it.
public final class ReconstructionErrors {

    private final double[] values;

    public ReconstructionErrors(double[] values) {
        for (double value : values) {
            if (!(value >= 0 && value <= Double.MAX_VALUE)) {
                throw new IllegalArgumentException("an error must be finite and at least 0, was " + value);
            }
        }
        this.values = values;
    }

    /// Error of the last row of each window. A row for which the network's answer is not a number has the
    /// largest error there is.
    ///
    /// @param original scaled windows, shape (N, L, C)
    /// @param rebuilt the model's answer, same shape
    /// @return N errors, mean squared difference over the C channels
    /// @throws IllegalArgumentException if the shapes differ
    /// @see <a href="https://doi.org/10.1145/2689746.2689747">Sakurada and Yairi (2014)</a>
    public static ReconstructionErrors ofLastRows(Windows original, Windows rebuilt) {
        return ofLastRows(original, rebuilt, original.channels());
    }

    /// As `ofLastRows(original, rebuilt)`, by the first channels only.
    ///
    /// @param judged how many, at least 1
    public static ReconstructionErrors ofLastRows(Windows original, Windows rebuilt, int judged) {
        if (original.count() != rebuilt.count()
                || original.length() != rebuilt.length()
                || original.channels() != rebuilt.channels()) {
            throw new IllegalArgumentException("windows and their reconstruction differ in shape");
        }
        int channels = original.channels();
        double[] errors = new double[original.count()];
        for (int i = 0; i < errors.length; i++) {
            int end = (i + 1) * original.width();
            double sum = 0;
            for (int at = end - channels; at < end - channels + judged; at++) {
                double difference = (double) original.values()[at] - rebuilt.values()[at];
                sum += difference * difference;
            }
            errors[i] = Double.isFinite(sum) ? sum / judged : Double.MAX_VALUE;
        }
        return new ReconstructionErrors(errors);
    }

    /// N.
    public int count() {
        return values.length;
    }

    public double value(int index) {
        return values[index];
    }

    public double[] values() {
        return values;
    }

    /// Mean of the errors; at least one is needed.
    public double mean() {
        requireOne();
        return Statistics.mean(values);
    }

    /// Standard deviation of the errors as they are, divided by n; at least one is needed.
    public double deviation() {
        requireOne();
        return Statistics.deviation(values);
    }

    /// The q-quantile, interpolated linearly between neighbours; at least one error is needed.
    ///
    /// @param q in [0, 1]
    public double quantile(double q) {
        requireOne();
        return Statistics.quantile(sorted(), q);
    }

    /// Which of the rows a line reports: those whose error is above it.
    public boolean[] above(double line) {
        boolean[] above = new boolean[values.length];
        for (int i = 0; i < values.length; i++) {
            above[i] = values[i] > line;
        }
        return above;
    }

    /// The errors in ascending order, in an array of the caller's own.
    double[] sorted() {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted;
    }

    void requireOne() {
        if (values.length == 0) {
            throw DetectionProblem.NO_NORMAL_ROWS.because(
                    "a line needs at least 1 normal row to be drawn from, there are 0;"
                            + " give a longer range or fewer annotations");
        }
    }
}
