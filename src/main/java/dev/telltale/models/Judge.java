package dev.telltale.models;

import dev.telltale.detection.Bounds;
import dev.telltale.detection.ScoreScale;
import dev.telltale.models.ScoredRow.Channel;
import dev.telltale.models.ScoredRow.Verdict;
import dev.telltale.signal.Derivation;
import dev.telltale.signal.Scaling;
import dev.telltale.signal.Windows;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/// Says what a model makes of a row, from the row as the network saw it and as it gave it back.
final class Judge {

    private final Scaling scaling;
    private final ScoreScale scale;
    private final Optional<Hybrid> hybrid;
    private final int judgedChannels;
    private final Scaling judgedScaling;
    private final boolean bounded;

    Judge(LoadedModel model) {
        this(model.manifest().specification(), model.manifest().scaling(), model.scale(), model.hybrid());
    }

    /// The judge of a series that has learned scaling and scale for itself, by the network alone.
    Judge(ModelSpecification specification, SeriesScale learned) {
        this(specification, learned.scaling(), learned.scores(), Optional.empty());
    }

    private Judge(ModelSpecification specification, Scaling scaling, ScoreScale scale, Optional<Hybrid> hybrid) {
        this.scaling = scaling;
        this.scale = scale;
        this.hybrid = hybrid;
        Derivation derivation = specification.derivation();
        this.judgedChannels =
                specification.series().size() + derivation.values().size();
        this.judgedScaling = scaling.first(judgedChannels);
        this.bounded = derivation.values().isEmpty(); // else a value moves other channels too
    }

    /// The verdict on the last row of a window.
    ///
    /// @param window its number among the windows
    /// @param error of that row
    /// @param partner its error for the partner, if the model has one
    Verdict ofLastRow(Windows windows, Windows rebuilt, int window, double error, OptionalDouble partner) {
        int channels = windows.channels();
        int at = (window + 1) * windows.width() - channels;
        float[] original = windows.values();
        float[] answer = rebuilt.values();
        List<Channel> judged = new ArrayList<>(channels);
        for (int c = 0; c < channels; c++) {
            double difference = (double) original[at + c] - answer[at + c];
            judged.add(new Channel(
                    finite(scaling.unscale(c, answer[at + c])),
                    bounded && c < judgedChannels
                            ? Bounds.around(judgedScaling, c, original, answer, at, scale.line())
                            : Optional.empty(),
                    share(c, difference * difference, error)));
        }
        return verdict(error, partner, judged);
    }

    /// The verdict on a row by all windows that hold it. Where the error would reach the line depends on how
    /// each of them gives the row back, so there are no bounds.
    ///
    /// @param partner its error for the partner, if the model has one
    Verdict ofMeans(RowMeans means, int row, OptionalDouble partner) {
        int channels = scaling.channels().size();
        double error = means.error(row);
        List<Channel> judged = new ArrayList<>(channels);
        for (int c = 0; c < channels; c++) {
            judged.add(new Channel(
                    finite(scaling.unscale(c, means.answer(row, c))),
                    Optional.empty(),
                    share(c, means.square(row, c), error)));
        }
        return verdict(error, partner, judged);
    }

    private Verdict verdict(double error, OptionalDouble partner, List<Channel> channels) {
        if (hybrid.isEmpty()) {
            return new Verdict(error, partner, scale.score(error), scale.anomalous(error), channels);
        }
        ScoreScale both = hybrid.get().scale();
        double blend = hybrid.get().blend().of(error, partner.orElseThrow());
        return new Verdict(error, partner, both.score(blend), both.anomalous(blend), channels);
    }

    /// @param square what a channel adds to the sum whose mean over the channels the error is
    private OptionalDouble share(int channel, double square, double error) {
        boolean shared = channel < judgedChannels && error > 0 && error < Double.MAX_VALUE;
        return shared ? finite(square / (error * judgedChannels)) : OptionalDouble.empty();
    }

    private static OptionalDouble finite(double value) {
        return Double.isFinite(value) ? OptionalDouble.of(value) : OptionalDouble.empty();
    }
}
