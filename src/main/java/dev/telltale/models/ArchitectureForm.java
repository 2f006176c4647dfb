package dev.telltale.models;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.telltale.autoencoder.Architecture;
import dev.telltale.autoencoder.AttentionArchitecture;
import dev.telltale.autoencoder.DenseArchitecture;
import dev.telltale.autoencoder.Layer;
import dev.telltale.autoencoder.Layer.Activation.Function;
import dev.telltale.autoencoder.Layer.Positions.Encoding;
import dev.telltale.autoencoder.Preset;
import dev.telltale.http.HttpProblem;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// An architecture as users write it: `{"preset":"base"}`, plain `"base"`, `{"kind":"dense",…}` with
/// each layer spelled out, or `{"kind":"attention",…}` with its sizes.
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(
        name = "Architecture",
        description = "A preset, which may also stand as a text, or a kind: `dense` with its layers spelled out, or"
                + " `attention` with its sizes, of which those left out are the preset's")
record ArchitectureForm(
        @Schema(description = "base, dense, tanh, dropout, manufacturing or attention", example = "base") @Nullable
        String preset,

        @Schema(description = "of an architecture that is spelled out") @Nullable
        Kind kind,

        @Schema(description = "of dense: from the window to the bottleneck, at least one linear layer") @Nullable
        List<LayerForm> encoder,

        @Schema(
                description =
                        "of dense: and back; a last linear layer as wide as the window is added where it is missing")
        @Nullable
        List<LayerForm> decoder,

        @Schema(description = "of attention: of the vector that stands for a row, 1 to 1,024", example = "32") @Nullable
        Integer width,

        @Schema(description = "of attention: that share the width evenly", example = "4") @Nullable
        Integer heads,

        @Schema(description = "of attention: encoder layers, 1 to 16", example = "2") @Nullable
        Integer layers,

        @Schema(
                description = "of attention: units of the feed-forward networks and of the decoder, 1 to 65,536",
                example = "64")
        @Nullable
        Integer feedForward,

        @Schema(description = "of attention: values that stand for the whole window, 1 to 65,536", example = "8")
        @Nullable
        Integer bottleneck,

        @Schema(
                description = "of attention: share dropped in training of what an encoder layer adds, at least 0 and"
                        + " below 1",
                example = "0.1")
        @Nullable
        Double dropout,

        @Schema(description = "of attention: how a row's vector tells its place", example = "sinusoidal") @Nullable
        Encoding positions) {

    enum Kind {
        DENSE,
        ATTENTION
    }

    @JsonCreator(mode = JsonCreator.Mode.PROPERTIES)
    ArchitectureForm {
        boolean layered = encoder != null || decoder != null;
        boolean sized = Stream.of(width, heads, layers, feedForward, bottleneck, dropout, positions)
                .anyMatch(Objects::nonNull);
        if (preset != null && (kind != null || layered || sized)) {
            throw HttpProblem.UNKNOWN_PROPERTY.because(
                    "a preset takes no further fields; spell the architecture out" + " with its kind instead");
        }
        if (preset == null && kind == null) {
            throw HttpProblem.MISSING_PROPERTY.because("name a preset, or a kind with what belongs to it, such as"
                    + " {\"kind\":\"dense\",\"encoder\":[{\"linear\":8}],\"decoder\":[]} or"
                    + " {\"kind\":\"attention\",\"width\":32,\"heads\":4}");
        }
        if (kind == Kind.DENSE && sized) {
            throw HttpProblem.UNKNOWN_PROPERTY.because("the kind dense takes encoder and decoder alone");
        }
        if (kind == Kind.ATTENTION && layered) {
            throw HttpProblem.UNKNOWN_PROPERTY.because(
                    "the kind attention takes no encoder and decoder, its sizes say what they are");
        }
        architecture(preset, kind, encoder, decoder, width, heads, layers, feedForward, bottleneck, dropout, positions);
    }

    /// A preset by its bare name.
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static ArchitectureForm preset(String name) {
        return new ArchitectureForm(name, null, null, null, null, null, null, null, null, null, null);
    }

    static ArchitectureForm of(Architecture architecture) {
        return switch (architecture) {
            case Preset preset -> preset(preset.label());
            case DenseArchitecture(List<Layer.Dense> encoder, List<Layer.Dense> decoder) ->
                new ArchitectureForm(
                        null,
                        Kind.DENSE,
                        encoder.stream().map(LayerForm::of).toList(),
                        decoder.stream().map(LayerForm::of).toList(),
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null);
            case AttentionArchitecture attention ->
                new ArchitectureForm(
                        null,
                        Kind.ATTENTION,
                        null,
                        null,
                        attention.width(),
                        attention.heads(),
                        attention.layers(),
                        attention.feedForward(),
                        attention.bottleneck(),
                        attention.dropout(),
                        attention.positions());
        };
    }

    /// A word for lists.
    static String label(Architecture architecture) {
        return architecture instanceof Preset preset ? preset.label() : "spelled-out";
    }

    Architecture architecture() {
        return architecture(
                preset, kind, encoder, decoder, width, heads, layers, feedForward, bottleneck, dropout, positions);
    }

    private static Architecture architecture(
            @Nullable String preset,
            @Nullable Kind kind,
            @Nullable List<LayerForm> encoder,
            @Nullable List<LayerForm> decoder,
            @Nullable Integer width,
            @Nullable Integer heads,
            @Nullable Integer layers,
            @Nullable Integer feedForward,
            @Nullable Integer bottleneck,
            @Nullable Double dropout,
            @Nullable Encoding positions) {
        if (preset != null) {
            return Preset.of(preset);
        }
        if (kind == Kind.DENSE) {
            return new DenseArchitecture(layers(encoder), layers(decoder));
        }
        AttentionArchitecture absent = AttentionArchitecture.DEFAULT;
        return new AttentionArchitecture(
                Objects.requireNonNullElse(width, absent.width()),
                Objects.requireNonNullElse(heads, absent.heads()),
                Objects.requireNonNullElse(layers, absent.layers()),
                Objects.requireNonNullElse(feedForward, absent.feedForward()),
                Objects.requireNonNullElse(bottleneck, absent.bottleneck()),
                Objects.requireNonNullElse(dropout, absent.dropout()),
                Objects.requireNonNullElse(positions, absent.positions()));
    }

    private static List<Layer.Dense> layers(@Nullable List<LayerForm> forms) {
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

        static LayerForm of(Layer.Dense layer) {
            return switch (layer) {
                case Layer.Linear(int units) -> new LayerForm(units, null, null);
                case Layer.Activation(Function function) -> new LayerForm(null, function, null);
                case Layer.Dropout(double rate) -> new LayerForm(null, null, rate);
            };
        }

        Layer.Dense layer() {
            return layer(linear, activation, dropout);
        }

        private static Layer.Dense layer(
                @Nullable Integer linear, @Nullable Function activation, @Nullable Double dropout) {
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
