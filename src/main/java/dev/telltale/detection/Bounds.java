package dev.telltale.detection;

import dev.telltale.signal.Scaling;
import java.util.Optional;

/// The values of one channel between which a row stays below the line, its reconstruction and its other
/// channels held fixed. A value outside is anomalous where reconstruction is the only evidence.
///
/// @param lower in the units of the series
/// @param upper in the units of the series
public record Bounds(double lower, double upper) {

    /// The bounds of a channel; empty when the other channels alone pass the line, or the network's answer
    /// is not a number.
    ///
    /// @param channel its number
    /// @param reconstruction of this channel in this row, scaled, as the network gave it
    /// @param others sum of the squared differences of the row's other channels, scaled; 0 without others
    /// @param line the error that scores 1
    public static Optional<Bounds> around(
            Scaling scaling, int channel, float reconstruction, double others, double line) {
        double left = scaling.channels().size() * line - others;
        if (!Float.isFinite(reconstruction) || !(left >= 0)) {
            return Optional.empty();
        }
        return Optional.of(new Bounds(
                value(scaling, channel, edge(reconstruction, left, Float.NEGATIVE_INFINITY)),
                value(scaling, channel, edge(reconstruction, left, Float.POSITIVE_INFINITY))));
    }

    /// Where the squared difference passes what is left up to the line. Networks see 32-bit values, so the
    /// edge lies midway between the last of them that does not pass and the first that does: bounds and
    /// verdicts then agree for every value, one exactly at the line included.
    private static double edge(float reconstruction, double left, float outwards) {
        int inside = order(reconstruction);
        int outside = order(outwards);
        while (Math.abs((long) outside - inside) > 1) {
            int middle = (int) (((long) inside + outside) >> 1);
            if (passes(value(middle), reconstruction, left)) {
                outside = middle;
            } else {
                inside = middle;
            }
        }
        return ((double) value(inside) + value(outside)) / 2;
    }

    /// The place of a float among all floats, so that neighbours differ by one.
    private static int order(float scaled) {
        int bits = Float.floatToIntBits(scaled);
        return bits ^ ((bits >> 31) & Integer.MAX_VALUE);
    }

    /// The float at a place: the inverse.
    private static float value(int order) {
        return Float.intBitsToFloat(order ^ ((order >> 31) & Integer.MAX_VALUE));
    }

    private static boolean passes(float scaled, float reconstruction, double left) {
        double difference = (double) scaled - reconstruction;
        return difference * difference > left;
    }

    /// Scaled values are cut off at a limit; an edge beyond it is one that no value reaches.
    private static double value(Scaling scaling, int channel, double edge) {
        return Math.abs(edge) > Scaling.LIMIT ? Math.copySign(Double.MAX_VALUE, edge) : scaling.unscale(channel, edge);
    }
}
