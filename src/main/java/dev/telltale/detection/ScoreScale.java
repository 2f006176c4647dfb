package dev.telltale.detection;

import dev.telltale.signal.Frame;
import dev.telltale.signal.Scaling;
import java.util.Arrays;

/// Turns errors into scores: at least 0, finite, exactly 1 at the line, and above 1 just where the error is
/// above it. Measured in evidence, so that scores of different models compare; where that says nothing, in
/// multiples of the line.
public final class ScoreScale {

    /// What a score is a ratio of.
    public enum Basis {
        /// Evidence of the error over evidence of the line.
        EVIDENCE,
        /// The error over the line.
        ERROR,
    }

    /// Normal rows from which evidence is trusted.
    public static final int ENOUGH = 100;

    /// The finest resolution, in squared scaled units: 32-bit windows show no finer difference.
    public static final double FINEST = 1e-12;

    private static final double JUST_BELOW = Math.nextDown(1.0);
    private static final double JUST_ABOVE = Math.nextUp(1.0);

    private final Calibration calibration;
    private final double line;
    private final Basis basis;
    private final double lineEvidence;

    /// A scale from its numbers, as a manifest keeps them.
    ///
    /// @param line the error that scores 1, finite and positive
    /// @throws IllegalArgumentException if the line is not positive, or has no evidence to be the basis
    public ScoreScale(Calibration calibration, double line, Basis basis) {
        if (!(line > 0 && line <= Double.MAX_VALUE)) {
            throw new IllegalArgumentException("no score is 1 at an error of " + line);
        }
        this.calibration = calibration;
        this.line = line;
        this.basis = basis;
        this.lineEvidence = calibration.evidence(line);
        if (basis == Basis.EVIDENCE && lineEvidence == 0) {
            throw new IllegalArgumentException("an error of " + line + " has no evidence to score by");
        }
    }

    /// The scale of a line that a threshold rule drew. With fewer than `ENOUGH` normal rows, or a line
    /// without evidence, the error itself is the basis, and the line is at least the resolution.
    ///
    /// @param line as the rule drew it, at least 0
    /// @param resolution from `resolution`
    public static ScoreScale of(Calibration calibration, double line, double resolution) {
        return calibration.n() >= ENOUGH && calibration.evidence(line) > 0
                ? new ScoreScale(calibration, line, Basis.EVIDENCE)
                : new ScoreScale(calibration, Math.max(line, Math.max(resolution, FINEST)), Basis.ERROR);
    }

    /// The error of a row in which one channel is off by half the smallest step between two training
    /// values: what is smaller cannot be told from noise of the last digit. At least `FINEST`.
    ///
    /// @param rows positions in the frame of the training rows
    public static double resolution(Frame frame, Scaling scaling, int[] rows) {
        double halfStep = Double.POSITIVE_INFINITY;
        for (int channel = 0; channel < frame.series().channels(); channel++) {
            int c = channel;
            double[] values = Arrays.stream(rows)
                    .mapToDouble(row -> frame.value(row, c))
                    .sorted()
                    .toArray();
            double scale = scaling.channels().get(c).scale();
            for (int i = 1; i < values.length; i++) {
                // Halved first: the difference of two huge values could overflow.
                double half = (values[i] / 2 - values[i - 1] / 2) / scale;
                if (half > 0) {
                    halfStep = Math.min(halfStep, half);
                }
            }
        }
        boolean constant = halfStep == Double.POSITIVE_INFINITY;
        double seen = Math.min(halfStep, Scaling.LIMIT); // values further apart are cut off to these 2·LIMIT
        return constant ? FINEST : Math.max(seen * seen / frame.judged(), FINEST);
    }

    /// The score of an error: higher is more anomalous, and above 1 it is.
    public double score(double error) {
        if (error == line) {
            return 1;
        }
        double ratio = switch (basis) {
            case EVIDENCE -> calibration.evidence(error) / lineEvidence;
            case ERROR -> error / line;
        };
        // Rounding may carry a ratio onto the line or across; the verdict must not depend on it.
        return error > line ? Math.clamp(ratio, JUST_ABOVE, Double.MAX_VALUE) : Math.clamp(ratio, 0, JUST_BELOW);
    }

    /// Whether the error is above the line, and so the score above 1.
    public boolean anomalous(double error) {
        return error > line;
    }

    /// The error that scores 1, in squared scaled units.
    public double line() {
        return line;
    }

    public Basis basis() {
        return basis;
    }

    public Calibration calibration() {
        return calibration;
    }
}
