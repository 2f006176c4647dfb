package dev.telltale.drawing;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Font;
import java.awt.font.FontRenderContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LetteringTest {

    @Test
    void makesOneLineOfAnyText() {
        assertThat(Lettering.oneLine("a\nb\tc\r\u2028d")).isEqualTo("a b c  d");
        assertThat(Lettering.oneLine("\0\u001b\ud800\uffff\u202e")).isEqualTo("\ufffd".repeat(5));
        assertThat(Lettering.oneLine("日本 \ud83d\ude00 <&>\"'")).isEqualTo("日本 \ud83d\ude00 <&>\"'");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "encoder.0.linear.weight",
                "mean squared error (squared scaled units)",
                "MANUFACTURING",
                "2014-03-10 01:29",
                "0.00123",
                "512 × 1000",
                "Wide @ mmm %%%"
            })
    void takesTextForNoNarrowerThanItIsDrawn(String text) {
        double drawn = new Font(Font.SANS_SERIF, Font.PLAIN, 12)
                .getStringBounds(text, new FontRenderContext(null, true, true))
                .getWidth();
        assertThat(Lettering.width(text, 12)).isBetween(0.97 * drawn, 1.3 * drawn);
    }

    @Test
    void cutsWhatIsTooWide() {
        assertThat(Lettering.fitting("short", 12, 100)).isEqualTo("short");
        String cut = Lettering.fitting("a text that is far too long", 12, 100);
        assertThat(cut).startsWith("a text").endsWith("…");
        assertThat(Lettering.width(cut, 12)).isLessThanOrEqualTo(100);
    }
}
