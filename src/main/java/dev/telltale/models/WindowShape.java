package dev.telltale.models;

/// What a window looked like to the network.
///
/// @param time of its last row, epoch milliseconds UTC
/// @param values scaled, L·C of them; not to be changed
/// @param error mean squared difference to its reconstruction over all L·C values, in squared scaled units
@SuppressWarnings("ArrayRecordComponent") // compared by distance only
public record WindowShape(long time, float[] values, double error) {

    /// Mean squared difference to another window of the same model.
    public double distance(float[] other) {
        double sum = 0;
        for (int i = 0; i < values.length; i++) {
            double difference = (double) values[i] - other[i];
            sum += difference * difference;
        }
        return sum / values.length;
    }
}
