package dev.telltale.http;

import dev.telltale.problem.Excerpt;
import java.beans.PropertyEditorSupport;
import java.math.BigInteger;
import java.util.function.Function;
import org.springframework.web.bind.WebDataBinder;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.InitBinder;

/// Reads whole numbers from query parameters as they are written: in decimal. Spring's own reader takes
/// `0x10`, `#10` and `010` too, which mean other numbers than a reader of the address expects, and it would
/// be asked again where a mere converter fails.
@ControllerAdvice
final class WholeNumbers {

    @InitBinder
    void read(WebDataBinder binder) {
        String parameter = binder.getObjectName();
        for (Class<?> type : new Class<?>[] {int.class, Integer.class}) {
            binder.registerCustomEditor(
                    type, new Editor(text -> (int) within(parameter, text, Integer.MIN_VALUE, Integer.MAX_VALUE)));
        }
        for (Class<?> type : new Class<?>[] {long.class, Long.class}) {
            binder.registerCustomEditor(
                    type, new Editor(text -> within(parameter, text, Long.MIN_VALUE, Long.MAX_VALUE)));
        }
    }

    private static long within(String parameter, String text, long least, long most) {
        if (!text.matches("-?[0-9]{1,19}")) {
            throw HttpProblem.INVALID_PARAMETER.because(
                    "%s is a whole number such as 100, was '%s'", parameter, Excerpt.of(text));
        }
        BigInteger number = new BigInteger(text);
        if (number.compareTo(BigInteger.valueOf(least)) < 0 || number.compareTo(BigInteger.valueOf(most)) > 0) {
            throw HttpProblem.INVALID_PARAMETER.because(
                    "%s is in the range %d to %d, was %s", parameter, least, most, text);
        }
        return number.longValue();
    }

    private static final class Editor extends PropertyEditorSupport {

        private final Function<String, Number> reader;

        private Editor(Function<String, Number> reader) {
            this.reader = reader;
        }

        @Override
        public void setAsText(String text) {
            setValue(reader.apply(text));
        }
    }
}
