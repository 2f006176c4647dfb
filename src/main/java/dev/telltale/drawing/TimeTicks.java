package dev.telltale.drawing;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.LongStream;

/// Round times, UTC, to mark an axis with.
final class TimeTicks {

    private static final double FARTHEST = 1e14; // some 3,000 years
    private static final long DAY = Duration.ofDays(1).toMillis();
    private static final long[] STEPS = LongStream.of(
                    1,
                    10,
                    100,
                    1_000,
                    5_000,
                    15_000,
                    30_000,
                    60_000,
                    300_000,
                    900_000,
                    1_800_000,
                    3_600_000,
                    10_800_000,
                    21_600_000,
                    43_200_000,
                    DAY,
                    2 * DAY,
                    7 * DAY,
                    14 * DAY)
            .toArray();
    private static final int[] MONTHS = {1, 3, 6, 12, 24, 60, 120, 240};

    private TimeTicks() {}

    /// None for times far from ours.
    ///
    /// @param from epoch milliseconds
    /// @param to epoch milliseconds
    /// @param most how many at most
    static List<Tick> between(double from, double to, int most) {
        if (from < -FARTHEST || to > FARTHEST) {
            return List.of();
        }
        long low = (long) Math.ceil(from);
        long high = (long) to;
        for (long step : STEPS) {
            if ((high - low) / step < most) {
                return multiples(low, high, step);
            }
        }
        for (int months : MONTHS) {
            if ((high - low) / (months * 30L * DAY) < most) {
                return months(low, high, months);
            }
        }
        return List.of();
    }

    private static List<Tick> multiples(long low, long high, long step) {
        DateTimeFormatter format = format(step);
        List<Tick> ticks = new ArrayList<>();
        for (long time = -Math.floorDiv(-low, step) * step; time <= high; time += step) {
            ticks.add(new Tick(time, format.format(at(time))));
        }
        return ticks;
    }

    private static DateTimeFormatter format(long step) {
        String pattern =
                step < 1_000 ? "HH:mm:ss.SSS" : step < 60_000 ? "HH:mm:ss" : step < DAY ? "MM-dd HH:mm" : "yyyy-MM-dd";
        return DateTimeFormatter.ofPattern(pattern, Locale.ROOT);
    }

    private static List<Tick> months(long low, long high, int months) {
        DateTimeFormatter format = DateTimeFormatter.ofPattern(months < 12 ? "yyyy-MM" : "yyyy", Locale.ROOT);
        int years = Math.max(1, months / 12);
        int year = Math.floorDiv(at(low).getYear(), years) * years;
        LocalDateTime first = LocalDate.of(year, 1, 1).atStartOfDay();
        List<Tick> ticks = new ArrayList<>();
        for (LocalDateTime time = first; ; time = time.plusMonths(months)) {
            long millis = time.toInstant(ZoneOffset.UTC).toEpochMilli();
            if (millis > high) {
                return ticks;
            }
            if (millis >= low) {
                ticks.add(new Tick(millis, format.format(time)));
            }
        }
    }

    private static LocalDateTime at(long time) {
        return LocalDateTime.ofInstant(Instant.ofEpochMilli(time), ZoneOffset.UTC);
    }
}
