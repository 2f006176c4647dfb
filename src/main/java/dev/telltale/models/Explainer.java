package dev.telltale.models;

import dev.telltale.detection.ScoreScale;
import dev.telltale.models.Explanation.Evidence;
import dev.telltale.models.Explanation.Flag;
import dev.telltale.models.Explanation.Nearest;
import dev.telltale.models.ScoredRow.Verdict;
import dev.telltale.signal.Frame;
import dev.telltale.signal.Scaling;
import dev.telltale.signal.Windowing;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Says why the rows of one answer got their verdicts.
final class Explainer {

    /// Each search looks at every window learned from.
    private static final int MOST_SEARCHES = 100;

    private final Scaling scaling;
    private final Windowing windowing;
    private final ScoreScale scale;
    private final Optional<Hybrid> hybrid;
    private final Optional<LearnedWindows> learned;
    private int searches;

    /// @param learned what the model was trained on, if that is still there
    Explainer(LoadedModel model, Optional<LearnedWindows> learned) {
        this.scaling = model.manifest().scaling();
        this.windowing = model.manifest().specification().windowing().everyRow();
        this.scale = model.scale();
        this.hybrid = model.hybrid();
        this.learned = learned;
    }

    /// @param row position in the frame, which holds the rows of its window too
    Explanation explain(Frame frame, int row, Verdict verdict) {
        int first = firstRow(frame, row);
        return new Explanation(
                evidence(verdict),
                scale.line(),
                scale.line() - verdict.error(),
                nearest(frame, first, row, verdict),
                flags(frame, first, row, verdict));
    }

    private List<Evidence> evidence(Verdict verdict) {
        double own = scale.calibration().evidence(verdict.error());
        if (hybrid.isEmpty()) {
            return List.of(evidence("reconstruction", own, 1));
        }
        double other = hybrid.get().calibration().evidence(verdict.partner().orElseThrow());
        double largest = Math.max(own, other); // halves, where neither says anything
        double share = largest == 0 ? 0.5 : own / largest / (own / largest + other / largest);
        return List.of(
                evidence("reconstruction", own, share),
                evidence(hybrid.get().partner().name(), other, 1 - share));
    }

    private static Evidence evidence(String judge, double evidence, double share) {
        return new Evidence(judge, Math.exp(-evidence), evidence, share);
    }

    private @Nullable Nearest nearest(Frame frame, int first, int row, Verdict verdict) {
        boolean searched = verdict.anomalous()
                && learned.isPresent()
                && row - first + 1 == windowing.length()
                && searches++ < MOST_SEARCHES;
        return searched ? learned.get().nearest(windowing.cut(frame, scaling, new int[] {row}, 0, 1)) : null;
    }

    private List<Flag> flags(Frame frame, int first, int row, Verdict verdict) {
        List<Flag> flags = new ArrayList<>();
        boolean filled = false;
        boolean cutOff = false;
        for (int at = first; at <= row; at++) {
            filled |= frame.filled(at);
            for (int channel = 0; channel < frame.channels(); channel++) {
                cutOff |= Math.abs(scaling.scale(channel, frame.value(at, channel))) == Scaling.LIMIT;
            }
        }
        if (filled) {
            flags.add(Flag.FILLED);
        }
        if (cutOff) {
            flags.add(Flag.CUT_OFF);
        }
        if (learned.isPresent() && learned.get().isExceeded(frame, row)) {
            flags.add(Flag.BEYOND_LEARNED);
        }
        if (evidence(verdict).stream()
                .anyMatch(judge -> !scale.calibration().quality().supports(judge.tailProbability()))) {
            flags.add(Flag.EXTRAPOLATED);
        }
        if (scale.calibration().n() < ScoreScale.ENOUGH) {
            flags.add(Flag.FEW_ROWS);
        }
        return flags;
    }

    /// The first row of the window that ends in a row; where errors are means over windows, there may be less
    /// than a whole window before a row.
    private int firstRow(Frame frame, int row) {
        int first = row;
        while (first > 0 && first > row - windowing.length() + 1 && frame.unbroken(first - 1, row)) {
            first--;
        }
        return first;
    }
}
