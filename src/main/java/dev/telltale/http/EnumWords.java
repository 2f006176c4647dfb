package dev.telltale.http;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.springframework.core.convert.converter.Converter;
import org.springframework.core.convert.converter.ConverterFactory;

/// Reads enum constants from query parameters as they are spelled in JSON: `best-f1` for `BEST_F1`.
public final class EnumWords implements ConverterFactory<String, Enum<?>> {

    @Override
    public <T extends Enum<?>> Converter<String, T> getConverter(Class<T> type) {
        return text -> Arrays.stream(type.getEnumConstants())
                .filter(constant -> of(constant).equals(text))
                .findFirst()
                .orElseThrow(() -> HttpProblem.INVALID_PARAMETER.because("'%s' is none of %s", text, choices(type)));
    }

    /// The word for a constant.
    public static String of(Enum<?> constant) {
        return of(constant.name());
    }

    /// The word for the name of a constant.
    static String of(String name) {
        return name.toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// The words for all constants of a type.
    public static String choices(Class<?> type) {
        return Arrays.stream(type.getEnumConstants())
                .map(constant -> of((Enum<?>) constant))
                .collect(Collectors.joining(", "));
    }
}
