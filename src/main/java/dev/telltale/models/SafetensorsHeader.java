package dev.telltale.models;

import dev.telltale.autoencoder.Weights;
import dev.telltale.autoencoder.Weights.Parameter;
import dev.telltale.problem.Excerpt;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What a safetensors file says of itself.
///
/// @param metadata free text by name
/// @param tensors in the order in which their bytes lie
record SafetensorsHeader(Map<String, String> metadata, List<Tensor> tensors) {

    private static final String METADATA = "__metadata__";
    private static final int MOST_DIMENSIONS = 8;
    /// Each tensor takes 14 and then a kilobyte of memory; the largest architecture has a thousand tensors.
    private static final long MOST_TOKENS = 200_000;
    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(4)
                            .maxStringLength(Safetensors.LONGEST_HEADER)
                            .maxNumberLength(20)
                            .maxTokenCount(MOST_TOKENS)
                            .build())
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /// One tensor of float32.
    ///
    /// @param name up to 64 printable characters
    /// @param begin offset of its first byte behind the header
    /// @param end offset behind its last byte
    record Tensor(String name, List<Integer> shape, long begin, long end) {

        Tensor {
            shape = List.copyOf(shape);
        }

        long bytes() {
            return end - begin;
        }
    }

    SafetensorsHeader {
        metadata = Map.copyOf(metadata);
        tensors = List.copyOf(tensors);
    }

    /// The header of a file that holds these weights one behind the other.
    static SafetensorsHeader of(Map<String, String> metadata, Weights weights) {
        List<Tensor> tensors = new ArrayList<>();
        long begin = 0;
        for (Parameter parameter : weights.parameters()) {
            long end = begin + (long) parameter.values().length * Float.BYTES;
            tensors.add(new Tensor(parameter.name(), parameter.shape(), begin, end));
            begin = end;
        }
        return new SafetensorsHeader(metadata, tensors);
    }

    byte[] toBytes() {
        Map<String, Object> header = new LinkedHashMap<>();
        header.put(METADATA, metadata);
        for (Tensor tensor : tensors) {
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("dtype", "F32");
            entry.put("shape", tensor.shape());
            entry.put("data_offsets", List.of(tensor.begin(), tensor.end()));
            header.put(tensor.name(), entry);
        }
        return JSON.writeValueAsBytes(header);
    }

    static SafetensorsHeader parse(byte[] bytes) throws DamagedFileException {
        JsonNode root;
        try {
            root = JSON.readTree(bytes);
        } catch (JacksonException e) {
            throw new DamagedFileException("its header is not well-formed JSON, or names too many tensors");
        }
        if (!(root instanceof ObjectNode object)) {
            throw new DamagedFileException("its header is no JSON object");
        }
        Map<String, String> metadata = new LinkedHashMap<>();
        List<Tensor> tensors = new ArrayList<>();
        for (Map.Entry<String, JsonNode> entry : object.properties()) {
            if (entry.getKey().equals(METADATA)) {
                require(entry.getValue().isObject(), METADATA);
                for (Map.Entry<String, JsonNode> text : entry.getValue().properties()) {
                    require(text.getValue().isString(), METADATA);
                    metadata.put(text.getKey(), text.getValue().stringValue());
                }
            } else {
                tensors.add(tensor(entry.getKey(), entry.getValue()));
            }
        }
        tensors.sort(Comparator.comparingLong(Tensor::begin));
        return new SafetensorsHeader(metadata, tensors);
    }

    /// Refuses holes, overlaps and trailing bytes.
    void checkThatTensorsFill(long bytes) throws DamagedFileException {
        long expected = 0;
        for (Tensor tensor : tensors) {
            if (tensor.begin() != expected) {
                throw new DamagedFileException("tensor " + tensor.name() + " begins at byte " + tensor.begin()
                        + ", the one before it ends at " + expected);
            }
            expected = tensor.end();
        }
        if (expected != bytes) {
            throw new DamagedFileException("its tensors take " + expected + " bytes, the file holds " + bytes);
        }
    }

    private static Tensor tensor(String name, JsonNode entry) throws DamagedFileException {
        require(name.equals(Excerpt.of(name)), name); // it may stand in any message
        require(
                entry.isObject()
                        && entry.size() == 3
                        && entry.path("dtype").asString("").equals("F32"),
                name);
        JsonNode dimensions = entry.path("shape");
        JsonNode offsets = entry.path("data_offsets");
        require(dimensions.isArray() && dimensions.size() <= MOST_DIMENSIONS, name);
        require(offsets.isArray() && offsets.size() == 2, name);
        List<Integer> shape = new ArrayList<>();
        long bytes = Float.BYTES;
        for (JsonNode dimension : dimensions) {
            require(dimension.isInt() && dimension.intValue() > 0, name);
            shape.add(dimension.intValue());
            require(Math.multiplyHigh(bytes, dimension.intValue()) == 0, name);
            bytes *= dimension.intValue();
        }
        long begin = offset(offsets.get(0), name);
        long end = offset(offsets.get(1), name);
        require(end - begin == bytes, name);
        return new Tensor(name, shape, begin, end);
    }

    private static long offset(JsonNode offset, String name) throws DamagedFileException {
        require(offset.isIntegralNumber() && offset.canConvertToLong() && offset.longValue() >= 0, name);
        return offset.longValue();
    }

    private static void require(boolean condition, String name) throws DamagedFileException {
        if (!condition) {
            throw new DamagedFileException("the header's entry '" + Excerpt.of(name) + "' is not well-formed");
        }
    }
}
