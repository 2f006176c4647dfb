package dev.telltale.series;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.telltale.problem.Problem;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// Whatever text is given as a selector: it is refused by a problem, or means the same when it is written anew.
class SelectorFuzzTest {

    private static final SeriesKey CPU = new SeriesKey("cpu", Labels.of(Map.of("instance", "i-1", "zone", "a")));

    @FuzzTest
    void selector(byte[] text) {
        try {
            Selector selector = Selector.parse(new String(text, StandardCharsets.UTF_8));
            Selector again = Selector.parse(selector.toString());

            assertThat(again).hasToString(selector.toString());
            assertThat(again.matches(CPU)).isEqualTo(selector.matches(CPU));
        } catch (Problem refused) {
            assertThat(refused.type()).isIn(SeriesProblem.BAD_SELECTOR, SeriesProblem.BAD_SERIES_NAME);
        }
    }
}
