package dev.telltale.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.telltale.problem.Problem;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NumberParserTest {

    @Test
    void agreesWithTheJdkOnRandomNumbers() {
        SplittableRandom random = new SplittableRandom(42);
        for (int i = 0; i < 20_000; i++) {
            double any = Double.longBitsToDouble(random.nextLong());
            String text = switch (i % 4) {
                case 0 -> Double.isFinite(any) ? Double.toString(any) : "0";
                case 1 -> random.nextInt(-100_000, 100_000) + "." + random.nextInt(1_000_000);
                case 2 -> Long.toString(random.nextLong());
                default -> "0.000" + Math.abs(random.nextLong()) + "e" + random.nextInt(-30, 30);
            };
            assertThat(parse(text)).as(text).isEqualTo(Double.parseDouble(text));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "-0.0",
                "+1.5",
                ".5",
                "5.",
                "1e-400",
                "1E5",
                "0.1",
                "1.7976931348623157e308",
                "4.9e-324",
                "00012"
            })
    void readsTheSameAsTheJdk(String text) {
        assertThat(parse(text)).isEqualTo(Double.parseDouble(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-",
                ".",
                "abc",
                "NaN",
                "Infinity",
                "-INF",
                "1e999",
                "-1e999",
                "1e",
                "1e+",
                "1.2.3",
                "1,5",
                "1 000",
                "0x1p3",
                "1d",
                "1f",
                "+1+1",
                "=1",
                "N/A",
                "\u0661",
                "1_000",
                "--1"
            })
    void refusesEverythingElse(String text) {
        assertThatThrownBy(() -> parse(text))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.type()).isEqualTo(SeriesProblem.BAD_VALUE));
    }

    private static double parse(String text) {
        String padded = "x" + text + "y";
        return NumberParser.parse(padded.toCharArray(), 1, text.length());
    }
}
