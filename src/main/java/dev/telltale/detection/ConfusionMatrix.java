package dev.telltale.detection;

/// How verdicts agree with annotations, counted in rows, and the figures that follow from it.
///
/// @param tp anomalous, and found
/// @param fp normal, but reported
/// @param fn anomalous, but missed
/// @param tn normal, and left alone
public record ConfusionMatrix(long tp, long fp, long fn, long tn) {

    static final String NO_ROWS = "there is no row";
    private static final String NO_REPORTED_ROWS = "no row scored above 1";

    public ConfusionMatrix {
        if (tp < 0 || fp < 0 || fn < 0 || tn < 0) {
            throw new IllegalArgumentException("rows are counted from 0");
        }
    }

    /// The matrix of verdicts and annotations, row by row.
    ///
    /// @param reported verdict on each row
    /// @param anomalous whether each row is annotated as anomalous, of the same length
    public static ConfusionMatrix of(boolean[] reported, boolean[] anomalous) {
        if (reported.length != anomalous.length) {
            throw new IllegalArgumentException(reported.length + " verdicts on " + anomalous.length + " rows");
        }
        long tp = 0;
        long fp = 0;
        long fn = 0;
        for (int i = 0; i < reported.length; i++) {
            tp += reported[i] && anomalous[i] ? 1 : 0;
            fp += reported[i] && !anomalous[i] ? 1 : 0;
            fn += !reported[i] && anomalous[i] ? 1 : 0;
        }
        return new ConfusionMatrix(tp, fp, fn, reported.length - tp - fp - fn);
    }

    public long rows() {
        return tp + fp + fn + tn;
    }

    /// Share of rows that are anomalous: the precision of a detector that guesses.
    public Figure prevalence() {
        return Figure.ratio(tp + fn, rows(), NO_ROWS);
    }

    /// Share of rows judged as they are annotated.
    public Figure accuracy() {
        return Figure.ratio(tp + tn, rows(), NO_ROWS);
    }

    /// Share of the reported rows that are anomalous.
    public Figure precision() {
        return Figure.ratio(tp, tp + fp, NO_REPORTED_ROWS);
    }

    /// Share of the anomalous rows that were reported.
    public Figure recall() {
        return Figure.ratio(tp, tp + fn, Ranking.NO_ANOMALOUS_ROWS);
    }

    /// Harmonic mean of precision and recall, 0 when no anomalous row was reported.
    public Figure f1() {
        return tp + fn == 0
                ? new Figure.Undefined(Ranking.NO_ANOMALOUS_ROWS)
                : new Figure.Known(2.0 * tp / (2 * tp + fp + fn));
    }
}
