package dev.telltale.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.telltale.problem.Problem;
import dev.telltale.problem.ProblemType;
import java.util.HashMap;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SeriesKeyTest {

    @ParameterizedTest
    @ValueSource(strings = {"CPUUtilization", "job:x:rate5m", "_a", ":a", "disk.write-bytes", "a"})
    void takesNamesAsPrometheusDoesPlusDotsAndDashes(String name) {
        assertThat(new SeriesKey(name, Labels.NONE)).hasToString(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "17", "1a", ".a", "-a", "../x", "a b", "a/b", "ä", "a\n", "a\u0000", "a{}"})
    void refusesNamesThatLookLikeIdsOrPaths(String name) {
        assertRefused(() -> new SeriesKey(name, Labels.NONE), SeriesProblem.BAD_SERIES_NAME);
    }

    @Test
    void takesNamesOfUpTo200Characters() {
        assertThatCode(() -> new SeriesKey("a".repeat(200), Labels.NONE)).doesNotThrowAnyException();
        assertRefused(() -> new SeriesKey("a".repeat(201), Labels.NONE), SeriesProblem.BAD_SERIES_NAME);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1a", "a-b", "a.b", "a:b", "__name__", "ä"})
    void refusesLabelNamesThatPrometheusWould(String name) {
        assertRefused(() -> Labels.of(Map.of(name, "x")), SeriesProblem.BAD_LABELS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\u0000", "a\nb", "\u001b[31m", "\ud800", "a\udc00b", "\u0085"})
    void refusesControlCharactersAndHalvesOfPairsInLabelValues(String value) {
        assertRefused(() -> Labels.of(Map.of("a", value)), SeriesProblem.BAD_LABELS);
    }

    @Test
    void takesLabelValuesOfUpTo4KiBOfUtf8() {
        assertThatCode(() -> Labels.of(Map.of("a", "\ud83d\ude00".repeat(1024))))
                .doesNotThrowAnyException();
        assertRefused(() -> Labels.of(Map.of("a", "ä".repeat(2049))), SeriesProblem.BAD_LABELS);
    }

    @Test
    void takesUpTo40Labels() {
        Map<String, String> labels = new HashMap<>();
        for (int i = 0; i < 40; i++) {
            labels.put("label_" + i, "x");
        }
        assertThat(Labels.of(labels).values()).hasSize(40);
        labels.put("one_more", "x");
        assertRefused(() -> Labels.of(labels), SeriesProblem.BAD_LABELS);
    }

    @Test
    void aLabelWithoutAValueIsNone() {
        assertThat(Labels.of(Map.of("a", ""))).isEqualTo(Labels.NONE);
    }

    @Test
    void readsAsInPrometheus() {
        assertThat(new SeriesKey("cpu", Labels.of(Map.of("b", "say \"x\\y\"", "a", "1"))))
                .hasToString("cpu{a=\"1\",b=\"say \\\"x\\\\y\\\"\"}");
    }

    private static void assertRefused(ThrowingCallable call, ProblemType type) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.type()).isEqualTo(type));
    }
}
