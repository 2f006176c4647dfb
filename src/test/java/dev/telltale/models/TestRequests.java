package dev.telltale.models;

import java.time.Instant;
import java.util.Random;
import java.util.function.IntToDoubleFunction;

/// Bodies of requests that tests send, and the telemetry in them: a row every five minutes.
final class TestRequests {

    static final long START = Instant.parse("2024-01-01T00:00:00Z").toEpochMilli();
    static final long STEP = 300_000;
    static final int ROWS = 1_500;
    static final int PLANTED = 1_400;

    private TestRequests() {}

    static String specification(String name, String series, int length, int epochs) {
        return "{\"name\":\"%s\",\"series\":[\"%s\"],\"windowing\":{\"length\":%d},\"training\":{\"epochs\":%d,"
                        .formatted(name, series, length, epochs)
                + "\"earlyStopping\":null,\"learningRate\":0.005},\"threshold\":{\"rule\":\"rate\",\"rate\":0.00001}}";
    }

    static String range(String series, long start, long end) {
        return "{\"series\":\"%s\",\"start\":%d,\"end\":%d}".formatted(series, start, end);
    }

    /// Rows from one to before another, each with its value.
    static String csv(int from, int to, IntToDoubleFunction values) {
        StringBuilder csv = new StringBuilder("timestamp,value\n");
        for (int i = from; i < to; i++) {
            csv.append(START + i * STEP)
                    .append(',')
                    .append(values.applyAsDouble(i))
                    .append('\n');
        }
        return csv.toString();
    }

    /// A day's wave with noise, and three planted rows far above it.
    static IntToDoubleFunction waves(long seed) {
        double[] noise = new Random(seed).doubles(ROWS, -1, 1).toArray();
        return i -> 50 + 20 * Math.sin(2 * Math.PI * i / 288) + noise[i] + (i >= PLANTED && i < PLANTED + 3 ? 80 : 0);
    }
}
