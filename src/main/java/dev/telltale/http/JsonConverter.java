package dev.telltale.http;

import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;
import org.springframework.http.HttpInputMessage;
import org.springframework.http.converter.json.JacksonJsonHttpMessageConverter;

/// Reads `@RequestBody` through `Json`, so that controllers meet the same rules as everything else.
final class JsonConverter extends JacksonJsonHttpMessageConverter {

    private final Json json;

    JsonConverter(Json json) {
        super(json.mapper());
        this.json = json;
    }

    @Override
    public Object read(ResolvableType type, HttpInputMessage message, @Nullable Map<String, Object> hints)
            throws IOException {
        return json.read(message.getBody(), json.mapper().constructType(type.getType()));
    }
}
