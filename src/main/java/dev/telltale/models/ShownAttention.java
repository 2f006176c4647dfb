package dev.telltale.models;

import dev.telltale.autoencoder.AttentionWeights;
import dev.telltale.drawing.HeatMap;
import dev.telltale.drawing.HeatMap.Names;
import dev.telltale.http.HttpProblem;
import dev.telltale.http.Json;
import dev.telltale.http.Times;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/// The attention weights of a model for one window, and how they are shown.
///
/// @param times of the window's rows, epoch milliseconds UTC
@SuppressWarnings("ArrayRecordComponent") // nobody compares them
record ShownAttention(Manifest manifest, long[] times, AttentionWeights weights) {

    /// The weights as JSON, number by number.
    void write(Json json, OutputStream out) {
        JsonGenerator generator = json.generator(out);
        generator.writeStartObject();
        generator.writeStringProperty("model", manifest.name().value());
        generator.writeNumberProperty("version", manifest.version());
        generator.writeArrayPropertyStart("timestamps");
        Arrays.stream(times).mapToObj(Times::format).forEach(generator::writeString);
        generator.writeEndArray();
        generator.writeArrayPropertyStart("weights");
        for (int layer = 0; layer < weights.layers(); layer++) {
            generator.writeStartArray();
            for (int head = 0; head < weights.heads(); head++) {
                writeHead(generator, layer, head);
            }
            generator.writeEndArray();
        }
        generator.writeEndArray();
        generator.writeEndObject();
        generator.close();
    }

    private void writeHead(JsonGenerator generator, int layer, int head) {
        generator.writeStartArray();
        for (int row = 0; row < weights.length(); row++) {
            generator.writeStartArray();
            for (int other = 0; other < weights.length(); other++) {
                generator.writeNumber(weights.share(layer, head, row, other));
            }
            generator.writeEndArray();
        }
        generator.writeEndArray();
    }

    /// The weights as a heat map.
    ///
    /// @param layer counted from 0; null: the mean of all
    /// @param head likewise
    /// @throws dev.telltale.problem.Problem if there is no such layer or head
    HeatMap heatMap(@Nullable Integer layer, @Nullable Integer head) {
        refuseBeyond("layer", layer, weights.layers());
        refuseBeyond("head", head, weights.heads());
        List<String> moments = LongStream.of(times).mapToObj(Times::format).toList();
        return new HeatMap(
                "Attention of " + manifest.name() + ", " + which("layer", layer) + ", " + which("head", head),
                new Names("row that looks (UTC)", moments),
                new Names("row that is looked at (UTC)", moments),
                times.length,
                times.length,
                (row, other) -> mean(layer, head, row, other));
    }

    private double mean(@Nullable Integer layer, @Nullable Integer head, int row, int other) {
        int firstLayer = layer == null ? 0 : layer;
        int layers = layer == null ? weights.layers() : 1;
        int firstHead = head == null ? 0 : head;
        int heads = head == null ? weights.heads() : 1;
        double sum = 0;
        for (int l = firstLayer; l < firstLayer + layers; l++) {
            for (int h = firstHead; h < firstHead + heads; h++) {
                sum += weights.share(l, h, row, other);
            }
        }
        return sum / (layers * heads);
    }

    private static String which(String what, @Nullable Integer number) {
        return number == null ? "mean of " + what + "s" : what + " " + number;
    }

    private static void refuseBeyond(String what, @Nullable Integer number, int count) {
        if (number != null && (number < 0 || number >= count)) {
            throw HttpProblem.OUT_OF_RANGE.because("%s must be from 0 to %d, was %d", what, count - 1, number);
        }
    }
}
