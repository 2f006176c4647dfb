package dev.telltale.alerts;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.telltale.problem.Excerpt;
import dev.telltale.series.Selector;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A silence as users write it, and as it is kept.
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(name = "SilenceForm", description = "Alerts of which nobody is told, once or again and again")
record SilenceForm(
        @Schema(
                description =
                        "selector in Prometheus' syntax over the labels of alerts: `alertname`, `detector`, `metric`"
                                + " and those of the series",
                example = "{detector=\"disk-writes\",instance=~\"i-.*\"}")
        String matchers,

        @Schema(description = "of one that does not recur, else now", example = "2026-03-10T09:00:00Z") @Nullable
        Instant start,

        @Schema(description = "needed of one that does not recur", example = "2026-03-10T21:00:00Z") @Nullable
        Instant end,

        @Schema(description = "maintenance windows; start and end then bound them") @Nullable
        Recurrence recurring,

        @Schema(example = "new disks") @Nullable String comment) {

    private static final int LONGEST_COMMENT = 1_000;

    /// Windows that return by the days of the week.
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(name = "RecurringSilence")
    record Recurrence(
            @Schema(description = "on which a window begins", example = "[\"saturday\",\"sunday\"]")
            List<DayOfWeek> days,

            @Schema(description = "time of day", example = "22:00")
            String from,

            @Schema(description = "time of day, of the next day unless it is later than from", example = "04:00")
            String to,

            @Schema(description = "whose clocks count, UTC if left out", example = "Europe/Berlin") @Nullable
            String zone) {

        Recurrence {
            days = List.copyOf(days);
            time(from);
            time(to);
            zone(zone);
        }

        Schedule.Recurring schedule(@Nullable Instant start, @Nullable Instant end) {
            if (days.isEmpty()) {
                throw AlertsProblem.BAD_SILENCE.because("recurring.days names no day");
            }
            return new Schedule.Recurring(
                    EnumSet.copyOf(days),
                    time(from),
                    time(to),
                    zone(zone),
                    Optional.ofNullable(start),
                    Optional.ofNullable(end));
        }

        private static LocalTime time(String text) {
            try {
                return LocalTime.parse(text);
            } catch (DateTimeParseException notATime) {
                throw AlertsProblem.BAD_SILENCE.because(
                        "'%s' is no time of day; write it as 22:00, midnight as 00:00", Excerpt.of(text));
            }
        }

        private static ZoneId zone(@Nullable String name) {
            try {
                return name == null ? ZoneOffset.UTC : ZoneId.of(name);
            } catch (DateTimeException unknown) {
                throw AlertsProblem.BAD_SILENCE.because(
                        "'%s' is no time zone such as Europe/Berlin", Excerpt.of(String.valueOf(name)));
            }
        }
    }

    SilenceForm {
        selector(matchers);
        if (comment != null && comment.length() > LONGEST_COMMENT) {
            throw AlertsProblem.BAD_SILENCE.because(
                    "a comment has up to %d characters, this one has %d", LONGEST_COMMENT, comment.length());
        }
        if (recurring == null && end == null) {
            throw AlertsProblem.BAD_SILENCE.because("a silence that does not recur needs an end");
        }
        schedule(start, end, recurring);
    }

    /// The same with a start, where it needs one.
    SilenceForm startedBy(Instant now) {
        return recurring != null || start != null ? this : new SilenceForm(matchers, now, end, null, comment);
    }

    Selector selector() {
        return selector(matchers);
    }

    Schedule schedule() {
        return schedule(start, end, recurring);
    }

    private static Selector selector(String matchers) {
        return Selector.parse(matchers);
    }

    private static Schedule schedule(@Nullable Instant start, @Nullable Instant end, @Nullable Recurrence recurring) {
        if (recurring != null) {
            return recurring.schedule(start, end);
        }
        if (end == null) {
            throw AlertsProblem.BAD_SILENCE.because("a silence that does not recur needs an end");
        }
        return new Schedule.Once(start == null ? Instant.EPOCH : start, end);
    }
}
