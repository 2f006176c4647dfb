package dev.telltale.http;

import dev.telltale.problem.Problem;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.KeyDeserializer;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.deser.std.StdScalarDeserializer;
import tools.jackson.databind.ser.std.StdScalarSerializer;

/// How single values are read where Jackson is too lenient. What they throw gets its pointer from the
/// object around it.
final class JsonValues {

    private JsonValues() {}

    /// The number at the parser: a JSON number that a double can hold.
    static double finite(JsonParser parser) {
        JsonToken token = parser.currentToken();
        if (token != JsonToken.VALUE_NUMBER_INT && token != JsonToken.VALUE_NUMBER_FLOAT) {
            throw HttpProblem.WRONG_TYPE.because("expected a number, got %s", JsonFaults.words(token));
        }
        double value = parser.getDoubleValue();
        if (!Double.isFinite(value)) {
            throw HttpProblem.NON_FINITE_NUMBER.because("the number is beyond ±1.8e308; send a finite one");
        }
        return value;
    }

    private static String text(JsonParser parser) {
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            throw HttpProblem.WRONG_TYPE.because("expected a text, got %s", JsonFaults.words(parser.currentToken()));
        }
        return clean(parser.getString());
    }

    private static String clean(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean pair = Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1));
            if (pair) {
                i++;
            } else if (c == 0 || Character.isSurrogate(c)) {
                throw HttpProblem.INVALID_TEXT.because("a text holds \\u%04x, which no store keeps", (int) c);
            }
        }
        return text;
    }

    static final class FiniteDouble extends StdScalarDeserializer<Double> {

        FiniteDouble() {
            super(Double.class);
        }

        @Override
        public Double deserialize(JsonParser parser, DeserializationContext context) {
            return finite(parser);
        }
    }

    static final class FiniteDoubles extends StdScalarDeserializer<double[]> {

        FiniteDoubles() {
            super(double[].class);
        }

        @Override
        public double[] deserialize(JsonParser parser, DeserializationContext context) {
            if (!parser.isExpectedStartArrayToken()) {
                throw HttpProblem.WRONG_TYPE.because(
                        "expected a list of numbers, got %s", JsonFaults.words(parser.currentToken()));
            }
            double[] values = new double[16];
            int count = 0;
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                if (count == values.length) {
                    values = Arrays.copyOf(values, 2 * count);
                }
                values[count] = element(parser, count);
                count++;
            }
            return Arrays.copyOf(values, count);
        }

        private static double element(JsonParser parser, int index) {
            try {
                return finite(parser);
            } catch (Problem fault) {
                throw DatabindException.wrapWithPath(fault, new JacksonException.Reference(null, index));
            }
        }
    }

    static final class CleanText extends StdScalarDeserializer<String> {

        CleanText() {
            super(String.class);
        }

        @Override
        public String deserialize(JsonParser parser, DeserializationContext context) {
            return text(parser);
        }
    }

    static final class CleanKey extends KeyDeserializer {

        @Override
        public Object deserializeKey(String key, DeserializationContext context) {
            return clean(key);
        }
    }

    static final class TimeReader extends StdScalarDeserializer<Instant> {

        TimeReader() {
            super(Instant.class);
        }

        @Override
        public Instant deserialize(JsonParser parser, DeserializationContext context) {
            if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT) {
                return Instant.ofEpochMilli(Times.parse(parser.getString()));
            }
            return Instant.ofEpochMilli(Times.parse(text(parser)));
        }
    }

    static final class TimeWriter extends StdScalarSerializer<Instant> {

        TimeWriter() {
            super(Instant.class);
        }

        @Override
        public void serialize(Instant time, JsonGenerator out, SerializationContext context) {
            out.writeString(Times.format(time.toEpochMilli()));
        }
    }

    static final class DurationReader extends StdScalarDeserializer<Duration> {

        DurationReader() {
            super(Duration.class);
        }

        @Override
        public Duration deserialize(JsonParser parser, DeserializationContext context) {
            String text = text(parser);
            try {
                return Duration.parse(text);
            } catch (DateTimeException notADuration) {
                throw HttpProblem.BAD_DURATION.because("'%s' is not an ISO 8601 duration such as PT5M", text);
            }
        }
    }

    static final class DurationWriter extends StdScalarSerializer<Duration> {

        DurationWriter() {
            super(Duration.class);
        }

        @Override
        public void serialize(Duration duration, JsonGenerator out, SerializationContext context) {
            out.writeString(duration.toString());
        }
    }
}
