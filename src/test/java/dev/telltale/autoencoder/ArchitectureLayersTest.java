package dev.telltale.autoencoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.telltale.autoencoder.Layer.Activation;
import dev.telltale.autoencoder.Layer.Activation.Function;
import dev.telltale.autoencoder.Layer.Dropout;
import dev.telltale.autoencoder.Layer.Linear;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArchitectureLayersTest {

    private static final Activation RELU = new Activation(Function.RELU);

    @ParameterizedTest
    @CsvSource({
        // (1+1)·32 + (32+1)·16 + (16+1)·32 + (32+1)·1
        "base, 1, 1, 1169, 16",
        // (1+1)·256 + (256+1)·128 + (128+1)·64 + (64+1)·128 + (128+1)·256 + (256+1)·1
        "dense, 1, 1, 83265, 64",
        "tanh, 1, 1, 83265, 64",
        "dropout, 1, 1, 83265, 64",
        // (1000+1)·512 + (512+1)·32 + (32+1)·512 + (512+1)·1000
        "manufacturing, 1000, 1, 1058824, 32",
        "manufacturing, 250, 4, 1058824, 32",
        // (96+1)·32 + (32+1)·16 + (16+1)·32 + (32+1)·96
        "base, 32, 3, 7344, 16",
    })
    void countsTheParametersOfThePresets(String preset, int length, int channels, long parameters, int bottleneck) {
        Architecture architecture = Preset.of(preset);

        assertThat(architecture.parameters(length, channels)).isEqualTo(parameters);
        assertThat(architecture.bottleneck(length, channels)).isEqualTo(bottleneck);
    }

    @Test
    void listsTheLayersOfAPresetInOrder() {
        assertThat(Preset.DROPOUT.layers(2, 3))
                .extracting(LayerDescription::name)
                .containsExactly(
                        "encoder.0.linear",
                        "encoder.1.tanh",
                        "encoder.2.dropout",
                        "encoder.3.linear",
                        "encoder.4.tanh",
                        "encoder.5.linear",
                        "encoder.6.tanh",
                        "decoder.0.linear",
                        "decoder.1.tanh",
                        "decoder.2.linear",
                        "decoder.3.tanh",
                        "decoder.4.dropout",
                        "decoder.5.linear",
                        "decoder.6.sigmoid");
    }

    @Test
    void addsAnOutputLayerWhereTheLastLinearLayerDoesNotGiveTheWindowBack() {
        DenseArchitecture spelledOut =
                new DenseArchitecture(List.of(new Linear(8), RELU), List.of(new Linear(16), RELU));

        List<LayerDescription> layers = spelledOut.layers(4, 3);

        assertThat(layers).hasSize(5);
        assertThat(layers.getLast()).isEqualTo(LayerDescription.of("decoder.2.linear", new Linear(12), List.of(16)));
        assertThat(layers.getLast().parameters()).isEqualTo(17 * 12);
    }

    @Test
    void leavesADecoderThatGivesTheWindowBackAsItIs() {
        DenseArchitecture spelledOut =
                new DenseArchitecture(List.of(new Linear(8)), List.of(new Linear(12), new Dropout(0.5)));

        assertThat(spelledOut.spelledOut(4, 3)).isEqualTo(spelledOut);
    }

    @Test
    void takesADecoderWithoutLayers() {
        assertThat(new DenseArchitecture(List.of(new Linear(8)), List.of()).parameters(4, 3))
                .isEqualTo(13 * 8 + 9 * 12);
    }

    @Test
    void refusesAnEncoderWithoutALinearLayer() {
        assertThatThrownBy(() -> new DenseArchitecture(List.of(RELU), List.of(new Linear(4))))
                .hasMessage("the encoder needs at least one linear layer");
    }

    @Test
    void refusesMoreThan64LayersTheOutputLayerIncluded() {
        List<Layer.Dense> sixtyFour = Collections.nCopies(64, new Linear(2));

        assertThatThrownBy(() -> new DenseArchitecture(Collections.nCopies(65, new Linear(2)), List.of()))
                .hasMessageContaining("not 65");
        assertThatThrownBy(() -> new DenseArchitecture(sixtyFour, List.of()).layers(1, 1))
                .hasMessageContaining("not 65");
    }

    @Test
    void countsTheParametersOfAttention() {
        AttentionArchitecture small = new AttentionArchitecture(6, 3, 1, 5, 2, 0.1, Layer.Positions.Encoding.LEARNED);

        List<LayerDescription> layers = small.layers(4, 2);

        assertThat(layers)
                .extracting(LayerDescription::name)
                .containsExactly(
                        "embedding.linear",
                        "embedding.positions",
                        "encoder.0.attention.0.norm",
                        "encoder.0.attention.1.attention",
                        "encoder.0.attention.2.dropout",
                        "encoder.0.attention.3.add",
                        "encoder.0.feedForward.0.norm",
                        "encoder.0.feedForward.1.linear",
                        "encoder.0.feedForward.2.gelu",
                        "encoder.0.feedForward.3.linear",
                        "encoder.0.feedForward.4.dropout",
                        "encoder.0.feedForward.5.add",
                        "bottleneck.0.norm",
                        "bottleneck.1.flatten",
                        "bottleneck.2.linear",
                        "decoder.0.linear",
                        "decoder.1.gelu",
                        "decoder.2.linear");
        assertThat(layers)
                .extracting(LayerDescription::parameters)
                .containsExactly(18L, 24L, 12L, 168L, 0L, 0L, 12L, 35L, 0L, 36L, 0L, 0L, 12L, 0L, 50L, 15L, 0L, 48L);
        assertThat(layers.get(10).outputShape()).containsExactly(4, 6);
        assertThat(layers.getLast().outputShape()).containsExactly(8);
        assertThat(small.bottleneck(4, 2)).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({
        "32, 5, 1, 8, 8, cannot share 32",
        "0, 1, 1, 8, 8, width must be from 1 to 1024",
        "8, 16, 1, 8, 8, heads must be from 1 to 8",
        "8, 2, 17, 8, 8, layers must be from 1 to 16",
        "8, 2, 1, 65537, 8, feedForward must be from 1 to 65536",
        "8, 2, 1, 8, 0, bottleneck must be from 1 to 65536"
    })
    void refusesSizesThatAttentionCannotHave(
            int width, int heads, int layers, int feedForward, int bottleneck, String message) {
        assertThatThrownBy(() -> new AttentionArchitecture(
                        width, heads, layers, feedForward, bottleneck, 0, Layer.Positions.Encoding.LEARNED))
                .hasMessageContaining(message);
    }

    @Test
    void refusesMoreThan20MillionParameters() {
        DenseArchitecture wide = new DenseArchitecture(List.of(new Linear(4_000), new Linear(5_000)), List.of());

        // (1+1)·4000 + (4000+1)·5000 + (5000+1)·1
        assertThatThrownBy(() -> wide.layers(1, 1)).hasMessageContaining("20018001 parameters");
    }

    @Test
    void refusesWindowsTooWideForALayer() {
        assertThatThrownBy(() -> Preset.BASE.layers(10_000, 7)).hasMessageContaining("70000 values");
        assertThatThrownBy(() -> Preset.BASE.layers(10_000, 1_000_000)).hasMessageContaining("10000000000 values");
    }

    @Test
    void refusesTheManufacturingPresetForOtherThan1000Values() {
        assertThatThrownBy(() -> Preset.MANUFACTURING.layers(32, 1))
                .hasMessage("the preset manufacturing takes windows of 1000 values, but length 32 × 1 channels are 32");
    }

    @Test
    void namesThePresetsThereAreWhenOneIsUnknown() {
        assertThatThrownBy(() -> Preset.of("BASE"))
                .hasMessage(
                        "no preset is named 'BASE'; there are base, dense, tanh, dropout, manufacturing, attention");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 65_537})
    void refusesUnitsOutOfRange(int units) {
        assertThatThrownBy(() -> new Linear(units)).hasMessageContaining("not " + units);
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, 1, Double.NaN})
    void refusesDropoutRatesOutOfRange(double rate) {
        assertThatThrownBy(() -> new Dropout(rate)).hasMessageContaining("not " + rate);
    }
}
