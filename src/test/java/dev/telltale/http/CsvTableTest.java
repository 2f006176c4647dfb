package dev.telltale.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CsvTableTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            =cmd()         | '=cmd()
            +1+1           | '+1+1
            -2             | '-2
            @x             | '@x
            \\t=x          | '\\t=x
            \\r=x          | "'\\r=x"
            \\n=x          | "'\\n=x"
            \\0=x          | '\\0=x
            '=x            | '=x
            a=b            | a=b
            5% of -1       | 5% of -1
            say "no", then | "say ""no"", then"
            two\\nlines    | "two\\nlines"
            größe          | größe
            ~~             | ~~
            """)
    void aTextIsNeverAFormula(String text, String cell) {
        assertThat(table(text.translateEscapes())).isEqualTo("a\n" + cell.translateEscapes() + "\n");
    }

    @Test
    void whatIsNoTextStaysAsItIs() {
        assertThat(table(-1.5)).isEqualTo("a\n-1.5\n");
        assertThat(table(-7L)).isEqualTo("a\n-7\n");
        assertThat(table(Duration.ofMinutes(-5))).isEqualTo("a\nPT-5M\n");
        assertThat(table(Instant.ofEpochMilli(-1))).isEqualTo("a\n1969-12-31T23:59:59.999Z\n");
        assertThat(table(Optional.of("-x"))).isEqualTo("a\n'-x\n");
        assertThat(table(Optional.empty())).isEqualTo("a\n\n");
    }

    private static String table(Object cell) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        CsvTable table = new CsvTable(out, "a");
        table.row(cell);
        table.end();
        return out.toString(StandardCharsets.UTF_8);
    }
}
