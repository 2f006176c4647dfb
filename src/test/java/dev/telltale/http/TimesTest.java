package dev.telltale.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.telltale.problem.Problem;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimesTest {

    @ParameterizedTest
    @CsvSource({
        "1393695240000, 1393695240000",
        "-1, -1",
        "2014-03-01T17:34:00Z, 1393695240000",
        "2014-03-01t17:34:00z, 1393695240000",
        "2014-03-01 17:34:00Z, 1393695240000",
        "2014-03-01T18:34:00+01:00, 1393695240000",
        "2014-03-01T12:04:00-05:30, 1393695240000",
        "2014-03-01T17:34:00.5Z, 1393695240500",
        "2014-03-01T17:34:00.123456789Z, 1393695240123",
    })
    void readsEpochMillisecondsAndRfc3339(String text, long millis) {
        assertThat(Times.parse(text)).isEqualTo(millis);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-",
                "abc",
                "1e20",
                "1393695240.5",
                "99999999999999999999",
                "253402300800000",
                "-62167219200001",
                "2014-03-01T17:34:00",
                "2014-02-30T00:00:00Z",
                "2014-13-01T00:00:00Z",
                "2014-03-01T24:00:00Z",
                "2016-12-31T23:59:60Z",
                "2014-03-01T17:34:00.Z",
                "2014-03-01T17:34:00.1234567890Z",
                "2014-03-01T17:34:00Zx",
                "2014-03-01T17:34:00+0100",
                "2014-03-01T17:34:00+19:00",
                "2014/03/01T17:34:00Z",
                "2014-03-01T17:34Z",
            })
    void refusesWhatIsNotExactlyOneTime(String text) {
        assertThatThrownBy(() -> Times.parse(text))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.type()).isEqualTo(HttpProblem.BAD_TIME));
    }

    @Test
    void readsBackWhatItWrites() {
        SplittableRandom random = new SplittableRandom(42);
        for (int i = 0; i < 1_000; i++) {
            long millis = random.nextLong(946_684_800_000L, 4_102_444_800_000L);
            assertThat(Times.parse(Times.format(millis))).isEqualTo(millis);
        }
    }

    @Test
    void readsNaiveTimesAsJavaTimeDoes() {
        ZoneId berlin = ZoneId.of("Europe/Berlin");
        SplittableRandom random = new SplittableRandom(42);
        TimeParser parser = TimeParser.naiveIn(berlin);
        for (int i = 0; i < 1_000; i++) {
            LocalDateTime time =
                    LocalDateTime.ofEpochSecond(random.nextLong(1_000_000_000, 3_000_000_000L), 0, ZoneOffset.UTC);
            if (berlin.getRules().getValidOffsets(time).size() == 1) {
                String text = "%tF %<tT".formatted(time);
                assertThat(parse(parser, text))
                        .isEqualTo(time.atZone(berlin).toInstant().toEpochMilli());
            }
        }
    }

    @Test
    void refusesLocalTimesThatAreSkippedOrComeTwice() {
        TimeParser parser = TimeParser.naiveIn(ZoneId.of("Europe/Berlin"));

        assertThatThrownBy(() -> parse(parser, "2026-10-25 02:30:00")).hasMessageContaining("comes twice");
        assertThatThrownBy(() -> parse(parser, "2026-03-29 02:30:00")).hasMessageContaining("is skipped");
        assertThat(parse(parser, "2026-10-25T02:30:00+01:00"))
                .isEqualTo(Instant.parse("2026-10-25T01:30:00Z").toEpochMilli());
    }

    private static long parse(TimeParser parser, String text) {
        return parser.parse(text.toCharArray(), 0, text.length());
    }
}
