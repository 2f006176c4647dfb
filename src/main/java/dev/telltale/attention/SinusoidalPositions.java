package dev.telltale.attention;

/// Positions as sines and cosines of falling frequency, which attention needs because it knows no order
/// of its own.
///
/// @see <a href="https://doi.org/10.48550/arXiv.1706.03762">Vaswani et al. (2017), section 3.5</a>
public final class SinusoidalPositions {

    private static final double LONGEST = 10_000;

    private SinusoidalPositions() {}

    /// The place `(position, 2i)` holds sin(position / 10000^(2i/width)), the place after it the cosine of
    /// the same angle; with an odd width the last sine has no cosine.
    ///
    /// @param length positions, counted from 0
    /// @param width values per position
    /// @return shape (length, width), row-major
    public static double[] of(int length, int width) {
        double[] positions = new double[Math.multiplyExact(length, width)];
        for (int column = 0; column < width; column++) {
            boolean even = column % 2 == 0;
            double divisor = Math.pow(LONGEST, (double) (even ? column : column - 1) / width);
            for (int position = 0; position < length; position++) {
                double angle = position / divisor;
                positions[position * width + column] = even ? Math.sin(angle) : Math.cos(angle);
            }
        }
        return positions;
    }
}
