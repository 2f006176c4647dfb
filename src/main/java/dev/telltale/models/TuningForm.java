package dev.telltale.models;

import dev.telltale.autoencoder.Architecture;
import dev.telltale.models.Tuning.Objective;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A tuning as users write it.
@Schema(name = "TuningSpecification", description = "What to search, and how long")
record TuningForm(
        @Schema(description = "the model to make, and all that is not searched")
        SpecificationForm specification,

        @Schema(description = "what is searched: lists to choose from, at least one with two values")
        SpaceForm space,

        @Schema(
                description = "by what the validation part judges: the lowest loss, or the highest average precision"
                        + " beside its annotations",
                example = "validation-loss")
        @Nullable
        Objective objective,

        @Schema(description = "trainings in all, 3 to 1,000; most of them are cut short", example = "20") @Nullable
        Integer budget,

        @Schema(description = "decides which candidates are tried", example = "42") @Nullable
        Long seed) {

    private static final int BUDGET = 20;
    private static final long SEED = 42;

    TuningForm {
        tuning(specification, space, objective, budget, seed);
    }

    /// The same with every default of the model, so that it reads back the same.
    TuningForm complete() {
        return new TuningForm(SpecificationForm.of(specification.specification()), space, objective, budget, seed);
    }

    Tuning tuning() {
        return tuning(specification, space, objective, budget, seed);
    }

    private static Tuning tuning(
            SpecificationForm specification,
            SpaceForm space,
            @Nullable Objective objective,
            @Nullable Integer budget,
            @Nullable Long seed) {
        return new Tuning(
                specification.specification(),
                space.space(),
                Objects.requireNonNullElse(objective, Objective.VALIDATION_LOSS),
                Objects.requireNonNullElse(budget, BUDGET),
                Objects.requireNonNullElse(seed, SEED));
    }

    @Schema(name = "TuningSpace", description = "Lists to choose from; what is left out stays as specified")
    record SpaceForm(
            @Schema(description = "presets or spelled out") @Nullable
            List<ArchitectureForm> architecture,

            @Schema(description = "rows in a window", example = "[16, 32]") @Nullable
            List<Integer> length,

            @Schema(example = "[0.001, 0.003]") @Nullable List<Double> learningRate,

            @Schema(
                    description = "of a dense network behind its first layer and before its last, in place of what the"
                            + " architecture says",
                    example = "[0, 0.1]")
            @Nullable
            List<Double> dropout,

            @Schema(example = "[0, 0.0001]") @Nullable List<Double> weightDecay) {

        Tuning.Space space() {
            List<Architecture> architectures = given(architecture).stream()
                    .map(ArchitectureForm::architecture)
                    .toList();
            return new Tuning.Space(
                    architectures, given(length), given(learningRate), given(dropout), given(weightDecay));
        }

        private static <T> List<T> given(@Nullable List<T> values) {
            return Objects.requireNonNullElse(values, List.of());
        }
    }
}
