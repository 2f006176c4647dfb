package dev.telltale.autoencoder.torch;

import dev.telltale.autoencoder.Contrast;
import dev.telltale.signal.Windows;
import java.util.Arrays;
import java.util.SplittableRandom;

/// What a network is trained on, in the order of one epoch: normal windows, and windows to push away from.
/// Few of those are repeated until they are a tenth of all, or a batch would seldom hold one.
final class TrainingSet {

    private static final double SHARE = 0.1;
    private static final double BEYOND = 30; // times the normal error: no line that normal rows draw lies there
    private static final double FORGETTING = 0.01; // share of the newest batch in the normal error

    private final Windows normal;
    private final Contrast contrast;
    private final int[] order; // below the number of normal windows one of them, else one to push away from
    private final double errorOfMeans;
    private double normalError;

    /// @param normal at least one window
    TrainingSet(Windows normal, Contrast contrast) {
        this.normal = normal;
        this.contrast = contrast;
        int others = contrast.windows().count();
        int wanted = others == 0 ? 0 : Math.max(others, (int) Math.ceil(SHARE / (1 - SHARE) * normal.count()));
        this.order = new int[normal.count() + wanted];
        Arrays.setAll(order, i -> i < normal.count() ? i : normal.count() + (i - normal.count()) % others);
        this.errorOfMeans = others == 0 ? 0 : errorOfMeans(normal);
        this.normalError = errorOfMeans;
    }

    /// The mean squared error of who answers each channel's mean.
    private static double errorOfMeans(Windows windows) {
        int channels = windows.channels();
        double[] sums = new double[channels];
        double[] squares = new double[channels];
        float[] values = windows.values();
        for (int i = 0; i < values.length; i++) {
            sums[i % channels] += values[i];
            squares[i % channels] += (double) values[i] * values[i];
        }
        double rows = (double) values.length / channels;
        double error = 0;
        for (int c = 0; c < channels; c++) {
            double mean = sums[c] / rows;
            error += Math.max(0, squares[c] / rows - mean * mean) / channels;
        }
        return error;
    }

    /// Windows in an epoch.
    int size() {
        return order.length;
    }

    /// L·C.
    int width() {
        return normal.width();
    }

    void shuffle(SplittableRandom random) {
        for (int i = order.length - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            int swapped = order[i];
            order[i] = order[other];
            order[other] = swapped;
        }
    }

    boolean hasContrast() {
        return contrast.windows().count() > 0;
    }

    /// The number among the windows to push away from, or −1 where the window is normal.
    ///
    /// @param place in the epoch
    int contrastAt(int place) {
        return order[place] < normal.count() ? -1 : order[place] - normal.count();
    }

    /// The windows among which the one at a place is.
    Windows source(int place) {
        return contrastAt(place) < 0 ? normal : contrast.windows();
    }

    /// Where the window at a place begins in the values of its source.
    int start(int place) {
        return (contrastAt(place) < 0 ? order[place] : contrastAt(place)) * width();
    }

    Contrast contrast() {
        return contrast;
    }

    /// Learns what the error of the normal windows in a batch is.
    void normalError(double error) {
        normalError += FORGETTING * (error - normalError);
    }

    /// The error up to which rows are pushed: far beyond the normal one, but no farther than that of always
    /// answering with the mean, since what is gained there is lost on normal windows.
    double margin() {
        return Math.min(errorOfMeans, BEYOND * normalError);
    }
}
