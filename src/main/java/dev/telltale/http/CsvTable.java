package dev.telltale.http;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/// A list as CSV (RFC 4180) that may be opened in a spreadsheet: a text that would be taken for a formula
/// there gets a leading apostrophe. What is no text stays as it is, so that a number remains one.
///
/// @see <a href="https://owasp.org/www-community/attacks/CSV_Injection">OWASP on CSV injection</a>
public final class CsvTable {

    public static final String MEDIA_TYPE = "text/csv";

    private static final String BEGINS_A_FORMULA = "=+-@\t\r\n\0";

    private final CsvWriter writer;

    /// @param out stays open
    public CsvTable(OutputStream out, String... header) {
        writer = CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(out, StandardCharsets.UTF_8);
        writer.writeRecord(header);
    }

    /// Writes a row: texts, times, words of an enum, numbers, or any of these as an `Optional`, which is an
    /// empty cell where there is none.
    public void row(Object... cells) {
        writer.writeRecord(Arrays.stream(cells).map(CsvTable::cell).toList());
    }

    /// Hands over what is still held back.
    public void end() {
        try {
            writer.flush();
        } catch (IOException callerHasGone) {
            throw new UncheckedIOException(callerHasGone);
        }
    }

    private static String cell(Object value) {
        return switch (value) {
            case Optional<?> optional -> optional.map(CsvTable::cell).orElse("");
            case String text -> harmless(text);
            case Instant time -> Times.format(time.toEpochMilli());
            case Enum<?> constant -> EnumWords.of(constant);
            default -> value.toString();
        };
    }

    private static String harmless(String text) {
        return !text.isEmpty() && BEGINS_A_FORMULA.indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
    }
}
