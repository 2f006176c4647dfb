package dev.telltale.attention;

import dev.telltale.attention.AttentionResult.Values;
import dev.telltale.http.Json;
import dev.telltale.http.Times;
import dev.telltale.signal.Scaling;
import java.io.OutputStream;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import tools.jackson.core.JsonGenerator;

/// Writes an answer number by number: as one text it could be gigabytes.
final class AttentionWriter {

    private final JsonGenerator out;

    private AttentionWriter(JsonGenerator out) {
        this.out = out;
    }

    static void write(Json json, OutputStream out, AttentionForm.Asked asked, AttentionResult result) {
        JsonGenerator generator = json.generator(out);
        new AttentionWriter(generator).write(asked, result);
        generator.close(); // not of an answer that failed: it must not look whole
    }

    private void write(AttentionForm.Asked asked, AttentionResult result) {
        out.writeStartObject();
        asked.window().ifPresent(this::write);
        result.values().forEach((name, values) -> array(name, shape(values), values::at));
        out.writeObjectPropertyStart("shapes");
        Matrix x = asked.input().x();
        out.writePOJOProperty(Step.ROWS, List.of(x.rows(), x.columns()));
        result.values().forEach((name, values) -> out.writePOJOProperty(name, shape(values)));
        out.writeEndObject();
        out.writeEndObject();
    }

    private void write(EmbeddedWindow embedded) {
        StoredWindow window = embedded.window();
        out.writeArrayPropertyStart("rows");
        for (int row = 0; row < window.times().length; row++) {
            out.writeStartObject();
            out.writeStringProperty("timestamp", Times.format(window.times()[row]));
            out.writeNumberProperty("value", window.values()[row]);
            out.writeEndObject();
        }
        out.writeEndArray();
        Scaling.Channel scaling = window.scaling().channels().getFirst();
        out.writePOJOProperty("scaling", new AttentionViews.Scale(scaling.offset(), scaling.scale()));
        out.writeObjectPropertyStart("embedding");
        projection("weight", "bias", embedded.embedding());
        out.writeEndObject();
        matrix(Step.ROWS, embedded.x());
        out.writeObjectPropertyStart("parameters");
        projection("wq", "bq", embedded.query());
        projection("wk", "bk", embedded.key());
        projection("wv", "bv", embedded.value());
        projection("wo", "bo", embedded.output());
        out.writeEndObject();
    }

    private void projection(String weight, String bias, Projection projection) {
        matrix(weight, projection.weight());
        out.writePOJOProperty(bias, projection.bias().orElseThrow());
    }

    private void matrix(String name, Matrix matrix) {
        array(name, List.of(matrix.rows(), matrix.columns()), index -> matrix.values()[index]);
    }

    private void array(String name, List<Integer> shape, IntToDoubleFunction values) {
        out.writeName(name);
        array(shape, 0, values);
    }

    /// The part of an array that begins at `start` of its row-major order.
    private void array(List<Integer> shape, int start, IntToDoubleFunction values) {
        out.writeStartArray();
        int length = shape.getFirst();
        List<Integer> inner = shape.subList(1, shape.size());
        int step = inner.stream().reduce(1, Math::multiplyExact);
        for (int i = 0; i < length; i++) {
            if (inner.isEmpty()) {
                out.writeNumber(values.applyAsDouble(start + i));
            } else {
                array(inner, start + i * step, values);
            }
        }
        out.writeEndArray();
    }

    /// Of a single head (N, N).
    private static List<Integer> shape(Values values) {
        List<Integer> shape = values.shape();
        return shape.size() == 3 && shape.getFirst() == 1 ? shape.subList(1, 3) : shape;
    }
}
