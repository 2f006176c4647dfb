package dev.telltale.models;

import dev.telltale.autoencoder.AttentionWeights;
import dev.telltale.http.Times;
import dev.telltale.series.Samples;
import dev.telltale.series.Series;
import dev.telltale.series.SeriesStore;
import dev.telltale.signal.Frame;
import dev.telltale.signal.GapPolicy;
import dev.telltale.signal.Windowing;
import java.util.Arrays;
import java.util.List;

/// Which moments of a window a model with attention looks at to explain which.
final class ModelAttention {

    /// Of numbers that one answer may hold: about 200 MB of JSON.
    private static final long MOST_WEIGHTS = 1 << 24;

    private final ModelScoring scoring;
    private final SeriesStore store;

    ModelAttention(ModelScoring scoring, SeriesStore store) {
        this.scoring = scoring;
        this.store = store;
    }

    /// The weights for the last row that is asked for and the window that ends in it.
    ///
    /// @throws dev.telltale.problem.Problem if the model has no attention, or no full window ends there
    ShownAttention show(LoadedModel model, ScoreRequest asked) {
        Manifest manifest = model.manifest();
        Windowing windowing = manifest.specification().windowing().everyRow();
        refuseTooMany(manifest, windowing.length());
        if (manifest.layers().stream().allMatch(layer -> layer.attentionHeads() == 0)) {
            throw ModelsProblem.NO_ATTENTION.because(
                    "the network of '%s' has no attention; train one with \"architecture\": \"attention\"",
                    manifest.name());
        }
        List<Samples> channels = switch (asked) {
            case ScoreRequest.One(Samples samples) -> ModelScoring.inOrder(manifest, samples);
            case ScoreRequest.Table table -> ModelScoring.inOrder(manifest, table.columns());
            case ScoreRequest.Stored stored -> newest(manifest, stored, windowing);
        };
        Frame frame = manifest.specification()
                .derivation()
                .derive(Frame.align(
                        channels, manifest.grid(), manifest.specification().gaps()));
        int[] lastRows = windowing.lastRows(frame);
        if (lastRows.length == 0 || lastRows[lastRows.length - 1] != lastSampled(frame)) {
            throw ModelsProblem.NOT_ENOUGH_DATA.because(
                    "no unbroken window of %d rows ends in the last row that was given%s; give more rows before it, or"
                            + " an end behind a longer stretch without gaps",
                    windowing.length(), frame.rows() == 0 ? "" : ", " + Times.format(frame.time(frame.rows() - 1)));
        }
        int last = lastRows[lastRows.length - 1];
        AttentionWeights weights = model.network()
                .attention(windowing.cut(frame, manifest.scaling(), new int[] {last}, 0, 1))
                .orElseThrow();
        long[] times = new long[windowing.length()];
        Arrays.setAll(times, i -> frame.time(last - times.length + 1 + i));
        return new ShownAttention(manifest, times, weights);
    }

    private static void refuseTooMany(Manifest manifest, int length) {
        long weights = manifest.layers().stream()
                .mapToLong(layer -> layer.attentionHeads() * (long) length * length)
                .sum();
        if (weights > MOST_WEIGHTS) {
            throw ModelsProblem.TOO_MANY_WEIGHTS.because(
                    "windows of %d rows have %d attention weights in all layers and heads, at most %d are shown;"
                            + " train on shorter windows",
                    length, weights, MOST_WEIGHTS);
        }
    }

    private static int lastSampled(Frame frame) {
        int row = frame.rows() - 1;
        while (row >= 0 && frame.filled(row)) {
            row--;
        }
        return row;
    }

    /// The samples of twice as many rows as a window needs with its features and a gap before it, since the range may
    /// end in a gap; up to the last time that all series have.
    private List<Samples> newest(Manifest manifest, ScoreRequest.Stored stored, Windowing windowing) {
        List<Series> series = scoring.series(manifest, stored);
        long last = series.stream()
                .mapToLong(one -> Math.min(store.newest(one.id()).orElse(stored.first()), stored.last()))
                .min()
                .orElseThrow();
        long rows = windowing.length() + manifest.specification().derivation().history() + GapPolicy.LONGEST + 1L;
        long first = Math.max(stored.first(), last - 2 * rows * manifest.grid().interval());
        return series.stream().map(one -> store.read(one.id(), first, last)).toList();
    }
}
