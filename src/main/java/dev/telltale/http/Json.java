package dev.telltale.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.json.JsonMapper;

/// Reads and writes JSON by the one set of rules that all routes share (`JsonRules`): what a record does
/// not declare, what it requires and does not get, and what would have to be bent to fit is refused, with a
/// pointer to the place.
public final class Json {

    private final JsonMapper mapper = JsonRules.mapper();

    /// The mapper behind it, for libraries that want one.
    public JsonMapper mapper() {
        return mapper;
    }

    /// Reads one value, which must be all there is in `body`.
    ///
    /// @throws dev.telltale.problem.Problem if the body is not UTF-8, not JSON or not a `T`
    public <T> T read(InputStream body, Class<T> type) {
        return type.cast(read(body, mapper.constructType(type)));
    }

    Object read(InputStream body, JavaType type) {
        try (JsonParser parser = parser(body)) {
            if (parser.nextToken() == null) {
                throw HttpProblem.EMPTY_BODY.because("the body is empty; send a JSON object");
            }
            @Nullable Object value = mapper.readValue(parser, type);
            if (value == null) {
                throw HttpProblem.WRONG_TYPE.because("the body is null; send a JSON object");
            }
            return value;
        } catch (JacksonException failure) {
            throw JsonFaults.problem(failure);
        }
    }

    /// Opens a body for reading token by token. Whoever reads it hands a `JacksonException` to
    /// `JsonFaults.problem`.
    public JsonParser parser(InputStream body) {
        try {
            return mapper.createParser(Utf8.reader(body));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// Opens a text for reading token by token.
    public JsonParser parser(char[] text, int offset, int length) {
        return mapper.createParser(text, offset, length);
    }

    /// The number at the parser, which a double can hold.
    ///
    /// @throws dev.telltale.problem.Problem if it is not a JSON number or not finite
    public static double number(JsonParser parser) {
        return JsonValues.finite(parser);
    }

    /// Writes token by token.
    public JsonGenerator generator(OutputStream out) {
        return mapper.createGenerator(out);
    }

    /// Writes token by token, a line feed between values.
    public JsonGenerator lines(OutputStream out) {
        return mapper.writer().withRootValueSeparator("\n").createGenerator(out);
    }

    public byte[] write(Object value) {
        return mapper.writeValueAsBytes(value);
    }
}
