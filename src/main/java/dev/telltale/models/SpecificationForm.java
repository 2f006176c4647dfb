package dev.telltale.models;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.telltale.autoencoder.Preset;
import dev.telltale.detection.ThresholdRule;
import dev.telltale.http.EnumWords;
import dev.telltale.http.HttpProblem;
import dev.telltale.models.ModelSpecification.ErrorOf;
import dev.telltale.models.ModelSpecification.Range;
import dev.telltale.models.ModelSpecification.ScalingChoice;
import dev.telltale.models.ModelSpecification.Threshold;
import dev.telltale.problem.Excerpt;
import dev.telltale.signal.GapPolicy;
import dev.telltale.signal.Scaling;
import dev.telltale.signal.Split;
import dev.telltale.signal.WindowingForm;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// A specification as users write it and as manifests keep it. What is absent has its default; one made of
/// a specification has every field, so that it reads back the same when a default changes. Each part checks
/// itself when it is made, so that a fault is told with its place.
@Schema(name = "ModelSpecification", description = "What to train; all but name and series may be left out")
record SpecificationForm(
        @Schema(
                type = "string",
                description = "a name that no model has",
                example = "disk-writes",
                pattern = "[a-z0-9][a-z0-9._-]{0,62}")
        ModelName name,

        @Schema(
                description = "names or ids, up to 256; of several the model sees all at once, each as a channel",
                example = "[\"ec2_disk_write_bytes\"]")
        List<String> series,

        @Nullable RangeForm range,
        @Nullable ArchitectureForm architecture,
        @Nullable WindowingForm windowing,

        @Schema(
                description = "channels derived from the series, 256 channels with these at the most; a kind alone may"
                        + " stand as a text",
                example = "[\"difference\",{\"kind\":\"rolling-mean\",\"window\":12}]")
        @Nullable
        List<FeatureForm> features,

        @Nullable ScalingForm scaling,
        @Nullable GapsForm gaps,

        @Schema(
                description =
                        "whether a row is judged by the window that it ends, or by all that hold it on average;"
                                + " then its score may change until a window's length of rows has followed, and there are no bounds",
                example = "last")
        @Nullable
        ErrorOf errorOf,

        @Nullable SplitForm split,
        @Nullable TrainingForm training,
        @Nullable ThresholdForm threshold,
        @Nullable PartnerForm partner) {

    SpecificationForm {
        series = List.copyOf(series);
        features = features == null ? null : List.copyOf(features);
    }

    static SpecificationForm of(ModelSpecification specification) {
        return new SpecificationForm(
                specification.name(),
                specification.series(),
                RangeForm.of(specification.range()),
                ArchitectureForm.of(specification.architecture()),
                WindowingForm.of(specification.windowing()),
                specification.features().stream().map(FeatureForm::of).toList(),
                ScalingForm.of(specification.scaling()),
                new GapsForm(specification.gaps().fill()),
                specification.errorOf(),
                SplitForm.of(specification.split()),
                TrainingForm.of(specification.training(), specification.annotated()),
                ThresholdForm.of(specification.threshold()),
                specification.partner().map(PartnerForm::new).orElse(null));
    }

    /// What is specified.
    ///
    /// @throws dev.telltale.problem.Problem if the parts do not fit each other
    ModelSpecification specification() {
        TrainingForm learning = training == null ? TrainingForm.DEFAULT : training;
        ModelSpecification specification = new ModelSpecification(
                name,
                series,
                range == null ? Range.ALL : range.range(),
                architecture == null ? Preset.BASE : architecture.architecture(),
                WindowingForm.orDefault(windowing),
                scaling == null ? ScalingChoice.DEFAULT : scaling.choice(),
                gaps == null ? GapPolicy.DEFAULT : gaps.policy(),
                Objects.requireNonNullElse(errorOf, ErrorOf.LAST),
                split == null ? Split.DEFAULT : split.split(),
                learning.settings(),
                learning.annotations(),
                threshold == null ? Threshold.DEFAULT : threshold.threshold(),
                Optional.ofNullable(partner).map(PartnerForm::kind),
                features == null
                        ? List.of()
                        : features.stream().map(FeatureForm::choice).toList());
        specification.layers(); // refuses a network that cannot take such windows
        return specification;
    }

    @Schema(name = "Range", description = "The samples to learn from; an absent end leaves that side open")
    record RangeForm(
            @Schema(description = "first time, inclusive", example = "2014-03-01T17:34:00Z") @Nullable
            Instant start,

            @Schema(description = "last time, inclusive", example = "2014-03-18T03:41:00Z") @Nullable
            Instant end) {

        RangeForm {
            if (start != null && end != null && start.isAfter(end)) {
                throw ModelsProblem.BAD_SPECIFICATION.because("the range starts at %s, after its end %s", start, end);
            }
        }

        static RangeForm of(Range range) {
            return new RangeForm(instant(range.start()), instant(range.end()));
        }

        Range range() {
            return new Range(millis(start), millis(end));
        }

        private static @Nullable Instant instant(OptionalLong time) {
            return time.isPresent() ? Instant.ofEpochMilli(time.getAsLong()) : null;
        }

        private static OptionalLong millis(@Nullable Instant time) {
            return time == null ? OptionalLong.empty() : OptionalLong.of(time.toEpochMilli());
        }
    }

    @Schema(
            name = "Partner",
            description = "A second judge of each row. What both say is added up as evidence, and that sum is scored")
    record PartnerForm(
            @Schema(
                    description = "a baseline: how easily random cuts tell the window that ends in the row from those"
                            + " learned from, or how far the row's values are from the median",
                    example = "random-cut-forest")
            ModelSpecification.Partner kind) {}

    @Schema(name = "ScalingChoice", description = "How values are scaled; a kind alone may stand as a text")
    record ScalingForm(
            @Schema(description = "what becomes 0 and 1", example = "min-max")
            Scaling.@Nullable Kind kind,

            @Schema(description = "the rows it is learned from", example = "train")
            ScalingChoice.@Nullable Over over) {

        /// A plain string, as in `"scaling": "min-max"`.
        @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
        static ScalingForm of(String kind) {
            for (Scaling.Kind known : Scaling.Kind.values()) {
                if (EnumWords.of(known).equals(kind)) {
                    return new ScalingForm(known, null);
                }
            }
            throw HttpProblem.INVALID_VALUE.because(
                    "'%s' is none of min-max, standard, robust, none", Excerpt.of(kind));
        }

        @JsonCreator(mode = JsonCreator.Mode.PROPERTIES)
        ScalingForm {}

        static ScalingForm of(ScalingChoice choice) {
            return new ScalingForm(choice.kind(), choice.over());
        }

        ScalingChoice choice() {
            return new ScalingChoice(
                    Objects.requireNonNullElse(kind, ScalingChoice.DEFAULT.kind()),
                    Objects.requireNonNullElse(over, ScalingChoice.DEFAULT.over()));
        }
    }

    @Schema(name = "Gaps", description = "What becomes of up to 3 missing rows; a longer gap is never bridged")
    record GapsForm(
            @Schema(description = "what stands in for missing rows", example = "previous")
            GapPolicy.@Nullable Fill fill) {

        GapPolicy policy() {
            return new GapPolicy(Objects.requireNonNullElse(fill, GapPolicy.DEFAULT.fill()));
        }
    }

    @Schema(
            name = "Split",
            description = "Shares or numbers of rows. Once one part is named, those that are not are empty")
    record SplitForm(
            @Schema(description = "to learn from", example = "0.7") @Nullable
            Double train,

            @Schema(description = "to stop early by and to draw the line from", example = "0.15") @Nullable
            Double validation,

            @Schema(description = "to evaluate on", example = "0.15") @Nullable
            Double test,

            @Schema(description = "whether time or chance decides which rows go where", example = "chronological")
            Split.@Nullable Order order) {

        SplitForm {
            split(train, validation, test, order);
        }

        static SplitForm of(Split split) {
            return new SplitForm(split.train(), split.validation(), split.test(), split.order());
        }

        Split split() {
            return split(train, validation, test, order);
        }

        private static Split split(
                @Nullable Double train,
                @Nullable Double validation,
                @Nullable Double test,
                Split.@Nullable Order order) {
            Split absent = Split.DEFAULT;
            Split.Order chosen = Objects.requireNonNullElse(order, absent.order());
            return train == null && validation == null && test == null
                    ? new Split(absent.train(), absent.validation(), absent.test(), chosen)
                    : new Split(
                            Objects.requireNonNullElse(train, 0.0),
                            Objects.requireNonNullElse(validation, 0.0),
                            Objects.requireNonNullElse(test, 0.0),
                            chosen);
        }
    }

    /// `{"rule":"rate","rate":0.0001}`, `{"rule":"quantile","q":0.97}`, `{"rule":"sigma","k":3}`,
    /// `{"rule":"fixed","error":0.01}` or `{"rule":"best-f1"}`; the first three also with `of`.
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(
            name = "Threshold",
            description =
                    "Where the line lies: a rule and the one number that belongs to it, of best-f1 none. That draws"
                            + " the line between the annotated rows of the validation part and the others")
    record ThresholdForm(
            @Schema(description = "how the line is drawn", example = "rate")
            Rule rule,

            @Schema(description = "of rate: share of normal rows above the line, between 0 and 1", example = "0.0001")
            @Nullable
            Double rate,

            @Schema(description = "of quantile: share of normal rows below the line, 0 to 1", example = "0.97")
            @Nullable
            Double q,

            @Schema(description = "of sigma: deviations above the mean, 0 to 1,000,000", example = "3") @Nullable
            Double k,

            @Schema(description = "of fixed: the error itself, in squared scaled units", example = "0.01") @Nullable
            Double error,

            @Schema(description = "the part whose errors are normal; not of fixed and best-f1", example = "validation")
            Threshold.@Nullable Part of) {

        enum Rule {
            RATE,
            QUANTILE,
            SIGMA,
            FIXED,
            BEST_F1
        }

        ThresholdForm {
            rule(rule, rate, q, k, error);
            if ((rule == Rule.FIXED || rule == Rule.BEST_F1) && of != null) {
                throw HttpProblem.UNKNOWN_PROPERTY.because(
                        "of this rule no part can be chosen to read its line off: leave out 'of'");
            }
        }

        static ThresholdForm of(Threshold threshold) {
            Threshold.Part of = threshold.of();
            return switch (threshold.rule()) {
                case ThresholdRule.Rate(double rate) -> new ThresholdForm(Rule.RATE, rate, null, null, null, of);
                case ThresholdRule.Quantile(double q) -> new ThresholdForm(Rule.QUANTILE, null, q, null, null, of);
                case ThresholdRule.Sigma(double k) -> new ThresholdForm(Rule.SIGMA, null, null, k, null, of);
                case ThresholdRule.Fixed(double error) -> new ThresholdForm(Rule.FIXED, null, null, null, error, null);
                case ThresholdRule.BestF1() -> new ThresholdForm(Rule.BEST_F1, null, null, null, null, null);
            };
        }

        Threshold threshold() {
            return new Threshold(rule(rule, rate, q, k, error), Objects.requireNonNullElse(of, Threshold.DEFAULT.of()));
        }

        private static ThresholdRule rule(
                Rule rule, @Nullable Double rate, @Nullable Double q, @Nullable Double k, @Nullable Double error) {
            return switch (rule) {
                case RATE -> new ThresholdRule.Rate(only("rate", rate, q, k, error));
                case QUANTILE -> new ThresholdRule.Quantile(only("q", q, rate, k, error));
                case SIGMA -> new ThresholdRule.Sigma(only("k", k, rate, q, error));
                case FIXED -> new ThresholdRule.Fixed(only("error", error, rate, q, k));
                case BEST_F1 -> {
                    refuse("no number", rate, q, k, error);
                    yield new ThresholdRule.BestF1();
                }
            };
        }

        private static double only(String name, @Nullable Double value, @Nullable Double... others) {
            if (value == null) {
                throw HttpProblem.MISSING_PROPERTY.because("this rule needs '%s'", name);
            }
            refuse("no number but '" + name + "'", others);
            return value;
        }

        private static void refuse(String taken, @Nullable Double... others) {
            if (Arrays.stream(others).anyMatch(Objects::nonNull)) {
                throw HttpProblem.UNKNOWN_PROPERTY.because("this rule takes %s", taken);
            }
        }
    }
}
