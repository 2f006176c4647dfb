package dev.telltale.models;

import dev.telltale.detection.Calibration;
import dev.telltale.detection.Tail;

/// A calibration by its numbers, as a manifest keeps it.
///
/// @param n normal errors it was learned from
/// @param excesses those of them that the tail was fitted to
/// @param errors knots of the body
/// @param evidences of each knot
@SuppressWarnings("ArrayRecordComponent") // nobody compares them; a list would box a thousand numbers
record Knots(int n, int excesses, double[] errors, double[] evidences, Tail tail) {

    Knots {
        calibration(n, excesses, errors, evidences, tail);
    }

    static Knots of(Calibration calibration) {
        return new Knots(
                calibration.n(),
                calibration.quality().excesses(),
                calibration.errors(),
                calibration.evidences(),
                calibration.tail());
    }

    Calibration calibration() {
        return calibration(n, excesses, errors, evidences, tail);
    }

    private static Calibration calibration(int n, int excesses, double[] errors, double[] evidences, Tail tail) {
        return new Calibration(n, excesses, errors, evidences, tail);
    }
}
