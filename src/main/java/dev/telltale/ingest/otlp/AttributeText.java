package dev.telltale.ingest.otlp;

import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import java.util.Base64;

/// Values of attributes as text: texts as they are, numbers and truth values as JSON writes them, lists and
/// maps as JSON, bytes in Base64.
final class AttributeText {

    private AttributeText() {}

    static String of(AnyValue value) {
        if (value.getValueCase() == AnyValue.ValueCase.STRING_VALUE) {
            return value.getStringValue();
        }
        StringBuilder text = new StringBuilder();
        append(value, text);
        return text.toString();
    }

    /// Protobuf refuses messages that are nested more than 100 levels deep, so this ends.
    private static void append(AnyValue value, StringBuilder text) {
        switch (value.getValueCase()) {
            case STRING_VALUE -> quote(value.getStringValue(), text);
            case BOOL_VALUE -> text.append(value.getBoolValue());
            case INT_VALUE -> text.append(value.getIntValue());
            case DOUBLE_VALUE -> text.append(value.getDoubleValue());
            case BYTES_VALUE ->
                text.append(
                        Base64.getEncoder().encodeToString(value.getBytesValue().toByteArray()));
            case ARRAY_VALUE -> {
                String before = "[";
                for (AnyValue item : value.getArrayValue().getValuesList()) {
                    text.append(before);
                    append(item, text);
                    before = ",";
                }
                text.append(before.equals("[") ? "[]" : "]");
            }
            case KVLIST_VALUE -> {
                String before = "{";
                for (KeyValue item : value.getKvlistValue().getValuesList()) {
                    text.append(before);
                    quote(item.getKey(), text);
                    text.append(':');
                    append(item.getValue(), text);
                    before = ",";
                }
                text.append(before.equals("{") ? "{}" : "}");
            }
            // A text that stands elsewhere is of profiles only.
            case STRING_VALUE_STRINDEX, VALUE_NOT_SET -> {}
        }
    }

    private static void quote(String string, StringBuilder text) {
        text.append('"');
        for (int i = 0; i < string.length(); i++) {
            char character = string.charAt(i);
            if (character == '"' || character == '\\') {
                text.append('\\');
            }
            text.append(character);
        }
        text.append('"');
    }
}
