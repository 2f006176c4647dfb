package dev.telltale.drawing;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;

/// Round numbers to mark an axis with.
final class Ticks {

    private static final double FEW_DECADES = 300;
    private static final double LONGEST_PLAIN = 1e6;
    private static final double SHORTEST_PLAIN = 1e-3;

    private Ticks() {}

    /// The multiples of 1, 2 or 5 times a power of ten that lie in a range.
    ///
    /// @param most how many at most, at least 2
    /// @param leastStep the smallest distance of two
    static List<Tick> multiples(double low, double high, int most, double leastStep) {
        double step = Math.max(leastStep, step(high / most - low / most));
        int scale = Math.max(0, -(int) Math.floor(Math.log10(step) + 1e-9));
        double largest = Math.max(Math.abs(low), Math.abs(high));
        boolean plain = largest < LONGEST_PLAIN && step >= SHORTEST_PLAIN / 10;
        List<Tick> ticks = new ArrayList<>();
        for (double multiple = Math.ceil(low / step - 1e-9); multiple * step <= high + step * 1e-9; multiple++) {
            double value = multiple * step;
            ticks.add(new Tick(value, plain ? plain(value, scale) : brief(value)));
            if (ticks.size() > most + 1) {
                break; // of a range narrower than doubles can tell apart
            }
        }
        return ticks;
    }

    /// The powers of ten that lie in a range, and multiples of them where they are few.
    static List<Tick> powers(double low, double high, int most) {
        int first = (int) Math.floor(Math.log10(low));
        int last = (int) Math.ceil(Math.log10(high));
        int every = Math.max(1, (last - first + most - 1) / most);
        double[] factors = high / low < FEW_DECADES ? new double[] {1, 2, 5} : new double[] {1};
        List<Tick> ticks = new ArrayList<>();
        for (int power = first; power <= last; power += every) {
            for (double factor : factors) {
                double value = factor * Math.pow(10, power);
                if (value >= low && value <= high) {
                    ticks.add(new Tick(value, brief(value)));
                }
            }
        }
        return ticks;
    }

    private static double step(double atLeast) {
        if (!(atLeast > 0)) {
            return 1;
        }
        double power = Math.pow(10, Math.floor(Math.log10(atLeast)));
        for (double factor : new double[] {1, 2, 5}) {
            if (factor * power >= atLeast * (1 - 1e-9)) {
                return factor * power;
            }
        }
        return 10 * power;
    }

    private static String plain(double value, int scale) {
        BigDecimal rounded = new BigDecimal(value).setScale(scale, RoundingMode.HALF_EVEN);
        return rounded.signum() == 0 ? "0" : rounded.toPlainString();
    }

    /// Three digits that count, such as `0.0123` or `4.7e8`.
    static String brief(double value) {
        if (!Double.isFinite(value) || value == 0) {
            return value == 0 ? "0" : Double.toString(value);
        }
        BigDecimal rounded = new BigDecimal(value)
                .round(new MathContext(3, RoundingMode.HALF_EVEN))
                .stripTrailingZeros();
        double size = Math.abs(value);
        if (size >= SHORTEST_PLAIN && size < LONGEST_PLAIN) {
            return rounded.toPlainString();
        }
        int exponent = rounded.precision() - rounded.scale() - 1;
        return rounded.movePointLeft(exponent).stripTrailingZeros().toPlainString() + "e" + exponent;
    }
}
