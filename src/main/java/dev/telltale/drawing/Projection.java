package dev.telltale.drawing;

import dev.telltale.drawing.Axis.Scale;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;

/// Where on an axis a value lies.
///
/// @param logarithmic whether equal lengths are equal ratios
/// @param low value at the start
/// @param high value at the end, above `low`
record Projection(Scale scale, boolean logarithmic, double low, double high) {

    private static final double SQUEEZED = 50; // times the lower quartile
    private static final double MOST_DECADES = 1e9;
    private static final double MARGIN = 0.04;

    /// Of an axis on which these values are to be seen.
    static Projection of(Scale scale, DoubleStream values) {
        double[] sorted = values.filter(Double::isFinite).sorted().toArray();
        double least = sorted.length == 0 ? 0 : sorted[0];
        double most = sorted.length == 0 ? 1 : sorted[sorted.length - 1];
        return switch (scale) {
            case SHARE -> new Projection(scale, false, -0.01, 1.02);
            case TIME -> padded(scale, least, most, 0);
            case WHOLE -> new Projection(scale, false, least - 0.5, most + 0.5);
            case LINEAR -> padded(scale, least, most, MARGIN);
            case WIDE -> isSqueezed(sorted) ? logarithmic(sorted) : padded(scale, Math.min(0, least), most, MARGIN);
        };
    }

    private static boolean isSqueezed(double[] sorted) {
        double[] positive = Arrays.stream(sorted).filter(value -> value > 0).toArray();
        return positive.length > 1
                && sorted[0] >= 0
                && positive[positive.length - 1] > SQUEEZED * positive[positive.length / 4];
    }

    private static Projection logarithmic(double[] sorted) {
        double most = sorted[sorted.length - 1];
        double least =
                Arrays.stream(sorted).filter(value -> value > 0).findFirst().orElse(most);
        double shown = Math.max(least, most / MOST_DECADES);
        double margin = Math.pow(most / shown, MARGIN);
        return new Projection(Scale.WIDE, true, shown / margin, most * margin);
    }

    private static Projection padded(Scale scale, double least, double most, double margin) {
        double width = most - least;
        if (!(width > 0)) {
            double around = Math.max(1e-9, Math.abs(most) / 2);
            return new Projection(scale, false, least - around, most + around);
        }
        return new Projection(scale, false, least == 0 ? 0 : least - margin * width, most + margin * width);
    }

    /// In [0, 1]; what lies outside is moved to the end.
    double share(double value) {
        double share = logarithmic
                ? Math.log(Math.max(value, low) / low) / Math.log(high / low)
                : (value - low) / (high - low);
        return Math.clamp(share, 0, 1);
    }

    List<Tick> ticks(int most) {
        if (logarithmic) {
            return Ticks.powers(low, high, most);
        }
        return switch (scale) {
            case TIME -> TimeTicks.between(low, high, most);
            case WHOLE -> Ticks.multiples(low, high, most, 1);
            case LINEAR, SHARE, WIDE -> Ticks.multiples(low, high, most, 0);
        };
    }
}
