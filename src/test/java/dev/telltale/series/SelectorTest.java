package dev.telltale.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.telltale.problem.Problem;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SelectorTest {

    private static final SeriesKey CPU =
            new SeriesKey("cpu", Labels.of(Map.of("instance", "i-1", "zone", "a", "path", "C:\\\"x\"")));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cpu",
                " cpu {} ",
                "cpu{instance=\"i-1\"}",
                "cpu{instance=~\"i-.*\",zone!=\"b\",}",
                "{__name__=~\"c.u\", zone !~ 'b|c'}",
                "{__name__=\"cpu\"}",
                "cpu{absent=\"\"}",
                "cpu{absent!=\"x\"}",
                "cpu{absent=~\".*\"}",
                "cpu{path=\"C:\\\\\\\"x\\\"\"}",
                "cpu{path=~`C:\\\\\"x\"`}",
                "cpu{zone=\"\\x61\"}",
                "cpu{path=~\"C.*\"}",
            })
    void matches(String selector) {
        assertThat(Selector.parse(selector).matches(CPU)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cpus",
                "cpu{instance=\"i-2\"}",
                "cpu{instance=~\"i\"}",
                "cpu{instance!~\"i-.\"}",
                "cpu{absent=~\".+\"}",
                "cpu{absent!=\"\"}",
                "cpu{zone=\"a\",instance=\"\"}",
            })
    void doesNotMatch(String selector) {
        assertThat(Selector.parse(selector).matches(CPU)).isFalse();
    }

    @Test
    void valuesMayHoldAnyCharacterByItsEscape() {
        SeriesKey key = new SeriesKey("cpu", Labels.of(Map.of("a", "'é😀\"\\")));
        assertThat(Selector.parse("cpu{a=\"\\'\\xe9\\U0001F600\\\"\\\\\"}").matches(key))
                .isTrue();
        assertThat(Selector.parse("cpu{a=\"\\u0027\\u00E9\\U0001f600\\u0022\\u005c\"}")
                        .matches(key))
                .isTrue();
    }

    /// No label of a series has one, but a selector may exclude those that had.
    @ParameterizedTest
    @ValueSource(strings = {"n", "t", "r", "a", "b", "f", "v", "x07", "u0009", "U0000000a"})
    void takesControlCharactersByTheirEscapes(String escape) {
        assertThat(Selector.parse("cpu{instance!=\"\\" + escape + "\"}").matches(CPU))
                .isTrue();
        assertThat(Selector.parse("cpu{instance=\"\\" + escape + "\"}").matches(CPU))
                .isFalse();
    }

    @Test
    void saysItsNameWhereItIsExact() {
        assertThat(Selector.parse("disk.write-bytes:rate5m{a=\"b\"}").name()).contains("disk.write-bytes:rate5m");
        assertThat(Selector.parse("{__name__=\"cpu\"}").name()).contains("cpu");
        assertThat(Selector.parse("{__name__=~\"cpu\"}").name()).isEmpty();
        assertThat(Selector.all().matches(CPU)).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            ~~             | 1
            {}             | 3
            1cpu           | 1
            cpu{           | 5
            cpu{a}         | 6
            cpu{a="b"      | 10
            cpu{a="b       | 7
            cpu{a=b}       | 7
            cpu{a=="b"}    | 7
            cpu{a="b" c="d"} | 11
            cpu{,}         | 5
            cpu{a=~"("}    | 8
            cpu{a=~"(?=b)"} | 8
            cpu{a="\\q"}   | 9
            cpu{a="\\ud800"} | 10
            cpu{a="\\udfff"} | 10
            cpu{a="\\U00110000"} | 10
            cpu{a="\\xg0"} | 10
            cpu{a="\\u12 | 10
            cpu{a="\\     | 8
            cpu{__name__="x"} | 5
            cpu x          | 5
            """)
    void refusesBadSelectorsAndSaysWhere(String selector, int column) {
        Problem problem = catchThrowableOfType(Problem.class, () -> Selector.parse(selector));

        assertThat(problem.type()).isEqualTo(SeriesProblem.BAD_SELECTOR);
        assertThat(problem.errors().getFirst().column()).isEqualTo(column);
    }

    @Test
    void refusesASelectorThatIsTooLong() {
        String longest = "cpu{a=\"" + "x".repeat(4_096 - 9) + "\"}";
        assertThat(Selector.parse(longest).matches(CPU)).isFalse();
        assertThat(catchThrowableOfType(Problem.class, () -> Selector.parse(longest + ' '))
                        .type())
                .isEqualTo(SeriesProblem.BAD_SELECTOR);
    }

    @Test
    void takesLongWordsInLinearTime() {
        SeriesKey many = new SeriesKey("cpu", Labels.of(Map.of("a", "a".repeat(4_000))));

        assertThat(Selector.parse("cpu{a=~\"(a*)*b\"}").matches(many)).isFalse();
    }
}
