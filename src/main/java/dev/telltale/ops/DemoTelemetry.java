package dev.telltale.ops;

import dev.telltale.series.Samples;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Two weeks of telemetry as an EC2 instance might send it, a sample each five minutes, with incidents
/// planted. The same seed makes the same samples.
final class DemoTelemetry {

    /// A Monday, 00:00 UTC.
    static final Instant START = Instant.parse("2026-01-05T00:00:00Z");
    static final Duration INTERVAL = Duration.ofMinutes(5);
    static final int DAYS = 14;

    private static final int ROWS_PER_HOUR = 12;
    private static final int ROWS_PER_DAY = 24 * ROWS_PER_HOUR;
    private static final int ROWS = DAYS * ROWS_PER_DAY;
    private static final double MEGABYTE = 1e6;

    private final Random random;
    private final double[] values = new double[ROWS];
    private final List<DemoSeries.Incident> incidents = new ArrayList<>();

    private DemoTelemetry(long seed) {
        random = new Random(seed);
    }

    /// Bytes written to disk in each interval: a little all day, a backup each night, a snapshot
    /// each three hours.
    static DemoSeries diskWrites(long seed) {
        return new DemoTelemetry(seed).diskWrites();
    }

    /// CPU utilisation in per cent: busy by day, quieter by night and at the weekend.
    static DemoSeries cpu(long seed) {
        return new DemoTelemetry(seed).cpu();
    }

    private DemoSeries diskWrites() {
        for (int row = 0; row < ROWS; row++) {
            values[row] = 2 * MEGABYTE * logNormal(0.25);
        }
        for (int day = 0; day < DAYS; day++) {
            add(row(day, 2), 2 * ROWS_PER_HOUR, 40 * MEGABYTE, 0.15);
            for (int hour = 0; hour < 24; hour += 3) {
                add(row(day, hour) + ROWS_PER_HOUR / 2, 4, 25 * MEGABYTE, 0.2);
            }
        }

        for (int row : plant(2, 15, 2 * ROWS_PER_HOUR, "a runaway log fills the disk")) {
            values[row] = 70 * MEGABYTE * logNormal(0.1);
        }
        for (int row : plant(6, 21, 3, "a core dump is written")) {
            values[row] = 220 * MEGABYTE * logNormal(0.1);
        }
        for (int row : plant(10, 4, 3 * ROWS_PER_HOUR, "the backup hangs and starts over")) {
            values[row] = 75 * MEGABYTE * logNormal(0.08);
        }
        for (int row : plant(12, 11, ROWS_PER_HOUR, "a crash loop rewrites its files")) {
            values[row] = (row % 2 == 0 ? 90 : 2) * MEGABYTE * logNormal(0.1);
        }
        return series("demo_disk_write_bytes", "demo-disk-writes", "bytes");
    }

    private DemoSeries cpu() {
        for (int row = 0; row < ROWS; row++) {
            double day = (double) row / ROWS_PER_DAY;
            double rhythm = 0.5 - 0.5 * Math.cos(2 * Math.PI * (day - 2.0 / 24));
            double busiest = isWorkingDay((int) day) ? 45 : 18;
            values[row] = 12 + busiest * rhythm + 1.5 * random.nextGaussian();
        }

        for (int row : plant(3, 9, ROWS_PER_HOUR * 3 / 2, "a loop that never ends")) {
            values[row] = 98 + random.nextGaussian() * 0.5;
        }
        for (int row : plant(7, 13, ROWS_PER_HOUR, "the application is down")) {
            values[row] = 1.5 + Math.abs(random.nextGaussian()) * 0.3;
        }
        for (int row : plant(10, 16, ROWS_PER_HOUR, "a process that crashes and restarts")) {
            values[row] = (row % 2 == 0 ? 85 : 8) + random.nextGaussian();
        }
        for (int row : plant(12, 1, 2 * ROWS_PER_HOUR, "a miner at night")) {
            values[row] = 88 + random.nextGaussian();
        }
        for (int row = 0; row < ROWS; row++) {
            values[row] = Math.clamp(values[row], 0, 100);
        }
        return series("demo_cpu_utilization", "demo-cpu", "percent");
    }

    /// Notes an incident.
    ///
    /// @return its rows
    private List<Integer> plant(int day, int hour, int rows, String what) {
        int first = row(day, hour);
        incidents.add(new DemoSeries.Incident(time(first), time(first + rows - 1), what));
        List<Integer> touched = new ArrayList<>();
        for (int row = first; row < first + rows; row++) {
            touched.add(row);
        }
        return touched;
    }

    private void add(int first, int rows, double level, double noise) {
        for (int row = first; row < first + rows; row++) {
            values[row] += level * logNormal(noise);
        }
    }

    private double logNormal(double deviation) {
        return Math.exp(deviation * random.nextGaussian());
    }

    private DemoSeries series(String name, String model, String unit) {
        long[] times = new long[ROWS];
        for (int row = 0; row < ROWS; row++) {
            times[row] = time(row);
            values[row] = Math.rint(values[row] * 100) / 100;
        }
        return new DemoSeries(name, model, unit, new Samples(times, values), List.copyOf(incidents));
    }

    private static boolean isWorkingDay(int day) {
        return day % 7 < 5;
    }

    private static int row(int day, int hour) {
        return day * ROWS_PER_DAY + hour * ROWS_PER_HOUR;
    }

    private static long time(int row) {
        return START.plus(INTERVAL.multipliedBy(row)).toEpochMilli();
    }
}
