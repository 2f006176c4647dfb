package dev.telltale.drawing;

import java.util.Arrays;
import java.util.stream.DoubleStream;

/// Points in the order in which a line joins them. A y that is no number parts the line.
public final class Points {

    private final double[] x;
    private final double[] y;

    /// @param x finite, as many as `y`; both arrays become its own
    public Points(double[] x, double[] y) {
        if (x.length != y.length) {
            throw new IllegalArgumentException(x.length + " x and " + y.length + " y");
        }
        this.x = x;
        this.y = y;
    }

    public int count() {
        return x.length;
    }

    DoubleStream xs() {
        return Arrays.stream(x);
    }

    DoubleStream ys() {
        return Arrays.stream(y);
    }

    double x(int i) {
        return x[i];
    }

    double y(int i) {
        return y[i];
    }
}
