package dev.telltale.models;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.telltale.autoencoder.Architecture;
import dev.telltale.autoencoder.LayerDescription;
import dev.telltale.autoencoder.Preset;
import dev.telltale.autoencoder.TrainingSettings;
import dev.telltale.detection.ThresholdRule;
import dev.telltale.problem.Excerpt;
import dev.telltale.problem.Problem;
import dev.telltale.problem.ProblemError;
import dev.telltale.signal.Derivation;
import dev.telltale.signal.Derivation.Derived;
import dev.telltale.signal.Feature;
import dev.telltale.signal.GapPolicy;
import dev.telltale.signal.Scaling;
import dev.telltale.signal.Split;
import dev.telltale.signal.Windowing;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.IntStream;

/// What a user asks to be trained: on which samples, which network, how, and where its line shall lie.
/// With the same samples it gives the same model.
///
/// @param series name or id of each series, in the order of the channels; 1 to 256, none twice
/// @param partner judges each row beside the network
/// @param features channels beside those of the series, none twice; 256 channels in all at the most
public record ModelSpecification(
        ModelName name,
        List<String> series,
        Range range,
        Architecture architecture,
        Windowing windowing,
        ScalingChoice scaling,
        GapPolicy gaps,
        ErrorOf errorOf,
        Split split,
        TrainingSettings training,
        Annotated annotated,
        Threshold threshold,
        Optional<Partner> partner,
        List<FeatureChoice> features) {

    private static final int MOST_SERIES = 256;

    /// Of the series and those derived from them.
    private static final int MOST_CHANNELS = 256;

    public ModelSpecification {
        series = List.copyOf(series);
        if (series.isEmpty() || series.size() > MOST_SERIES) {
            String expected = "expected 1 to %d names or ids, got %d".formatted(MOST_SERIES, series.size());
            throw ModelsProblem.BAD_SPECIFICATION
                    .because("a model learns from 1 to %d series, %d were named", MOST_SERIES, series.size())
                    .with(List.of(ProblemError.at("/series", expected)));
        }
        refuseTwice(series);
        features = List.copyOf(features);
        checkFeatures(series, features);
        if (partner.isPresent() && threshold.rule() instanceof ThresholdRule.Fixed) {
            throw ModelsProblem.BAD_SPECIFICATION
                    .because("the rule fixed gives an error of the network alone; with a partner choose another rule")
                    .with(List.of(ProblemError.at("/threshold/rule", "expected a rule other than fixed")));
        }
    }

    /// What a user gets who names a series and nothing else.
    public static ModelSpecification of(ModelName name, String series) {
        return new ModelSpecification(
                name,
                List.of(series),
                Range.ALL,
                Preset.BASE,
                Windowing.DEFAULT,
                ScalingChoice.DEFAULT,
                GapPolicy.DEFAULT,
                ErrorOf.LAST,
                Split.DEFAULT,
                TrainingSettings.DEFAULT,
                Annotated.DEFAULT,
                Threshold.DEFAULT,
                Optional.empty(),
                List.of());
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static ModelSpecification of(SpecificationForm form) {
        return form.specification();
    }

    @JsonValue
    SpecificationForm form() {
        return SpecificationForm.of(this);
    }

    /// The same with another network, other windows and another training.
    ModelSpecification with(Architecture newArchitecture, Windowing newWindowing, TrainingSettings newTraining) {
        return new ModelSpecification(
                name,
                series,
                range,
                newArchitecture,
                newWindowing,
                scaling,
                gaps,
                errorOf,
                split,
                newTraining,
                annotated,
                threshold,
                partner,
                features);
    }

    /// The same under another name.
    ModelSpecification named(ModelName newName) {
        return new ModelSpecification(
                newName,
                series,
                range,
                architecture,
                windowing,
                scaling,
                gaps,
                errorOf,
                split,
                training,
                annotated,
                threshold,
                partner,
                features);
    }

    /// C, the channels of a window: those of the series and those derived from them.
    int channels() {
        return series.size() + derivation().channels();
    }

    /// The channels beside those of the series.
    Derivation derivation() {
        return derivation(series, features);
    }

    private static Derivation derivation(List<String> series, List<FeatureChoice> features) {
        List<Derived> values = new ArrayList<>();
        List<Feature.OfTime> times = new ArrayList<>();
        for (FeatureChoice choice : features) {
            switch (choice.feature()) {
                case Feature.OfTime time -> times.add(time);
                case Feature.OfValues feature ->
                    choice.of()
                            .map(series::indexOf)
                            .map(IntStream::of)
                            .orElseGet(() -> IntStream.range(0, series.size()))
                            .forEach(one -> values.add(new Derived(feature, one)));
            }
        }
        return new Derivation(values, times);
    }

    private static void checkFeatures(List<String> series, List<FeatureChoice> features) {
        Set<Object> seen = new HashSet<>();
        for (int i = 0; i < features.size(); i++) {
            FeatureChoice choice = features.get(i);
            if (choice.of().isPresent() && choice.feature() instanceof Feature.OfTime time) {
                throw badFeature("/" + i + "/of", time.name() + " is of no series; leave 'of' out");
            }
            if (choice.of().filter(of -> !series.contains(of)).isPresent()) {
                String of = Excerpt.of(choice.of().get());
                throw badFeature(
                        "/" + i + "/of", "'" + of + "' is none of the model's series, as they are named there");
            }
            Derivation derived = derivation(series, List.of(choice));
            if (!derived.values().stream().allMatch(seen::add)
                    || !derived.times().stream().allMatch(seen::add)) {
                throw badFeature("/" + i, choice.feature().name() + " stands there before; a model sees each once");
            }
        }
        int channels = series.size() + derivation(series, features).channels();
        if (channels > MOST_CHANNELS) {
            throw badFeature(
                    "", "series and features make %d channels, %d are allowed".formatted(channels, MOST_CHANNELS));
        }
    }

    private static Problem badFeature(String place, String detail) {
        return ModelsProblem.BAD_SPECIFICATION
                .because("%s", detail)
                .with(List.of(ProblemError.at("/features" + place, detail)));
    }

    private static void refuseTwice(List<String> series) {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < series.size(); i++) {
            if (!seen.add(series.get(i))) {
                throw ModelsProblem.BAD_SPECIFICATION
                        .because("series '%s' stands twice; a model sees each once", Excerpt.of(series.get(i)))
                        .with(List.of(ProblemError.at("/series/" + i, "stands there before")));
            }
        }
    }

    /// The layers of the network that is asked for.
    ///
    /// @throws dev.telltale.problem.Problem if it cannot take such windows
    List<LayerDescription> layers() {
        return architecture.layers(windowing.length(), channels());
    }

    /// Which samples; both ends are inclusive, an absent one leaves that side open.
    public record Range(OptionalLong start, OptionalLong end) {

        public static final Range ALL = new Range(OptionalLong.empty(), OptionalLong.empty());

        public Range {
            if (start.isPresent() && end.isPresent() && start.getAsLong() > end.getAsLong()) {
                throw ModelsProblem.BAD_SPECIFICATION.because("the range ends before it starts");
            }
        }

        long first() {
            return start.orElse(Long.MIN_VALUE);
        }

        long last() {
            return end.orElse(Long.MAX_VALUE);
        }
    }

    /// How values are scaled.
    ///
    /// @param over the rows that the scaling is learned from
    public record ScalingChoice(Scaling.Kind kind, Over over) {

        public static final ScalingChoice DEFAULT = new ScalingChoice(Scaling.Kind.MIN_MAX, Over.TRAIN);

        public enum Over {
            TRAIN,
            ALL
        }
    }

    /// By which windows a row is judged.
    public enum ErrorOf {
        /// By the one that it ends: known as soon as the row is there.
        LAST,
        /// By all that hold it, on average: known for good when L − 1 more rows are there.
        MEAN
    }

    /// What becomes of rows that somebody calls anomalous.
    ///
    /// @param set the annotations that count, also in the evaluation; 1 to 200 characters
    public record Annotated(Use use, String set) {

        public static final Annotated DEFAULT = new Annotated(Use.EXCLUDE, "default");

        private static final int LONGEST_SET = 200;

        public Annotated {
            if (set.isBlank() || set.length() > LONGEST_SET) {
                throw ModelsProblem.BAD_SPECIFICATION.because(
                        "annotationSet must have 1 to %d characters, had %d", LONGEST_SET, set.length());
            }
        }

        public enum Use {
            /// Nothing is learned from windows that hold one.
            EXCLUDE,
            /// They are learned from like others.
            INCLUDE,
            /// Windows that hold one are learned from too: that the error of such rows shall be high.
            CONTRAST
        }
    }

    /// A feature, and what it is derived from.
    ///
    /// @param of a series as the specification names it; absent: each series, of a feature of values
    public record FeatureChoice(Feature feature, Optional<String> of) {}

    /// A second judge of each row, beside the network: one of the baselines that an evaluation shows.
    public enum Partner {
        RANDOM_CUT_FOREST,
        ROBUST_Z_SCORE
    }

    /// Where the line between normal and anomalous lies.
    ///
    /// @param of the part whose errors the line is read off
    public record Threshold(ThresholdRule rule, Part of) {

        public static final Threshold DEFAULT = new Threshold(new ThresholdRule.Rate(0.0001), Part.VALIDATION);

        public enum Part {
            TRAIN,
            VALIDATION
        }
    }
}
