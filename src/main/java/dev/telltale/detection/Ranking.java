package dev.telltale.detection;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;

/// Rows in the order of their errors, largest first, beside what is annotated: how well the errors tell
/// anomalous rows from normal ones whatever the line. Rows of equal error are one step, so that chance
/// never decides between them.
public final class Ranking {

    static final String NO_ANOMALOUS_ROWS = "no row is annotated as anomalous";
    static final String NO_NORMAL_ROWS = "every row is annotated as anomalous";

    /// All rows whose error is at least a threshold.
    ///
    /// @param tp anomalous ones among them
    /// @param fp normal ones among them
    public record Cut(double threshold, int tp, int fp) {

        /// Share of these rows that is anomalous.
        public double precision() {
            return (double) tp / (tp + fp);
        }
    }

    private final int positives;
    private final int negatives;
    private final double[] thresholds; // distinct, falling
    private final int[] tp; // anomalous rows that reach each of them
    private final int[] fp; // normal ones
    private int cuts;

    private Ranking(double[] positives, double[] negatives) {
        int rows = positives.length + negatives.length;
        this.positives = positives.length;
        this.negatives = negatives.length;
        this.thresholds = new double[rows];
        this.tp = new int[rows];
        this.fp = new int[rows];
        int p = positives.length;
        int n = negatives.length;
        while (p > 0 || n > 0) {
            double threshold = Math.max(
                    p > 0 ? positives[p - 1] : Double.NEGATIVE_INFINITY,
                    n > 0 ? negatives[n - 1] : Double.NEGATIVE_INFINITY);
            while (p > 0 && positives[p - 1] == threshold) {
                p--;
            }
            while (n > 0 && negatives[n - 1] == threshold) {
                n--;
            }
            thresholds[cuts] = threshold;
            tp[cuts] = positives.length - p;
            fp[cuts] = negatives.length - n;
            cuts++;
        }
    }

    /// The ranking of a part, in time that grows like n·log n.
    ///
    /// @param anomalous whether each row is annotated as anomalous, as many as errors
    public static Ranking of(ReconstructionErrors errors, boolean[] anomalous) {
        if (errors.count() != anomalous.length) {
            throw new IllegalArgumentException(errors.count() + " errors of " + anomalous.length + " rows");
        }
        return new Ranking(sorted(errors, anomalous, true), sorted(errors, anomalous, false));
    }

    private static double[] sorted(ReconstructionErrors errors, boolean[] anomalous, boolean wanted) {
        double[] values = new double[anomalous.length];
        int count = 0;
        for (int i = 0; i < anomalous.length; i++) {
            if (anomalous[i] == wanted) {
                values[count++] = errors.value(i);
            }
        }
        Arrays.sort(values, 0, count);
        return Arrays.copyOf(values, count);
    }

    /// Anomalous rows.
    public int positives() {
        return positives;
    }

    /// Normal rows.
    public int negatives() {
        return negatives;
    }

    /// Share of rows that are anomalous.
    public Figure prevalence() {
        return Figure.ratio(positives, (long) positives + negatives, ConfusionMatrix.NO_ROWS);
    }

    /// Sum over the steps of precision times the recall gained: the area under the precision–recall steps,
    /// not under lines between them, which would promise precision that no threshold gives. A ranking by
    /// chance gets the prevalence.
    ///
    /// @see <a href="https://doi.org/10.1145/1143844.1143874">Davis and Goadrich (2006) on such lines</a>
    public Figure averagePrecision() {
        if (positives == 0) {
            return new Figure.Undefined(NO_ANOMALOUS_ROWS);
        }
        double sum = 0;
        for (int i = 0; i < cuts; i++) {
            sum += (tp[i] - before(tp, i)) * cut(i).precision();
        }
        return new Figure.Known(sum / positives);
    }

    /// The probability that a random anomalous row has a larger error than a random normal one, a tie
    /// counting half: the area under the ROC curve, Mann and Whitney's statistic. Chance gets ½.
    ///
    /// @see <a href="https://doi.org/10.1148/radiology.143.1.7063747">Hanley and McNeil (1982)</a>
    public Figure rocAuc() {
        if (positives == 0) {
            return new Figure.Undefined(NO_ANOMALOUS_ROWS);
        }
        if (negatives == 0) {
            return new Figure.Undefined(NO_NORMAL_ROWS);
        }
        long twice = 0; // pairs in the right order count 2, ties 1: whole numbers below 2⁶³
        for (int i = 0; i < cuts; i++) {
            twice += (long) (fp[i] - before(fp, i)) * (tp[i] + before(tp, i));
        }
        return new Figure.Known(twice / 2.0 / positives / negatives);
    }

    /// The line of the best F1, halfway between the lowest error above it and the next; of equally good ones
    /// the highest. Empty without anomalous rows, or where all of them have an error of 0.
    public OptionalDouble bestF1Line() {
        OptionalDouble line = OptionalDouble.empty();
        double best = 0;
        for (int i = 0; i < cuts; i++) {
            double f1 = 2.0 * tp[i] / (tp[i] + fp[i] + positives);
            if (f1 > best && thresholds[i] > 0) {
                best = f1;
                double below = i + 1 < cuts ? thresholds[i + 1] : 0;
                line = OptionalDouble.of(below + (thresholds[i] - below) / 2);
            }
        }
        return line;
    }

    /// Points of the precision–recall curve, by rising recall: for each recall the highest threshold, and
    /// so the best precision, that reaches it, and at the end all rows. Empty without anomalous rows.
    ///
    /// @param most at least 2; of more points every so-manieth is kept, and both ends
    public List<Cut> precisionRecall(int most) {
        List<Cut> points = new ArrayList<>();
        for (int i = 0; i < cuts && positives > 0; i++) {
            if (tp[i] > before(tp, i) || i == cuts - 1) {
                points.add(cut(i));
            }
        }
        return thinned(points, most);
    }

    /// Corners of the ROC curve after its origin, where no row is reported, up to the point where all are.
    /// Empty without anomalous or without normal rows.
    ///
    /// @param most at least 2; of more corners every so-manieth is kept, and both ends
    public List<Cut> roc(int most) {
        List<Cut> points = new ArrayList<>();
        for (int i = 0; i < cuts && positives > 0 && negatives > 0; i++) {
            if (i == cuts - 1 || (before(tp, i) < tp[i + 1] && before(fp, i) < fp[i + 1])) {
                points.add(cut(i));
            }
        }
        return thinned(points, most);
    }

    private Cut cut(int index) {
        return new Cut(thresholds[index], tp[index], fp[index]);
    }

    private static int before(int[] counts, int index) {
        return index == 0 ? 0 : counts[index - 1];
    }

    private static List<Cut> thinned(List<Cut> points, int most) {
        if (points.size() <= most) {
            return points;
        }
        List<Cut> kept = new ArrayList<>(most);
        for (int i = 0; i < most; i++) {
            kept.add(points.get((int) ((long) i * (points.size() - 1) / (most - 1))));
        }
        return kept;
    }
}
