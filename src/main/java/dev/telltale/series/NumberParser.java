package dev.telltale.series;

import dev.telltale.problem.Problem;

/// Reads decimal numbers such as `-1.5e3` from characters, in most cases without making an object.
/// Digits in any other notation, `NaN` and infinities are refused.
final class NumberParser {

    private static final int LONGEST = 64;
    private static final int EXACT_DIGITS = 15;
    private static final double[] POWERS_OF_TEN = {
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22
    };

    private NumberParser() {}

    /// The nearest double.
    ///
    /// @throws dev.telltale.problem.Problem `BAD_VALUE` if the text is not one finite number
    static double parse(char[] text, int offset, int length) {
        int end = offset + length;
        int at = offset;
        boolean negative = at < end && text[at] == '-';
        if (negative || (at < end && text[at] == '+')) {
            at++;
        }
        long digits = 0;
        int significant = 0;
        int count = 0;
        int scale = 0;
        boolean fraction = false;
        for (; at < end; at++) {
            char c = text[at];
            if (c == '.' && !fraction) {
                fraction = true;
                continue;
            }
            if (c < '0' || c > '9') {
                break;
            }
            count++;
            if (significant > 0 || c != '0') {
                significant++;
            }
            if (significant <= EXACT_DIGITS) {
                digits = 10 * digits + (c - '0');
                scale -= fraction ? 1 : 0;
            }
        }
        boolean plain = at == end;
        if (count == 0 || length > LONGEST || (!plain && !isExponent(text, at, end))) {
            throw notANumber(text, offset, length);
        }
        // Both the digits and the power are exact, so one division rounds correctly (Clinger 1990).
        if (plain && significant <= EXACT_DIGITS && -scale < POWERS_OF_TEN.length) {
            double value = digits / POWERS_OF_TEN[-scale];
            return negative ? -value : value;
        }
        double value = Double.parseDouble(new String(text, offset, length));
        if (!Double.isFinite(value)) {
            throw SeriesProblem.BAD_VALUE.because(
                    "'%s' is beyond ±1.8e308; send a finite number", new String(text, offset, length));
        }
        return value;
    }

    private static boolean isExponent(char[] text, int from, int end) {
        int at = from;
        if (text[at] != 'e' && text[at] != 'E') {
            return false;
        }
        at++;
        if (at < end && (text[at] == '-' || text[at] == '+')) {
            at++;
        }
        if (at == end) {
            return false;
        }
        for (; at < end; at++) {
            if (text[at] < '0' || text[at] > '9') {
                return false;
            }
        }
        return true;
    }

    private static Problem notANumber(char[] text, int offset, int length) {
        return SeriesProblem.BAD_VALUE.because(
                "'%s' is not a number; write it like -1.5e3, or leave the cell empty where a value is missing",
                new String(text, offset, Math.min(length, 40)));
    }
}
