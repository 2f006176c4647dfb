package dev.telltale.http;

import dev.telltale.problem.Problem;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/// Reads times: epoch milliseconds (`1393695240000`), RFC 3339 (`2014-03-01T17:34:00.5Z`) and, where a
/// zone for them is given, naive ones (`2014-03-01 17:34:00`). It makes no objects for the usual forms,
/// since uploads hold millions of them. Not thread-safe: it remembers the day it saw last.
public final class TimeParser {

    private static final long MILLIS_PER_DAY = 86_400_000;
    /// The first moment of the year 0.
    public static final long FIRST = LocalDate.of(0, 1, 1).toEpochDay() * MILLIS_PER_DAY;
    /// The last of the year 9999.
    public static final long LAST = LocalDate.of(10_000, 1, 1).toEpochDay() * MILLIS_PER_DAY - 1;

    private final Optional<ZoneId> naive;

    private int lastYear = Integer.MIN_VALUE;
    private int lastMonth;
    private int lastDay;
    private long lastEpochDay;

    private TimeParser(Optional<ZoneId> naive) {
        this.naive = naive;
    }

    /// A parser that refuses naive times.
    static TimeParser absolute() {
        return new TimeParser(Optional.empty());
    }

    /// A parser that takes naive times to be local times of `zone`.
    public static TimeParser naiveIn(ZoneId zone) {
        return new TimeParser(Optional.of(zone));
    }

    /// Epoch milliseconds, what is finer cut off.
    ///
    /// @throws Problem `BAD_TIME` if the text is not a time, or not exactly one
    public long parse(char[] text, int offset, int length) {
        int end = offset + length;
        if (length >= 19 && text[offset + 4] == '-') {
            return calendar(text, offset, end);
        }
        return epoch(text, offset, end);
    }

    private static long epoch(char[] text, int offset, int end) {
        boolean negative = offset < end && text[offset] == '-';
        int at = negative ? offset + 1 : offset;
        if (at == end || end - at > 18) {
            throw unreadable(text, offset, end);
        }
        long millis = 0;
        for (; at < end; at++) {
            int digit = text[at] - '0';
            if (digit < 0 || digit > 9) {
                throw unreadable(text, offset, end);
            }
            millis = 10 * millis + digit;
        }
        return writable(negative ? -millis : millis, text, offset, end);
    }

    private static long writable(long time, char[] text, int offset, int end) {
        if (time < FIRST || time > LAST) {
            throw HttpProblem.BAD_TIME.because(
                    "'%s' is not in the years 0000 to 9999, beyond which no time can be written in RFC 3339",
                    quoted(text, offset, end));
        }
        return time;
    }

    private long calendar(char[] text, int offset, int end) {
        char separator = text[offset + 10];
        boolean shaped = text[offset + 7] == '-'
                && (separator == 'T' || separator == 't' || separator == ' ')
                && text[offset + 13] == ':'
                && text[offset + 16] == ':';
        if (!shaped) {
            throw unreadable(text, offset, end);
        }
        int hour = number(text, offset + 11, 2, offset, end);
        int minute = number(text, offset + 14, 2, offset, end);
        int second = number(text, offset + 17, 2, offset, end);
        if (second == 60) {
            throw HttpProblem.BAD_TIME.because(
                    "'%s' is a leap second; send the second before it", quoted(text, offset, end));
        }
        if (hour > 23 || minute > 59 || second > 59) {
            throw unreadable(text, offset, end);
        }
        long day = epochDay(text, offset, end);
        int at = offset + 19;
        int millis = 0;
        if (at < end && text[at] == '.') {
            int from = ++at;
            for (int weight = 100; at < end && text[at] >= '0' && text[at] <= '9'; at++, weight /= 10) {
                millis += weight * (text[at] - '0');
            }
            if (at == from || at - from > 9) {
                throw unreadable(text, offset, end);
            }
        }
        long local = day * MILLIS_PER_DAY + (hour * 3600L + minute * 60L + second) * 1000L + millis;
        long time = at == end ? naive(local, text, offset, end) : local - zoneOffset(text, at, offset, end);
        return writable(time, text, offset, end); // the zone may lead over the edge
    }

    private long epochDay(char[] text, int offset, int end) {
        int year = number(text, offset, 4, offset, end);
        int month = number(text, offset + 5, 2, offset, end);
        int day = number(text, offset + 8, 2, offset, end);
        if (day != lastDay || month != lastMonth || year != lastYear) {
            try {
                lastEpochDay = LocalDate.of(year, month, day).toEpochDay();
            } catch (DateTimeException noSuchDay) {
                throw HttpProblem.BAD_TIME.because("'%s' names a day that does not exist", quoted(text, offset, end));
            }
            lastYear = year;
            lastMonth = month;
            lastDay = day;
        }
        return lastEpochDay;
    }

    private static long zoneOffset(char[] text, int at, int offset, int end) {
        char sign = text[at];
        if ((sign == 'Z' || sign == 'z') && at + 1 == end) {
            return 0;
        }
        if ((sign != '+' && sign != '-') || at + 6 != end || text[at + 3] != ':') {
            throw unreadable(text, offset, end);
        }
        int hours = number(text, at + 1, 2, offset, end);
        int minutes = number(text, at + 4, 2, offset, end);
        if (hours > 18 || minutes > 59) {
            throw unreadable(text, offset, end);
        }
        return (sign == '+' ? 1 : -1) * (hours * 60L + minutes) * 60_000L;
    }

    private long naive(long local, char[] text, int offset, int end) {
        if (naive.isEmpty()) {
            throw HttpProblem.BAD_TIME.because(
                    "'%s' has no zone; end it with Z or an offset such as +01:00", quoted(text, offset, end));
        }
        if (naive.get().equals(ZoneOffset.UTC)) {
            return local;
        }
        LocalDateTime time = LocalDateTime.ofInstant(Instant.ofEpochMilli(local), ZoneOffset.UTC);
        List<ZoneOffset> offsets = naive.get().getRules().getValidOffsets(time);
        if (offsets.size() != 1) {
            throw HttpProblem.BAD_TIME.because(
                    "'%s' %s in %s; send it with its offset",
                    quoted(text, offset, end),
                    offsets.isEmpty() ? "is skipped by the clock" : "comes twice",
                    naive.get().getId());
        }
        return local - offsets.getFirst().getTotalSeconds() * 1000L;
    }

    private static int number(char[] text, int at, int digits, int offset, int end) {
        int number = 0;
        for (int i = at; i < at + digits; i++) {
            int digit = text[i] - '0';
            if (digit < 0 || digit > 9) {
                throw unreadable(text, offset, end);
            }
            number = 10 * number + digit;
        }
        return number;
    }

    private static Problem unreadable(char[] text, int offset, int end) {
        return HttpProblem.BAD_TIME.because(
                "'%s' is not a time; send epoch milliseconds or RFC 3339 such as 2014-03-01T17:34:00Z",
                quoted(text, offset, end));
    }

    private static String quoted(char[] text, int offset, int end) {
        return new String(text, offset, Math.min(end - offset, 40));
    }
}
