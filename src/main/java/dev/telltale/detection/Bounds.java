package dev.telltale.detection;

import dev.telltale.signal.Scaling;
import java.util.Optional;

/// The values of one channel between which a row stays below the line, its reconstruction and its other
/// channels held fixed. A value outside is anomalous where reconstruction is the only evidence.
///
/// @param lower in the units of the series
/// @param upper in the units of the series
public record Bounds(double lower, double upper) {

    /// Of what a sum of squares may lose by rounding, far more than all channels together do.
    private static final double ROUNDING = 1e-12;

    /// The bounds of a channel; empty when the other channels alone pass the line, or the network's answer
    /// is not a number.
    ///
    /// @param channel its number
    /// @param original scaled values as the network saw them
    /// @param rebuilt as the network gave them back
    /// @param at where in both arrays the row's C values begin
    /// @param line the error that scores 1
    public static Optional<Bounds> around(
            Scaling scaling, int channel, float[] original, float[] rebuilt, int at, double line) {
        Row row = new Row(original, rebuilt, at, scaling.channels().size(), channel);
        if (!Float.isFinite(row.reconstruction()) || row.passes(row.reconstruction(), line)) {
            return Optional.empty();
        }
        return Optional.of(new Bounds(
                value(scaling, channel, edge(row, line, Float.NEGATIVE_INFINITY)),
                value(scaling, channel, edge(row, line, Float.POSITIVE_INFINITY))));
    }

    /// A row of which one channel varies.
    private static final class Row {

        private final float[] original;
        private final float[] rebuilt;
        private final int at;
        private final int channels;
        private final int varying;

        /// Sum of the squared differences of the other channels.
        private final double others;

        Row(float[] original, float[] rebuilt, int at, int channels, int varying) {
            this.original = original;
            this.rebuilt = rebuilt;
            this.at = at;
            this.channels = channels;
            this.varying = varying;
            double sum = 0;
            for (int i = at; i < at + channels; i++) {
                sum += i == at + varying ? 0 : square(original[i], rebuilt[i]);
            }
            this.others = sum;
        }

        float reconstruction() {
            return rebuilt[at + varying];
        }

        /// Whether the row's error passes the line with this value in the channel that varies. Close to the
        /// line it is summed up as for the verdict, in the same order.
        boolean passes(float scaled, double line) {
            double beyond = square(scaled, reconstruction()) + others - channels * line;
            if (Math.abs(beyond) > ROUNDING * channels * line) {
                return beyond > 0;
            }
            double sum = 0;
            for (int i = at; i < at + channels; i++) {
                sum += square(i == at + varying ? scaled : original[i], rebuilt[i]);
            }
            return !(sum / channels <= line);
        }

        private static double square(float original, float rebuilt) {
            double difference = (double) original - rebuilt;
            return difference * difference;
        }
    }

    /// Where the error passes the line. Networks see 32-bit values, so the edge lies midway between the last
    /// of them that does not pass and the first that does: bounds and verdicts then agree for every value,
    /// one exactly at the line included.
    private static double edge(Row row, double line, float outwards) {
        int inside = order(row.reconstruction());
        int outside = order(outwards);
        while (Math.abs((long) outside - inside) > 1) {
            int middle = (int) (((long) inside + outside) >> 1);
            if (row.passes(value(middle), line)) {
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

    /// Scaled values are cut off at a limit; an edge beyond it is one that no value reaches.
    private static double value(Scaling scaling, int channel, double edge) {
        return Math.abs(edge) > Scaling.LIMIT ? Math.copySign(Double.MAX_VALUE, edge) : scaling.unscale(channel, edge);
    }
}
