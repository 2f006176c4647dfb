package dev.telltale.models;

import dev.telltale.detection.Calibration;
import dev.telltale.detection.ScoreScale;
import dev.telltale.detection.Tail;

/// A score scale by its numbers, as a manifest keeps it.
///
/// @param line the error that scores 1
/// @param basis what a score is a ratio of
/// @param n normal errors it was learned from
/// @param excesses those of them that the tail was fitted to
/// @param errors knots of the calibration's body
/// @param evidences of each knot
@SuppressWarnings("ArrayRecordComponent") // nobody compares them; a list would box a thousand numbers
record Scoring(
        double line, ScoreScale.Basis basis, int n, int excesses, double[] errors, double[] evidences, Tail tail) {

    Scoring {
        scale(line, basis, n, excesses, errors, evidences, tail);
    }

    static Scoring of(ScoreScale scale) {
        Calibration calibration = scale.calibration();
        return new Scoring(
                scale.line(),
                scale.basis(),
                calibration.n(),
                calibration.quality().excesses(),
                calibration.errors(),
                calibration.evidences(),
                calibration.tail());
    }

    ScoreScale scale() {
        return scale(line, basis, n, excesses, errors, evidences, tail);
    }

    private static ScoreScale scale(
            double line, ScoreScale.Basis basis, int n, int excesses, double[] errors, double[] evidences, Tail tail) {
        return new ScoreScale(new Calibration(n, excesses, errors, evidences, tail), line, basis);
    }
}
