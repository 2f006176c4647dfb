package dev.telltale.detection;

import java.util.Arrays;

/// The map from error to evidence: −ln of the probability that a normal row's error is as large. Below the
/// 90th percentile of the normal errors it runs straight from one of them to the next; above it the
/// generalised Pareto tail takes over, so that it grows without end. Continuous, strictly increasing,
/// finite, and 0 at error 0.
///
/// @see <a href="https://doi.org/10.1145/3097983.3098144">Siffer et al. (2017) on tails for anomaly detection</a>
public final class Calibration {

    /// Points that the body keeps; it is thinned evenly to these where there are more distinct errors.
    public static final int MOST_KNOTS = 1024;

    /// What a calibration can be trusted with.
    ///
    /// @param excesses normal errors that the tail was fitted to
    /// @param supportedRate the smallest rate that was seen rather than extrapolated, one row in n
    public record Quality(int excesses, double supportedRate) {

        /// Whether so small a rate rests on rows seen, not on the tail's shape alone.
        public boolean supports(double rate) {
            return rate >= supportedRate;
        }
    }

    private static final double TAIL_SHARE = 0.1;

    /// Scale of the tail when every normal error is 0, so that any error above it is very improbable.
    private static final double SCALE_OF_NOTHING = 1e-12;

    private final int n;
    private final double[] errors;
    private final double[] evidences;
    private final Tail tail;
    private final Quality quality;
    private final double tailEvidence;

    /// A calibration from its numbers, as a manifest keeps them. Takes the arrays over.
    ///
    /// @param n normal errors it was learned from
    /// @param excesses those of them that the tail was fitted to
    /// @param errors knots of the body, strictly ascending, the first 0, the last the tail's threshold
    /// @param evidences of each knot, strictly ascending, the first 0
    /// @throws IllegalArgumentException if these numbers are not a calibration's
    public Calibration(int n, int excesses, double[] errors, double[] evidences, Tail tail) {
        if (n < 1 || excesses < 0 || excesses > n) {
            throw new IllegalArgumentException("no calibration has " + n + " errors and " + excesses + " excesses");
        }
        if (errors.length != evidences.length || errors.length < 1 || errors.length > MOST_KNOTS) {
            throw new IllegalArgumentException(errors.length + " knots with " + evidences.length + " evidences");
        }
        requireAscending(errors);
        requireAscending(evidences);
        if (errors[errors.length - 1] != tail.threshold()) {
            throw new IllegalArgumentException("the tail begins at " + tail.threshold() + ", away from the body");
        }
        this.n = n;
        this.errors = errors;
        this.evidences = evidences;
        this.tail = tail;
        this.quality = new Quality(excesses, 1.0 / n);
        this.tailEvidence = evidences[evidences.length - 1];
    }

    private static void requireAscending(double[] knots) {
        if (knots[0] != 0) {
            throw new IllegalArgumentException("the first knot must be 0, was " + knots[0]);
        }
        for (int i = 1; i < knots.length; i++) {
            if (!(knots[i] > knots[i - 1] && knots[i] <= Double.MAX_VALUE)) {
                throw new IllegalArgumentException("knots must ascend, number " + i + " does not");
            }
        }
    }

    /// The calibration of normal rows.
    ///
    /// @throws dev.telltale.problem.Problem NO_NORMAL_ROWS if there is none
    public static Calibration of(ReconstructionErrors normal) {
        return of(normal, MOST_KNOTS);
    }

    /// As `of(normal)`, for whom there are many of: with fewer knots it takes less memory, and its body is as
    /// much coarser.
    ///
    /// @param mostKnots from 2 to `MOST_KNOTS`
    public static Calibration of(ReconstructionErrors normal, int mostKnots) {
        normal.requireOne();
        double[] sorted = normal.sorted();
        int n = sorted.length;

        // Distinct errors up to the first that at most a tenth of the rows reach: there the tail begins.
        double[] errors = new double[n + 1];
        double[] evidences = new double[n + 1];
        int knots = 1; // error 0 has evidence 0
        int next = 0;
        boolean inBody = true;
        while (next < n && inBody) {
            double error = sorted[next];
            if (error > 0) {
                errors[knots] = error;
                evidences[knots] = -Math.log((double) (n - next) / (n + 1));
                knots++;
                inBody = n - next > TAIL_SHARE * n;
            }
            next = after(sorted, next);
        }
        double threshold = errors[knots - 1];
        return new Calibration(
                n,
                n - next,
                thinned(errors, knots, mostKnots),
                thinned(evidences, knots, mostKnots),
                next < n ? Tail.fit(threshold, sorted, next) : withoutExcess(normal, threshold));
    }

    /// When no error lies above the others the tail falls as fast as an exponential of their mean.
    private static Tail withoutExcess(ReconstructionErrors normal, double threshold) {
        return Tail.exponential(threshold, threshold == 0 ? SCALE_OF_NOTHING : normal.mean());
    }

    /// The index of the first error above the one at `index`.
    private static int after(double[] sorted, int index) {
        int next = index + 1;
        while (next < sorted.length && sorted[next] == sorted[index]) {
            next++;
        }
        return next;
    }

    private static double[] thinned(double[] knots, int count, int most) {
        if (count <= most) {
            return Arrays.copyOf(knots, count);
        }
        double[] kept = new double[most];
        Arrays.setAll(kept, i -> knots[(int) ((long) i * (count - 1) / (most - 1))]);
        return kept;
    }

    /// −ln of the probability that a normal row's error is as large as this one, at least 0 and finite.
    public double evidence(double error) {
        if (error >= tail.threshold()) {
            return Math.min(tailEvidence + tail.evidence(error), Double.MAX_VALUE);
        }
        if (error <= 0) {
            return 0;
        }
        int above = firstAbove(errors, error);
        return between(errors, evidences, above, error);
    }

    /// The error that a share of normal rows exceeds: the inverse of `evidence`. It is 0 where every
    /// normal error was, since nothing says how far the tail of such errors reaches.
    ///
    /// @param rate in (0, 1]
    public double exceededBy(double rate) {
        double evidence = -Math.log(rate);
        if (evidence <= 0 || tail.threshold() == 0) {
            return 0;
        }
        if (evidence >= tailEvidence) {
            return tail.error(evidence - tailEvidence);
        }
        return between(evidences, errors, firstAbove(evidences, evidence), evidence);
    }

    /// The point on the line between the knot before `above` and that knot.
    private static double between(double[] from, double[] to, int above, double at) {
        double share = (at - from[above - 1]) / (from[above] - from[above - 1]);
        double value = to[above - 1] + (to[above] - to[above - 1]) * share;
        return Math.min(value, to[above]); // rounding must not pass the knot
    }

    /// The index of the first knot above a value that lies below the last.
    private static int firstAbove(double[] knots, double value) {
        int found = Arrays.binarySearch(knots, value);
        return found >= 0 ? found + 1 : -found - 1;
    }

    /// Normal errors it was learned from.
    public int n() {
        return n;
    }

    public Tail tail() {
        return tail;
    }

    public Quality quality() {
        return quality;
    }

    /// Errors at the knots of the body, for keeping; not to be changed.
    public double[] errors() {
        return errors;
    }

    /// Evidences at the knots of the body, for keeping; not to be changed.
    public double[] evidences() {
        return evidences;
    }
}
