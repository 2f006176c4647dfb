package dev.telltale.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.telltale.problem.Problem;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;

/// Whatever text is given as a time: it is refused by a problem, or is a moment that comes back when it is written
/// and read.
class TimesFuzzTest {

    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    @FuzzTest
    void time(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        try {
            check(Times.parse(text));
        } catch (Problem refused) {
            assertThat(refused.type()).isEqualTo(HttpProblem.BAD_TIME);
        }
        try {
            check(TimeParser.naiveIn(BERLIN).parse(text.toCharArray(), 0, text.length()));
        } catch (Problem refused) {
            assertThat(refused.type()).isEqualTo(HttpProblem.BAD_TIME);
        }
    }

    private static void check(long time) {
        assertThat(time).isBetween(TimeParser.FIRST, TimeParser.LAST);
        assertThat(Times.parse(Times.format(time))).isEqualTo(time);
    }
}
