package dev.telltale.models;

import dev.telltale.models.Explanation.Nearest;
import dev.telltale.signal.Frame;
import dev.telltale.signal.Scaling;
import dev.telltale.signal.Windows;
import java.time.Instant;
import java.util.Arrays;

/// The windows that a model learned from, to be searched for what is like another.
final class LearnedWindows {

    private final Frame frame;
    private final int[] lastRows;
    private final int length;
    private final float[] scaled; // (T, C)
    private final double[] least; // (C)
    private final double[] most; // (C)

    LearnedWindows(TrainingData data) {
        this.frame = data.frame();
        this.lastRows = data.train();
        this.length = data.specification().windowing().length();
        this.scaled = scaled(frame, data.scaling());
        this.least = new double[frame.channels()];
        this.most = new double[frame.channels()];
        Arrays.fill(least, Double.POSITIVE_INFINITY);
        Arrays.fill(most, Double.NEGATIVE_INFINITY);
        int next = 0;
        for (int lastRow : lastRows) {
            for (int row = Math.max(next, lastRow - length + 1); row <= lastRow; row++) {
                for (int channel = 0; channel < frame.channels(); channel++) {
                    least[channel] = Math.min(least[channel], frame.value(row, channel));
                    most[channel] = Math.max(most[channel], frame.value(row, channel));
                }
            }
            next = lastRow + 1;
        }
    }

    private static float[] scaled(Frame frame, Scaling scaling) {
        float[] scaled = new float[frame.rows() * frame.channels()];
        for (int row = 0, at = 0; row < frame.rows(); row++) {
            for (int channel = 0; channel < frame.channels(); channel++, at++) {
                scaled[at] = (float) scaling.scale(channel, frame.value(row, channel));
            }
        }
        return scaled;
    }

    /// Whether a value of a row in another frame of the same channels lies outside of all learned from.
    boolean isExceeded(Frame other, int row) {
        boolean exceeded = false;
        for (int channel = 0; channel < other.judged(); channel++) {
            double value = other.value(row, channel);
            exceeded |= value < least[channel] || value > most[channel];
        }
        return exceeded;
    }

    /// The window most like another one; of several the earliest.
    ///
    /// @param one a single window, shape (1, L, C)
    Nearest nearest(Windows one) {
        float[] window = one.values();
        double smallest = Double.POSITIVE_INFINITY;
        int nearest = lastRows[0];
        for (int lastRow : lastRows) {
            int start = (lastRow - length + 1) * frame.channels();
            double sum = 0;
            for (int i = 0; i < window.length && sum < smallest; i++) {
                double difference = (double) window[i] - scaled[start + i];
                sum += difference * difference;
            }
            if (sum < smallest) {
                smallest = sum;
                nearest = lastRow;
            }
        }
        return new Nearest(
                Instant.ofEpochMilli(frame.time(nearest - length + 1)),
                Instant.ofEpochMilli(frame.time(nearest)),
                Math.sqrt(smallest / window.length));
    }
}
