package dev.telltale.http;

import java.time.Instant;

/// Times as they stand in requests and answers; inside they are epoch milliseconds UTC.
public final class Times {

    private Times() {}

    /// Epoch milliseconds of RFC 3339 or of epoch milliseconds written as digits.
    ///
    /// @throws dev.telltale.problem.Problem `BAD_TIME` if it is neither
    public static long parse(String text) {
        return TimeParser.absolute().parse(text.toCharArray(), 0, text.length());
    }

    /// RFC 3339 in UTC, with milliseconds where they are not zero.
    public static String format(long millis) {
        return Instant.ofEpochMilli(millis).toString();
    }
}
