package dev.telltale.live;

import dev.telltale.series.Intake;
import dev.telltale.series.PushedSamples;
import dev.telltale.series.SeriesKey;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.ValueAtPercentile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/// How many samples a second are stored and scored as they arrive, without the protocol around them, and how long a
/// score takes at half that rate. `bench/live` runs it.
final class LiveBenchmark {

    private static final int SERIES = 10_000;
    private static final int BATCH = 2_000;
    private static final long INTERVAL = 10_000;
    private static final int WARM_UP = 40; // samples of each series

    private LiveBenchmark() {}

    /// Arguments: rounds of samples over all series at full speed, seconds at half that rate.
    public static void main(String[] arguments) throws IOException, InterruptedException {
        int rounds = Integer.parseInt(arguments[0]);
        int seconds = Integer.parseInt(arguments[1]);
        Path directory = Files.createTempDirectory("telltale-live-benchmark");
        try (LiveService service = new LiveService(directory)) {
            run(service, rounds, seconds);
        }
    }

    private static void run(LiveService service, int rounds, int seconds) throws InterruptedException {
        long start = System.currentTimeMillis() / INTERVAL * INTERVAL - (rounds + 2_000L) * INTERVAL;
        List<SeriesKey> keys = new ArrayList<>();
        for (int i = 0; i < SERIES; i++) {
            keys.add(LiveClient.key("load", "instance", "i-" + i));
        }
        SplittableRandom random = new SplittableRandom(1);
        PushedSamples past = new PushedSamples();
        int number = past.series(LiveClient.key("past"));
        for (int row = 0; row < 2_000; row++) {
            past.add(number, start - (2_000L - row) * INTERVAL, value(row, random));
        }
        service.bean(Intake.class).push(past);
        service.train(
                "{\"name\":\"m\",\"series\":[\"past\"],\"windowing\":{\"length\":32},\"training\":{\"epochs\":3}}");
        int row = 0;
        for (; row < WARM_UP; row++) {
            push(service, keys, start + row * INTERVAL, row, random);
        }
        long stored = heap();
        service.watch("d", "{\"model\":\"m\",\"select\":\"load\",\"scaling\":\"model\"}");
        push(service, keys, start + row * INTERVAL, row, random);
        awaitScores(service);
        long watched = heap();
        row++;
        double before = scored(service);
        long began = System.nanoTime();
        for (int i = 0; i < rounds; i++, row++) {
            push(service, keys, start + row * INTERVAL, row, random);
        }
        awaitScores(service);
        double rate = (scored(service) - before) / ((System.nanoTime() - began) / 1e9);
        System.out.printf(
                Locale.ROOT,
                "%,.0f samples/s stored and scored over %,d series in requests of %,d; %,d bytes of heap for each%n",
                rate,
                SERIES,
                BATCH,
                (watched - stored) / SERIES);
        atHalfOf(service, rate, seconds, keys, start + row * INTERVAL, row, random);
    }

    private static void atHalfOf(
            LiveService service,
            double rate,
            int seconds,
            List<SeriesKey> keys,
            long start,
            int firstRow,
            SplittableRandom random)
            throws InterruptedException {
        long nanosOfARound = (long) (1e9 * SERIES / (rate / 2));
        int row = 0;
        long next = System.nanoTime();
        long end = next + Duration.ofSeconds(seconds).toNanos();
        while (next < end) {
            for (int from = 0; from < SERIES; from += BATCH) {
                Thread.sleep(Duration.ofNanos(Math.max(0, next - System.nanoTime())));
                push(service, keys.subList(from, from + BATCH), start + row * INTERVAL, firstRow + row, random);
                next += nanosOfARound / (SERIES / BATCH);
            }
            row++;
        }
        Timer latency =
                service.bean(MeterRegistry.class).get("telltale.live.latency").timer();
        for (ValueAtPercentile percentile : latency.takeSnapshot().percentileValues()) {
            System.out.printf(
                    Locale.ROOT,
                    "p%.0f %.1f ms from arrival to stored score at %,.0f samples/s%n",
                    100 * percentile.percentile(),
                    percentile.value(TimeUnit.MILLISECONDS),
                    rate / 2);
        }
    }

    private static void push(LiveService service, List<SeriesKey> keys, long time, int row, SplittableRandom random) {
        for (int from = 0; from < keys.size(); from += BATCH) {
            PushedSamples samples = new PushedSamples();
            for (SeriesKey key : keys.subList(from, Math.min(keys.size(), from + BATCH))) {
                samples.add(samples.series(key), time, value(row, random));
            }
            service.bean(Intake.class).push(samples);
        }
    }

    private static double value(int row, SplittableRandom random) {
        return 50 + 20 * Math.sin(2 * Math.PI * row / 60) + random.nextDouble(-2, 2);
    }

    private static double scored(LiveService service) {
        return service.bean(MeterRegistry.class)
                .get("telltale.live.rows")
                .tag("outcome", "scored")
                .counter()
                .count();
    }

    private static void awaitScores(LiveService service) {
        service.await(() -> service.bean(Detectors.class).isIdle());
    }

    /// Bytes in use after a full collection.
    private static long heap() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
