package dev.telltale.alerts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ScheduleTest {

    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    @Test
    void oneStretchHoldsFromItsStartUntilBeforeItsEnd() {
        Schedule once = new Schedule.Once(at("2026-03-10T09:00:00Z"), at("2026-03-10T10:00:00Z"));
        assertThat(once.until(at("2026-03-10T08:59:59Z"))).isEmpty();
        assertThat(once.until(at("2026-03-10T09:00:00Z"))).contains(at("2026-03-10T10:00:00Z"));
        assertThat(once.until(at("2026-03-10T10:00:00Z"))).isEmpty();
        assertThat(once.end()).contains(at("2026-03-10T10:00:00Z"));
    }

    @Test
    void aWindowReturnsOnItsDaysByTheClocksOfItsPlace() {
        // In winter Berlin is one hour ahead, in summer two. 2026-01-03 and 2026-07-04 are Saturdays.
        Schedule saturdays = recurring("10:00", "12:00", DayOfWeek.SATURDAY);
        assertThat(saturdays.until(at("2026-01-03T08:59:59Z"))).isEmpty();
        assertThat(saturdays.until(at("2026-01-03T09:00:00Z"))).contains(at("2026-01-03T11:00:00Z"));
        assertThat(saturdays.until(at("2026-01-03T11:00:00Z"))).isEmpty();
        assertThat(saturdays.until(at("2026-01-02T10:00:00Z"))).isEmpty();
        assertThat(saturdays.until(at("2026-01-04T10:00:00Z"))).isEmpty();
        assertThat(saturdays.until(at("2026-07-04T08:00:00Z"))).contains(at("2026-07-04T10:00:00Z"));
        assertThat(saturdays.end()).isEmpty();
    }

    @Test
    void aWindowAcrossMidnightBelongsToTheDayOnWhichItBegins() {
        Schedule nights = recurring("22:00", "04:00", DayOfWeek.SATURDAY, DayOfWeek.SUNDAY);
        assertThat(nights.until(at("2026-01-03T00:00:00Z")))
                .as("the night to Saturday")
                .isEmpty();
        assertThat(nights.until(at("2026-01-03T21:00:00Z"))).contains(at("2026-01-04T03:00:00Z"));
        assertThat(nights.until(at("2026-01-04T02:59:59Z"))).contains(at("2026-01-04T03:00:00Z"));
        assertThat(nights.until(at("2026-01-04T03:00:00Z"))).isEmpty();
        assertThat(nights.until(at("2026-01-05T02:59:59Z")))
                .as("the night to Monday")
                .isPresent();
        assertThat(nights.until(at("2026-01-05T21:00:00Z"))).isEmpty();
    }

    @Test
    void fromATimeToTheSameIsTheWholeDay() {
        Schedule sundays = recurring("00:00", "00:00", DayOfWeek.SUNDAY);
        assertThat(sundays.until(at("2026-01-03T22:59:59Z"))).isEmpty();
        assertThat(sundays.until(at("2026-01-03T23:00:00Z"))).contains(at("2026-01-04T23:00:00Z"));
    }

    @Test
    void whereClocksGoForwardAWindowInTheGapMovesBehindIt() {
        // In the night to 2026-03-29, 02:00 becomes 03:00 in Berlin, at 01:00Z.
        Schedule early = recurring("02:15", "02:45", DayOfWeek.SUNDAY);
        assertThat(early.until(at("2026-03-29T01:14:59Z"))).isEmpty();
        assertThat(early.until(at("2026-03-29T01:15:00Z"))).contains(at("2026-03-29T01:45:00Z"));
        Schedule night = recurring("22:00", "04:00", DayOfWeek.SATURDAY);
        assertThat(night.until(at("2026-03-28T21:00:00Z")))
                .as("five hours long")
                .contains(at("2026-03-29T02:00:00Z"));
    }

    @Test
    void whereClocksShowATimeTwiceAWindowLastsFromTheFirstToTheSecond() {
        // In the night to 2026-10-25, 03:00 becomes 02:00 in Berlin, at 01:00Z.
        Schedule early = recurring("02:15", "02:45", DayOfWeek.SUNDAY);
        assertThat(early.until(at("2026-10-25T00:15:00Z"))).contains(at("2026-10-25T01:45:00Z"));
        assertThat(early.until(at("2026-10-25T01:00:00Z"))).isPresent();
        assertThat(early.until(at("2026-10-25T01:45:00Z"))).isEmpty();
    }

    @Test
    void windowsAreBoundByStartAndEnd() {
        Schedule bounded = new Schedule.Recurring(
                EnumSet.allOf(DayOfWeek.class),
                LocalTime.parse("10:00"),
                LocalTime.parse("12:00"),
                ZoneId.of("UTC"),
                Optional.of(at("2026-03-10T11:00:00Z")),
                Optional.of(at("2026-03-12T11:00:00Z")));
        assertThat(bounded.until(at("2026-03-10T10:30:00Z"))).isEmpty();
        assertThat(bounded.until(at("2026-03-10T11:30:00Z"))).contains(at("2026-03-10T12:00:00Z"));
        assertThat(bounded.until(at("2026-03-12T10:30:00Z"))).contains(at("2026-03-12T11:00:00Z"));
        assertThat(bounded.until(at("2026-03-12T11:30:00Z"))).isEmpty();
        assertThat(bounded.end()).contains(at("2026-03-12T11:00:00Z"));
    }

    @Test
    void whatNeverHoldsIsRefused() {
        Instant moment = at("2026-03-10T09:00:00Z");
        assertThatThrownBy(() -> new Schedule.Once(moment, moment)).hasMessageContaining("later");
        assertThatThrownBy(() -> recurring("10:00", "11:00")).hasMessageContaining("no day");
        assertThatThrownBy(() -> new Schedule.Recurring(
                        Set.of(DayOfWeek.MONDAY),
                        LocalTime.NOON,
                        LocalTime.MIDNIGHT,
                        BERLIN,
                        Optional.of(moment),
                        Optional.of(moment)))
                .hasMessageContaining("later");
    }

    private static Schedule recurring(String from, String to, DayOfWeek... days) {
        return new Schedule.Recurring(
                Set.of(days), LocalTime.parse(from), LocalTime.parse(to), BERLIN, Optional.empty(), Optional.empty());
    }

    private static Instant at(String time) {
        return Instant.parse(time);
    }
}
