package dev.telltale.ops.move;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ProgressTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Progress progress = new Progress(
            new PrintStream(out, true, StandardCharsets.UTF_8), new PrintStream(err, true, StandardCharsets.UTF_8));

    @Test
    void sumsUpWhatHasComeByTableInTheOrderOfTheirComing() {
        progress.moved("series", 2, 100);
        progress.moved("chunk", 1_000, 3_000_000);
        progress.moved("chunk", 500, 1_500_000);
        progress.summarize();
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("""
                  series                      2 rows        0.0 MB
                  chunk                   1,500 rows        4.5 MB
                  in all                  1,502 rows        4.5 MB
                """);
    }

    @Test
    void tellsOfWhatDidNotComeAsItWasWhereErrorsAreTold() {
        progress.warn("Something stays behind.");
        assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo("move: Something stays behind.\n");
        assertThat(out.size()).isZero();
    }
}
