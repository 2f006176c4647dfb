package dev.telltale.drawing;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/// Thins points out, handed in by rising x, so that a line through them keeps its shape: of each of equal spans of x
/// the first points with the smallest and the largest y stay, and that the line parts within it.
///
/// @see <a href="https://doi.org/10.14778/2732951.2732953">Jugel and others (2014), MinMax aggregation</a>
public final class Extremes {

    private static final int LOW = 0;
    private static final int HIGH = 1;
    private static final int GAP = 2;
    private static final int MOST_OF_A_SPAN = 3;

    private final double first;
    private final double last;
    private final int spans;

    private double[] x = new double[64];
    private double[] y = new double[64];
    private int count;

    private int span = -1;
    private int accepted;

    // Of the current span: where among all points each stands, 0 if there is none.
    private final int[] places = new int[MOST_OF_A_SPAN];
    private final double[] placedX = new double[MOST_OF_A_SPAN];
    private final double[] placedY = new double[MOST_OF_A_SPAN];

    /// @param first smallest x
    /// @param last largest x
    /// @param spans at least 1; up to three points of each stay
    public Extremes(double first, double last, int spans) {
        this.first = first;
        this.last = last;
        this.spans = spans;
    }

    /// The same points if they are few, else those that stay, at most three for each span.
    static Points of(Points points, int spans) {
        if (points.count() <= MOST_OF_A_SPAN * spans) {
            return points;
        }
        Extremes extremes = new Extremes(points.x(0), points.x(points.count() - 1), spans);
        for (int i = 0; i < points.count(); i++) {
            extremes.accept(points.x(i), points.y(i));
        }
        return extremes.points();
    }

    /// Takes the next point.
    ///
    /// @param nextX not below the one before
    /// @param nextY NaN parts the line
    public void accept(double nextX, double nextY) {
        int of = last > first ? (int) Math.clamp((nextX - first) / (last - first) * spans, 0, spans - 1) : 0;
        if (of != span) {
            endSpan();
            span = of;
        }
        accepted++;
        if (Double.isNaN(nextY)) {
            if (places[GAP] == 0) {
                place(GAP, nextX, nextY);
            }
            return;
        }
        if (places[LOW] == 0 || nextY < placedY[LOW]) {
            place(LOW, nextX, nextY);
        }
        if (places[HIGH] == 0 || nextY > placedY[HIGH]) {
            place(HIGH, nextX, nextY);
        }
    }

    private void place(int which, double atX, double atY) {
        places[which] = accepted;
        placedX[which] = atX;
        placedY[which] = atY;
    }

    /// What stays of all that was handed in.
    public Points points() {
        endSpan();
        return new Points(Arrays.copyOf(x, count), Arrays.copyOf(y, count));
    }

    private void endSpan() {
        if (places[LOW] == places[HIGH]) {
            places[HIGH] = 0;
        }
        IntStream.range(0, MOST_OF_A_SPAN)
                .boxed()
                .filter(which -> places[which] > 0)
                .sorted(Comparator.comparingInt(which -> places[which]))
                .forEach(which -> keep(placedX[which], placedY[which]));
        Arrays.fill(places, 0);
    }

    private void keep(double keptX, double keptY) {
        if (count == x.length) {
            x = Arrays.copyOf(x, 2 * count);
            y = Arrays.copyOf(y, 2 * count);
        }
        x[count] = keptX;
        y[count++] = keptY;
    }
}
