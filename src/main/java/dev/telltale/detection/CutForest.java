package dev.telltale.detection;

import com.amazon.randomcutforest.IComponentModel;
import com.amazon.randomcutforest.RandomCutForest;
import com.amazon.randomcutforest.executor.SamplerPlusTree;
import com.amazon.randomcutforest.tree.RandomCutTree;
import dev.telltale.signal.Frame;
import dev.telltale.signal.Scaling;
import dev.telltale.signal.Windowing;
import dev.telltale.signal.Windows;
import java.util.stream.IntStream;

/// How easily random cuts tell the window that ends in a row from windows learned from. It sees the newest
/// rows of the scaled windows that a network sees, as many as `rows` says. Learns nothing while it judges:
/// the same points, in the same order, with the same seed give the same forest and the same errors.
///
/// @see <a href="https://proceedings.mlr.press/v48/guha16.html">Guha et al. (2016)</a>
public final class CutForest implements Baseline {

    /// Points that a forest is made of; of more windows so many are taken, evenly spread.
    public static final int MOST_POINTS = 2048;

    /// Values of a point: the time to make a forest and to ask it grows with them.
    private static final int MOST_VALUES = 64;

    private static final int TREES = 50;
    private static final int POINTS_OF_A_TREE = 256;
    private static final int POINTS_AT_ONCE = 1024;

    /// Of a node in a tree beside its box.
    private static final int BYTES_OF_A_NODE = 64;

    private final Windows points;
    private final Scaling scaling;
    private final Windowing windowing;
    private final RandomCutForest forest;

    /// A forest from what it was made of, as a model's file keeps it.
    ///
    /// @param points at most `MOST_POINTS` scaled windows of as many rows as it sees
    public CutForest(Windows points, Scaling scaling, long seed) {
        this.points = points;
        this.scaling = scaling;
        this.windowing = new Windowing(points.length(), 1);
        this.forest = RandomCutForest.builder()
                .dimensions(points.width())
                .numberOfTrees(TREES)
                .sampleSize(POINTS_OF_A_TREE)
                .outputAfter(1)
                .timeDecay(0) // each point counts alike, however early
                .boundingBoxCacheFraction(1)
                .parallelExecutionEnabled(false)
                .randomSeed(seed)
                .build();
        for (int i = 0; i < points.count(); i++) {
            forest.update(point(points, i));
        }
        // Boxes that no update has left are made, or those who ask first would make them, side by side.
        for (IComponentModel<?, ?> component : forest.getComponents()) {
            if (component instanceof SamplerPlusTree<?, ?> tree && tree.getTree() instanceof RandomCutTree cuts) {
                cuts.validateAndReconstruct();
            }
        }
    }

    /// The forest of some windows of a frame.
    ///
    /// @param windowing of the network
    /// @param rows last rows of windows, at least one
    static CutForest learn(Frame frame, Scaling scaling, Windowing windowing, int[] rows, long seed) {
        int count = Math.min(rows.length, MOST_POINTS);
        int[] spread = IntStream.range(0, count)
                .map(i -> rows[(int) ((long) i * rows.length / count)])
                .toArray();
        Windowing seen = new Windowing(rows(windowing.length(), frame.channels()), 1);
        return new CutForest(seen.cut(frame, scaling, spread, 0, count), scaling, seed);
    }

    /// How many of a window's rows a forest sees, the newest ones.
    ///
    /// @param length of the window
    /// @param channels values in a row
    public static int rows(int length, int channels) {
        return Math.clamp(MOST_VALUES / channels, 1, length);
    }

    /// Bytes that a forest takes at most, about.
    ///
    /// @param length of the window
    /// @param channels values in a row
    public static long bytes(int length, int channels) {
        int width = rows(length, channels) * channels;
        long boxes = (2L * width * Float.BYTES + BYTES_OF_A_NODE) * TREES * POINTS_OF_A_TREE;
        return boxes + 2L * MOST_POINTS * width * Float.BYTES;
    }

    /// What it was made of.
    public Windows points() {
        return points;
    }

    @Override
    public String name() {
        return "random-cut-forest";
    }

    /// The score of Guha et al. for each window that ends in one of the rows, positive and without a unit.
    ///
    /// @param rows last rows of windows
    @Override
    public ReconstructionErrors errors(Frame frame, int[] rows) {
        double[] errors = new double[rows.length];
        for (int from = 0; from < rows.length; from += POINTS_AT_ONCE) {
            int to = Math.min(rows.length, from + POINTS_AT_ONCE);
            Windows windows = windowing.cut(frame, scaling, rows, from, to);
            for (int i = 0; i < windows.count(); i++) {
                errors[from + i] = forest.getAnomalyScore(point(windows, i));
            }
        }
        return new ReconstructionErrors(errors);
    }

    private static float[] point(Windows windows, int index) {
        float[] point = new float[windows.width()];
        for (int i = 0; i < point.length; i++) {
            point[i] = windows.values()[index * point.length + i] + 0f; // no −0, which the library takes for another
        }
        return point;
    }
}
