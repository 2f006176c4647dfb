package dev.telltale.series;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.telltale.problem.Problem;
import dev.telltale.problem.ProblemError;
import java.util.ArrayList;
import java.util.List;

/// Reads a selector from left to right: `[name] [ "{" [ matcher { "," matcher } [ "," ] ] "}" ]`.
///
/// @see <a href="https://prometheus.io/docs/prometheus/latest/querying/basics/">Querying basics</a>
final class SelectorParser {

    private static final int LONGEST = 4_096;
    private static final String NAME = "__name__";

    private final String text;
    private int at;

    SelectorParser(String text) {
        this.text = text;
    }

    Selector selector() {
        if (text.length() > LONGEST) {
            throw bad("a selector has up to " + LONGEST + " characters");
        }
        List<Selector.Matcher> matchers = new ArrayList<>();
        skipSpace();
        if (!atEnd() && isNameStart(text.charAt(at))) {
            matchers.add(Selector.Matcher.name(word(true)));
            skipSpace();
        }
        boolean named = !matchers.isEmpty();
        if (!atEnd() && text.charAt(at) == '{') {
            matchers(matchers, named);
        }
        skipSpace();
        if (!atEnd()) {
            throw bad("expected the end, found '" + text.charAt(at) + "'");
        }
        if (matchers.isEmpty()) {
            throw bad("expected a metric name or a matcher such as {host=\"a\"}");
        }
        return new Selector(text, matchers);
    }

    private void matchers(List<Selector.Matcher> matchers, boolean named) {
        at++;
        skipSpace();
        while (!next('}')) {
            int start = at;
            String label = atEnd() || !isLabelStart(text.charAt(at)) ? "" : word(false);
            if (label.isEmpty()) {
                throw bad("expected a label name or }");
            }
            if (label.equals(NAME) && named) {
                at = start;
                throw bad("the metric name stands before the braces already");
            }
            skipSpace();
            matchers.add(matcher(label));
            skipSpace();
            if (!next(',') && (atEnd() || text.charAt(at) != '}')) {
                throw bad("expected , or }");
            }
            skipSpace();
        }
    }

    private Selector.Matcher matcher(String label) {
        if (next("=~")) {
            return new Selector.Matcher(label, new Selector.Test.Like(pattern()));
        }
        if (next("!~")) {
            return new Selector.Matcher(label, new Selector.Test.NotLike(pattern()));
        }
        if (next("!=")) {
            return new Selector.Matcher(label, new Selector.Test.NotEqual(string()));
        }
        if (next("=")) {
            return new Selector.Matcher(label, new Selector.Test.Equal(string()));
        }
        throw bad("expected =, !=, =~ or !~");
    }

    private Pattern pattern() {
        skipSpace();
        int start = at;
        String expression = string();
        try {
            return Pattern.compile(expression, Pattern.DOTALL);
        } catch (PatternSyntaxException notRe2) {
            at = start;
            throw bad("not a regular expression of RE2: " + notRe2.getDescription());
        }
    }

    private String string() {
        skipSpace();
        if (atEnd() || "\"'`".indexOf(text.charAt(at)) < 0) {
            throw bad("expected a quoted value");
        }
        int start = at;
        char quote = text.charAt(at++);
        StringBuilder value = new StringBuilder();
        while (!atEnd() && text.charAt(at) != quote) {
            char c = text.charAt(at++);
            value.append(c == '\\' && quote != '`' ? escaped() : Character.toString(c));
        }
        if (!next(quote)) {
            at = start;
            throw bad("the quoted value does not end");
        }
        return value.toString();
    }

    private String escaped() {
        char c = atEnd() ? ' ' : text.charAt(at++);
        return switch (c) {
            case '\\', '"', '\'' -> Character.toString(c);
            case 'n' -> "\n";
            case 't' -> "\t";
            case 'r' -> "\r";
            case 'a' -> "\u0007";
            case 'b' -> "\b";
            case 'f' -> "\f";
            case 'v' -> "\u000b";
            case 'x' -> code(2);
            case 'u' -> code(4);
            case 'U' -> code(8);
            default -> {
                at--;
                throw bad("unknown escape; a backslash itself is written \\\\");
            }
        };
    }

    private String code(int digits) {
        int end = at + digits;
        if (end > text.length() || !text.substring(at, end).matches("[0-9a-fA-F]+")) {
            throw bad("expected " + digits + " hexadecimal digits");
        }
        long code = Long.parseLong(text.substring(at, end), 16);
        if (code > Character.MAX_CODE_POINT || (code >= 0xD800 && code <= 0xDFFF)) {
            throw bad("not a character");
        }
        at = end;
        return Character.toString((int) code);
    }

    private String word(boolean metric) {
        int start = at;
        while (!atEnd() && isPart(text.charAt(at), metric)) {
            at++;
        }
        return text.substring(start, at);
    }

    private boolean next(char expected) {
        boolean found = !atEnd() && text.charAt(at) == expected;
        at += found ? 1 : 0;
        return found;
    }

    private boolean next(String expected) {
        boolean found = text.startsWith(expected, at);
        at += found ? expected.length() : 0;
        return found;
    }

    private void skipSpace() {
        while (!atEnd() && " \t\n\r".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private boolean atEnd() {
        return at >= text.length();
    }

    private static boolean isLabelStart(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    }

    private static boolean isNameStart(char c) {
        return isLabelStart(c) || c == ':';
    }

    /// Metric names take `:`, `.` and `-` too.
    private static boolean isPart(char c, boolean metric) {
        return isLabelStart(c) || (c >= '0' && c <= '9') || (metric && (c == ':' || c == '.' || c == '-'));
    }

    private Problem bad(String what) {
        int column = at + 1;
        return SeriesProblem.BAD_SELECTOR
                .because("at column %d of the selector: %s", column, what)
                .with(List.of(ProblemError.atCell(1, column, what)));
    }
}
