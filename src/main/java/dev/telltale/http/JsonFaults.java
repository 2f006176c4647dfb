package dev.telltale.http;

import dev.telltale.problem.Excerpt;
import dev.telltale.problem.Problem;
import dev.telltale.problem.ProblemError;
import dev.telltale.problem.ProblemType;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.time.DateTimeException;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonToken;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.exc.InvalidNullException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/// Says in our words what Jackson found wrong, and where. Jackson's own messages name classes.
public final class JsonFaults {

    private JsonFaults() {}

    /// The problem behind a failure of reading; one that a record's constructor threw keeps its type.
    public static Problem problem(JacksonException failure) {
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof Problem problem) {
                return problem.errors().isEmpty() ? at(failure, problem) : problem;
            }
            if (cause instanceof CharacterCodingException) {
                return HttpProblem.INVALID_ENCODING.because("the body is not UTF-8 throughout; encode it anew");
            }
            if (cause instanceof DateTimeException || cause instanceof ArithmeticException) {
                return at(failure, HttpProblem.INVALID_VALUE.because("the value is not valid here"));
            }
        }
        return switch (failure) {
            case JacksonIOException broken -> throw unchecked(broken);
            case UnrecognizedPropertyException unknown -> at(failure, unknown(unknown));
            case InvalidNullException ignored ->
                at(failure, HttpProblem.WRONG_TYPE.because("null was given where a value is needed"));
            case InvalidFormatException invalid -> at(failure, invalid(invalid));
            case InputCoercionException ignored ->
                at(failure, HttpProblem.OUT_OF_RANGE.because("the number does not fit; send a smaller one"));
            case StreamConstraintsException tooMuch -> at(failure, tooMuch(tooMuch));
            case MismatchedInputException mismatch -> at(failure, mismatch(mismatch));
            case StreamReadException malformed -> malformed(malformed);
            default -> throw failure;
        };
    }

    /// A kind of token as a reader of the body would call it.
    public static String words(@Nullable JsonToken token) {
        return switch (token) {
            case null -> "the end of the body";
            case START_OBJECT, END_OBJECT, PROPERTY_NAME -> "an object";
            case START_ARRAY, END_ARRAY -> "a list";
            case VALUE_STRING -> "a text";
            case VALUE_NUMBER_INT -> "a whole number";
            case VALUE_NUMBER_FLOAT -> "a number with a fraction";
            case VALUE_TRUE, VALUE_FALSE -> "true or false";
            case VALUE_NULL -> "null";
            case NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT -> "something else";
        };
    }

    private static Problem unknown(UnrecognizedPropertyException unknown) {
        List<String> known = unknown.getKnownPropertyIds() == null
                ? List.of()
                : unknown.getKnownPropertyIds().stream()
                        .map(String::valueOf)
                        .sorted()
                        .toList();
        return HttpProblem.UNKNOWN_PROPERTY.because(
                "'%s' is not known here; known are %s",
                Excerpt.of(unknown.getPropertyName()), String.join(", ", known));
    }

    private static Problem invalid(InvalidFormatException invalid) {
        Class<?> type = invalid.getTargetType();
        if (type != null && type.isEnum()) {
            return HttpProblem.INVALID_VALUE.because(
                    "'%s' is none of %s", Excerpt.of(String.valueOf(invalid.getValue())), EnumWords.choices(type));
        }
        return HttpProblem.WRONG_TYPE.because("expected %s, got %s", words(type), words(invalid.getCurrentToken()));
    }

    private static Problem tooMuch(StreamConstraintsException tooMuch) {
        String message = tooMuch.getOriginalMessage();
        if (message.contains("nesting depth")) {
            return HttpProblem.NESTING_TOO_DEEP.because("the body is nested more than 32 levels deep");
        }
        if (message.contains("Number value length")) {
            return HttpProblem.NUMBER_TOO_LONG.because("a number has more than 64 characters");
        }
        return HttpProblem.MALFORMED_JSON.because("a text or a property's name is too long");
    }

    private static Problem mismatch(MismatchedInputException mismatch) {
        String message = mismatch.getOriginalMessage();
        if (message.startsWith("Missing required creator property")) {
            return HttpProblem.MISSING_PROPERTY.because("the property is required");
        }
        if (message.startsWith("Trailing token")) {
            return HttpProblem.MALFORMED_JSON.because("more follows after the end of the JSON value");
        }
        return HttpProblem.WRONG_TYPE.because(
                "expected %s, got %s", words(mismatch.getTargetType()), words(mismatch.getCurrentToken()));
    }

    private static Problem malformed(StreamReadException malformed) {
        boolean duplicate = malformed.getOriginalMessage().startsWith("Duplicate Object property");
        ProblemType type = duplicate ? HttpProblem.DUPLICATE_KEY : HttpProblem.MALFORMED_JSON;
        String what = duplicate ? "a property stands twice in one object" : "the body is not well-formed JSON";
        TokenStreamLocation location = malformed.getLocation();
        if (location == null || location.getLineNr() < 1) {
            return type.because("%s", what);
        }
        return type.because("%s", what)
                .with(List.of(ProblemError.atCell(location.getLineNr(), Math.max(1, location.getColumnNr()), what)));
    }

    private static UncheckedIOException unchecked(JacksonIOException broken) {
        return new UncheckedIOException(broken.getCause());
    }

    private static Problem at(JacksonException failure, Problem problem) {
        return problem.with(List.of(ProblemError.at(pointer(failure), problem.detail())));
    }

    /// Where in the body it was found.
    public static String pointer(JacksonException failure) {
        return failure.getPath().stream()
                .map(step -> step.getPropertyName() == null ? "" + step.getIndex() : Excerpt.of(step.getPropertyName()))
                .map(step -> "/" + step.replace("~", "~0").replace("/", "~1"))
                .collect(Collectors.joining());
    }

    private static String words(@Nullable Class<?> type) {
        if (type == null) {
            return "another type";
        }
        if (type == boolean.class || type == Boolean.class) {
            return "true or false";
        }
        if (type == int.class || type == Integer.class || type == long.class || type == Long.class) {
            return "a whole number";
        }
        if (type == String.class || type.isEnum() || isNameLike(type)) {
            return "a text";
        }
        return type.isArray() || Iterable.class.isAssignableFrom(type) ? "a list" : "an object";
    }

    /// Whether a type is a checked text and no more, such as a name.
    private static boolean isNameLike(Class<?> type) {
        return type.isRecord()
                && type.getRecordComponents().length == 1
                && type.getRecordComponents()[0].getType() == String.class;
    }
}
