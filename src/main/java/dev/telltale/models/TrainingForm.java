package dev.telltale.models;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.telltale.autoencoder.EarlyStopping;
import dev.telltale.autoencoder.Optimizer;
import dev.telltale.autoencoder.TrainingSettings;
import dev.telltale.http.HttpProblem;
import dev.telltale.models.ModelSpecification.Annotated;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.annotation.JsonDeserialize;
import tools.jackson.databind.deser.std.StdDeserializer;

/// How a network is trained, as users write it.
@Schema(name = "Training", description = "How the network is trained")
record TrainingForm(
        @Schema(description = "passes over the training windows, 1 to 10,000", example = "50") @Nullable
        Integer epochs,

        @Schema(description = "windows in one step, 1 to 65,536", example = "32") @Nullable
        Integer batchSize,

        @Schema(description = "above 0, at most 1", example = "0.001") @Nullable
        Double learningRate,

        @Nullable OptimizerForm optimizer,

        @Schema(description = "at least 0: L2 for adam and sgd, decoupled for adamw", example = "0") @Nullable
        Double weightDecay,

        @JsonDeserialize(using = StoppingReader.class)
        @Schema(
                implementation = EarlyStoppingForm.class,
                description = "when to stop before the last epoch; null switches it off")
        @Nullable
        Stopping earlyStopping,

        @Schema(
                description =
                        "what becomes of windows that hold an anomalous row: `contrast` learns from those that end"
                                + " in one that its error shall be high",
                example = "exclude")
        Annotated.@Nullable Use annotated,

        @Schema(description = "the set of annotations that counts, 1 to 200 characters", example = "default") @Nullable
        String annotationSet,

        @Schema(description = "decides first weights, order and dropout", example = "42") @Nullable
        Long seed) {

    static final TrainingForm DEFAULT = new TrainingForm(null, null, null, null, null, null, null, null, null);

    TrainingForm {
        settings(epochs, batchSize, learningRate, optimizer, weightDecay, earlyStopping, seed);
        annotations(annotated, annotationSet);
    }

    static TrainingForm of(TrainingSettings settings, Annotated annotated) {
        return new TrainingForm(
                settings.epochs(),
                settings.batchSize(),
                settings.learningRate(),
                OptimizerForm.of(settings.optimizer()),
                settings.weightDecay(),
                Stopping.of(settings.earlyStopping()),
                annotated.use(),
                annotated.set(),
                settings.seed());
    }

    TrainingSettings settings() {
        return settings(epochs, batchSize, learningRate, optimizer, weightDecay, earlyStopping, seed);
    }

    Annotated annotations() {
        return annotations(annotated, annotationSet);
    }

    private static Annotated annotations(Annotated.@Nullable Use annotated, @Nullable String annotationSet) {
        return new Annotated(
                Objects.requireNonNullElse(annotated, Annotated.DEFAULT.use()),
                Objects.requireNonNullElse(annotationSet, Annotated.DEFAULT.set()));
    }

    private static TrainingSettings settings(
            @Nullable Integer epochs,
            @Nullable Integer batchSize,
            @Nullable Double learningRate,
            @Nullable OptimizerForm optimizer,
            @Nullable Double weightDecay,
            @Nullable Stopping earlyStopping,
            @Nullable Long seed) {
        TrainingSettings absent = TrainingSettings.DEFAULT;
        return new TrainingSettings(
                Objects.requireNonNullElse(epochs, absent.epochs()),
                Objects.requireNonNullElse(batchSize, absent.batchSize()),
                Objects.requireNonNullElse(learningRate, absent.learningRate()),
                optimizer == null ? absent.optimizer() : optimizer.optimizer(),
                Objects.requireNonNullElse(weightDecay, absent.weightDecay()),
                earlyStopping == null ? absent.earlyStopping() : earlyStopping.settings(),
                Objects.requireNonNullElse(seed, absent.seed()));
    }

    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(name = "Optimizer", description = "How gradients become steps")
    record OptimizerForm(
            @Schema(example = "adam") Kind kind,

            @Schema(description = "of sgd only, at least 0 and below 1", example = "0.9") @Nullable
            Double momentum) {

        enum Kind {
            ADAM,
            ADAMW,
            SGD
        }

        OptimizerForm {
            optimizer(kind, momentum);
        }

        static OptimizerForm of(Optimizer optimizer) {
            return switch (optimizer) {
                case Optimizer.Adam() -> new OptimizerForm(Kind.ADAM, null);
                case Optimizer.AdamW() -> new OptimizerForm(Kind.ADAMW, null);
                case Optimizer.Sgd(double momentum) -> new OptimizerForm(Kind.SGD, momentum);
            };
        }

        Optimizer optimizer() {
            return optimizer(kind, momentum);
        }

        private static Optimizer optimizer(Kind kind, @Nullable Double momentum) {
            if (momentum != null && kind != Kind.SGD) {
                throw HttpProblem.UNKNOWN_PROPERTY.because("momentum belongs to the optimizer sgd alone");
            }
            return switch (kind) {
                case ADAM -> new Optimizer.Adam();
                case ADAMW -> new Optimizer.AdamW();
                case SGD -> new Optimizer.Sgd(momentum == null ? 0 : momentum);
            };
        }
    }

    /// What stands under `earlyStopping`, where null switches it off and absence does not.
    sealed interface Stopping {

        static Stopping of(Optional<EarlyStopping> settings) {
            return settings.<Stopping>map(on -> new EarlyStoppingForm(on.patience(), on.minDelta()))
                    .orElse(new Off());
        }

        Optional<EarlyStopping> settings();
    }

    record Off() implements Stopping {

        @JsonValue
        @Nullable
        Object asJson() {
            return null;
        }

        @Override
        public Optional<EarlyStopping> settings() {
            return Optional.empty();
        }
    }

    @Schema(name = "EarlyStopping")
    record EarlyStoppingForm(
            @Schema(description = "epochs without gain before the training stops", example = "5") @Nullable
            Integer patience,

            @Schema(description = "what counts as gain of the validation loss", example = "0.0001") @Nullable
            Double minDelta)
            implements Stopping {

        private static final EarlyStopping ABSENT =
                TrainingSettings.DEFAULT.earlyStopping().orElseThrow();

        EarlyStoppingForm {
            stopping(patience, minDelta);
        }

        @Override
        public Optional<EarlyStopping> settings() {
            return Optional.of(stopping(patience, minDelta));
        }

        private static EarlyStopping stopping(@Nullable Integer patience, @Nullable Double minDelta) {
            return new EarlyStopping(
                    Objects.requireNonNullElse(patience, ABSENT.patience()),
                    Objects.requireNonNullElse(minDelta, ABSENT.minDelta()));
        }
    }

    static final class StoppingReader extends StdDeserializer<Stopping> {

        StoppingReader() {
            super(Stopping.class);
        }

        @Override
        public Stopping deserialize(JsonParser parser, DeserializationContext context) {
            return context.readValue(parser, EarlyStoppingForm.class);
        }

        @Override
        public Stopping getNullValue(DeserializationContext context) {
            return new Off();
        }

        @Override
        public @Nullable Object getAbsentValue(DeserializationContext context) {
            return null;
        }
    }
}
