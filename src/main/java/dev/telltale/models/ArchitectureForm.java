package dev.telltale.models;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.telltale.autoencoder.Architecture;
import dev.telltale.autoencoder.Layer;
import dev.telltale.autoencoder.Layer.Activation.Function;
import dev.telltale.autoencoder.Preset;
import dev.telltale.http.HttpProblem;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// An architecture as users write it: `{"preset":"base"}`, plain `"base"`, or `{"kind":"dense",…}` with
/// each layer spelled out.
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(
        name = "Architecture",
        description = "A preset, which may also stand as a text, or a kind with its layers spelled out")
record ArchitectureForm(
        @Schema(description = "base, dense, tanh, dropout or manufacturing", example = "base") @Nullable
        String preset,

        @Schema(description = "of layers that are spelled out") @Nullable
        Kind kind,

        @Schema(description = "from the window to the bottleneck, at least one linear layer") @Nullable
        List<LayerForm> encoder,

        @Schema(description = "and back; a last linear layer as wide as the window is added where it is missing")
        @Nullable
        List<LayerForm> decoder) {

    enum Kind {
        DENSE
    }

    @JsonCreator(mode = JsonCreator.Mode.PROPERTIES)
    ArchitectureForm {
        architecture(preset, kind, encoder, decoder);
    }

    /// A preset by its bare name.
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static ArchitectureForm preset(String name) {
        return new ArchitectureForm(name, null, null, null);
    }

    static ArchitectureForm of(Architecture architecture) {
        return switch (architecture) {
            case Preset preset -> preset(preset.label());
            case Architecture.Dense(List<Layer> encoder, List<Layer> decoder) ->
                new ArchitectureForm(
                        null,
                        Kind.DENSE,
                        encoder.stream().map(LayerForm::of).toList(),
                        decoder.stream().map(LayerForm::of).toList());
        };
    }

    /// A word for lists.
    static String label(Architecture architecture) {
        return architecture instanceof Preset preset ? preset.label() : "spelled-out";
    }

    Architecture architecture() {
        return architecture(preset, kind, encoder, decoder);
    }

    private static Architecture architecture(
            @Nullable String preset,
            @Nullable Kind kind,
            @Nullable List<LayerForm> encoder,
            @Nullable List<LayerForm> decoder) {
        if (preset != null) {
            if (kind != null || encoder != null || decoder != null) {
                throw HttpProblem.UNKNOWN_PROPERTY.because("a preset takes no further fields; spell out its layers"
                        + " with kind, encoder and decoder instead");
            }
            return Preset.of(preset);
        }
        if (kind == null) {
            throw HttpProblem.MISSING_PROPERTY.because("name a preset, or a kind with its encoder and decoder, such as"
                    + " {\"kind\":\"dense\",\"encoder\":[{\"linear\":8}],\"decoder\":[]}");
        }
        return new Architecture.Dense(layers(encoder), layers(decoder));
    }

    private static List<Layer> layers(@Nullable List<LayerForm> forms) {
        return Objects.requireNonNullElse(forms, List.<LayerForm>of()).stream()
                .map(LayerForm::layer)
                .toList();
    }

    /// One layer: exactly one of the three stands there.
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(name = "Layer", description = "Exactly one of the three")
    record LayerForm(
            @Schema(description = "units, 1 to 65,536", example = "256") @Nullable
            Integer linear,

            @Schema(description = "applied to each value") @Nullable
            Function activation,

            @Schema(description = "share of values dropped in training, at least 0 and below 1") @Nullable
            Double dropout) {

        LayerForm {
            layer(linear, activation, dropout);
        }

        static LayerForm of(Layer layer) {
            return switch (layer) {
                case Layer.Linear(int units) -> new LayerForm(units, null, null);
                case Layer.Activation(Function function) -> new LayerForm(null, function, null);
                case Layer.Dropout(double rate) -> new LayerForm(null, null, rate);
            };
        }

        Layer layer() {
            return layer(linear, activation, dropout);
        }

        private static Layer layer(@Nullable Integer linear, @Nullable Function activation, @Nullable Double dropout) {
            long given = Stream.of(linear, activation, dropout)
                    .filter(Objects::nonNull)
                    .count();
            if (given == 1 && linear != null) {
                return new Layer.Linear(linear);
            }
            if (given == 1 && activation != null) {
                return new Layer.Activation(activation);
            }
            if (given == 1 && dropout != null) {
                return new Layer.Dropout(dropout);
            }
            throw HttpProblem.INVALID_VALUE.because(
                    "a layer is one of {\"linear\":256}, {\"activation\":\"relu\"} and {\"dropout\":0.2}");
        }
    }
}
