package dev.telltale.detection;

import dev.telltale.detection.Runs.Run;
import java.util.ArrayList;
import java.util.List;

/// VUS-PR: the average precision of ranges, averaged over how far from an annotated range a report still
/// counts as near it. With reach r, a row at distance d ≤ r/2 of a range counts as anomalous by
/// √(1 − d/r), so that labels which are a few rows off cost little; recall is weighed by the share of
/// ranges that are met. The volume is the mean over r = 0, 1, …, window, each over 250 thresholds spread
/// evenly over the ranks.
///
/// Takes n·log n, and for each of the window's reaches one look at every row near a range.
///
/// @see <a href="https://doi.org/10.14778/3551793.3551830">Paparrizos et al. (2022)</a>
public final class VolumeUnderSurface {

    /// Windows are cut off here, which bounds the time that a measurement takes.
    public static final int LARGEST_WINDOW = 512;

    private static final int THRESHOLDS = 250;
    private static final long FAR = Long.MAX_VALUE;

    /// A normal row near a range.
    ///
    /// @param distance in rows to the nearest range
    /// @param next to the one after it, `FAR` without
    /// @param rank the first threshold that its error reaches
    private record Neighbour(long distance, long next, int rank) {}

    private final Runs runs;
    private final List<Run> ranges;
    private final int[] ranks; // of each row: the first threshold that it reaches
    private final double[] reported; // rows that reach each threshold
    private final double[] found; // anomalous ones among them
    private final List<Neighbour> neighbours;

    private VolumeUnderSurface(Runs runs, ReconstructionErrors errors, boolean[] anomalous, int window) {
        this.runs = runs;
        this.ranges = runs.of(anomalous);
        this.ranks = ranks(errors);
        this.reported = new double[THRESHOLDS];
        this.found = new double[THRESHOLDS];
        for (int row = 0; row < ranks.length; row++) {
            reported[ranks[row]]++;
            found[ranks[row]] += anomalous[row] ? 1 : 0;
        }
        accumulate(reported);
        accumulate(found);
        this.neighbours = neighbours(window / 2);
    }

    /// The volume under the precision–recall surface.
    ///
    /// @param errors of the rows
    /// @param anomalous whether each row is annotated as anomalous
    /// @param window the largest reach in rows, from 0 to `LARGEST_WINDOW`
    public static Figure precisionRecall(Runs runs, ReconstructionErrors errors, boolean[] anomalous, int window) {
        runs.requireRows(errors.count());
        if (window < 0 || window > LARGEST_WINDOW) {
            throw new IllegalArgumentException("a window has 0 to " + LARGEST_WINDOW + " rows, was " + window);
        }
        return runs.of(anomalous).isEmpty()
                ? new Figure.Undefined(Ranking.NO_ANOMALOUS_ROWS)
                : new Figure.Known(new VolumeUnderSurface(runs, errors, anomalous, window).volume(window));
    }

    /// The window that suits some annotations: the median length of their ranges, of an even number the longer
    /// of the two in the middle, so that it depends on the data alone and models of any window length compare.
    /// 0 without annotated rows.
    public static int window(Runs runs, boolean[] anomalous) {
        int[] lengths = runs.of(anomalous).stream().mapToInt(Run::rows).sorted().toArray();
        return lengths.length == 0 ? 0 : Math.min(lengths[lengths.length / 2], LARGEST_WINDOW);
    }

    /// For each row the first of the thresholds, which fall, that its error reaches.
    private static int[] ranks(ReconstructionErrors errors) {
        double[] sorted = errors.sorted();
        double step = (sorted.length - 1) / (THRESHOLDS - 1.0);
        double[] rising = new double[THRESHOLDS];
        for (int k = 0; k < THRESHOLDS; k++) {
            // The reference cuts off k·step as it comes out in floating point, and ends at the last row.
            int rank = k == THRESHOLDS - 1 ? sorted.length - 1 : (int) (k * step);
            rising[THRESHOLDS - 1 - k] = sorted[sorted.length - 1 - rank];
        }
        int[] ranks = new int[sorted.length];
        for (int row = 0; row < ranks.length; row++) {
            ranks[row] = THRESHOLDS - 1 - lastReached(rising, errors.value(row));
        }
        return ranks;
    }

    /// The index of the last value that is at most `error`; the first always is.
    private static int lastReached(double[] rising, double error) {
        int low = 0;
        int high = rising.length;
        while (high - low > 1) {
            int middle = (low + high) >>> 1;
            if (rising[middle] <= error) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /// Normal rows at most `reach` rows from a range, nearest first.
    private List<Neighbour> neighbours(int reach) {
        List<Neighbour> near = new ArrayList<>();
        for (int i = 0; i <= ranges.size(); i++) { // the gap before range i
            int start = i == 0 ? 0 : ranges.get(i - 1).last() + 1;
            int end = i == ranges.size() ? ranks.length : ranges.get(i).first();
            for (int row = start; row < end; row++) {
                long before = fromLast(i - 1, row);
                long after = toFirst(i, row);
                long distance = Math.min(before, after);
                long next =
                        before < after ? Math.min(after, fromLast(i - 2, row)) : Math.min(before, toFirst(i + 1, row));
                if (distance <= reach) {
                    near.add(new Neighbour(distance, next, ranks[row]));
                }
            }
        }
        near.sort((one, other) -> Long.compare(one.distance(), other.distance()));
        return near;
    }

    private long fromLast(int range, int row) {
        return range < 0 ? FAR : runs.distance(ranges.get(range).last(), row);
    }

    private long toFirst(int range, int row) {
        return range >= ranges.size()
                ? FAR
                : runs.distance(row, ranges.get(range).first());
    }

    private double volume(int window) {
        double sum = 0;
        for (int half = 0; half <= window / 2; half++) {
            double[] met = shareOfRangesMet(half);
            for (int reach = 2 * half; reach <= Math.min(2 * half + 1, window); reach++) {
                sum += area(nearness(reach), met);
            }
        }
        return sum / (window + 1);
    }

    /// For each threshold how much the reported normal rows count as anomalous. Two ranges within half the
    /// reach give a row at least 2·√½, and more than 1 does not count.
    private double[] nearness(int reach) {
        double[] near = new double[THRESHOLDS];
        for (Neighbour row : neighbours) {
            if (row.distance() > reach / 2) {
                break;
            }
            near[row.rank()] += row.next() <= reach / 2 ? 1 : Math.sqrt(1 - (double) row.distance() / reach);
        }
        accumulate(near);
        return near;
    }

    /// For each threshold the share of ranges, widened by some rows and joined where they then meet, that
    /// hold a reported row.
    private double[] shareOfRangesMet(int wider) {
        double[] met = new double[THRESHOLDS];
        int count = 0;
        for (int i = 0; i < ranges.size(); count++) {
            int from = ranges.get(i).first();
            int to = ranges.get(i).last();
            i++;
            while (i < ranges.size() && runs.distance(to, ranges.get(i).first()) <= 2L * wider) {
                to = ranges.get(i).last();
                i++;
            }
            int first = THRESHOLDS;
            for (int row = from; row >= 0 && runs.distance(row, from) <= wider; row--) {
                first = Math.min(first, ranks[row]);
            }
            for (int row = from; row < ranks.length && runs.distance(to, row) <= wider; row++) {
                first = Math.min(first, ranks[row]);
            }
            met[first]++;
        }
        accumulate(met);
        for (int k = 0; k < THRESHOLDS; k++) {
            met[k] /= count;
        }
        return met;
    }

    /// Rows that first count at a threshold become those that count at it: all before are among them.
    private static void accumulate(double[] counts) {
        for (int k = 1; k < THRESHOLDS; k++) {
            counts[k] += counts[k - 1];
        }
    }

    /// The average precision of one reach.
    private double area(double[] near, double[] met) {
        double positives = found[THRESHOLDS - 1];
        double area = 0;
        double recallBefore = 0;
        for (int k = 0; k < THRESHOLDS; k++) {
            double truly = found[k] + near[k];
            double recall = Math.min(truly / (positives + near[k] / 2), 1) * met[k];
            area += (recall - recallBefore) * truly / reported[k];
            recallBefore = recall;
        }
        return area;
    }
}
