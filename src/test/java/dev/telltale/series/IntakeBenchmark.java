package dev.telltale.series;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.springframework.util.unit.DataSize;

/// Measures how fast interleaved samples come in through the intake and how many bytes are written for
/// each, and how long reading 100,000 samples of one series takes. Run by `bench/intake`. With a second argument,
/// `postgresql`, in a database of the server that the tests start, whose writes are not counted.
final class IntakeBenchmark {

    private static final int SERIES = 10_000;
    private static final int BATCH = 2_000;
    private static final int CLIENTS = 4;
    private static final int RANGE = 100_000;
    private static final int ROUNDS = 5;
    private static final long START = 1_700_000_000_000L;
    private static final long STEP = 10_000;

    private static final OpenStore.Opening ON_SQLITE = new OpenSqliteStore.Opening() {};
    private static final OpenStore.Opening ON_POSTGRES = new OpenPostgresStore.Opening() {};

    private IntakeBenchmark() {}

    public static void main(String[] arguments) throws Exception {
        int samples = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 5_000_000;
        Path directory = Files.createTempDirectory("telltale-intake");
        ChunkedSeriesStore.Limits limits =
                new SeriesStoreProperties(100_000, memory(), memory(), 16, "instance").limits();
        try (OpenStore open = arguments.length > 1 && arguments[1].equals("postgresql")
                ? ON_POSTGRES.open(directory, limits)
                : ON_SQLITE.open(directory, limits)) {
            ChunkedSeriesStore store = open.store();
            Intake intake = new Intake(store, new SimpleMeterRegistry(), List.of());
            interleaved(store, intake, samples);
            range(store, intake);
            System.out.printf("on disk: %,d MB%n", size(directory) >> 20);
        } finally {
            delete(directory);
        }
    }

    private static void interleaved(ChunkedSeriesStore store, Intake intake, int samples) throws Exception {
        long[] ids = series(store);
        int batches = samples / BATCH;
        AtomicInteger next = new AtomicInteger();
        long writtenBefore = written();
        long begin = System.nanoTime();
        List<Future<?>> clients = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int client = 0; client < CLIENTS; client++) {
                clients.add(threads.submit(() -> {
                    for (int batch = next.getAndIncrement(); batch < batches; batch = next.getAndIncrement()) {
                        intake.accept(batch(ids, batch), OnConflict.REFUSE);
                    }
                }));
            }
            for (Future<?> client : clients) {
                client.get();
            }
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        double accepted = (double) batches * BATCH;
        System.out.printf("accepted: %,.0f samples/s%n", accepted / seconds);
        System.out.printf("written while accepting: %.1f bytes/sample%n", (written() - writtenBefore) / accepted);
        long compaction = System.nanoTime();
        store.compact();
        System.out.printf(
                "written with all in chunks: %.1f bytes/sample (the rest took %.2f s)%n",
                (written() - writtenBefore) / accepted, (System.nanoTime() - compaction) / 1e9);
    }

    private static void range(ChunkedSeriesStore store, Intake intake) {
        long id = store.findOrCreate(new SeriesKey("range", Labels.NONE)).id();
        Random random = new Random(2);
        long[] times = new long[RANGE];
        double[] values = new double[RANGE];
        for (int i = 0; i < RANGE; i++) {
            times[i] = START + i * STEP;
            values[i] = random.nextGaussian();
        }
        long upload = System.nanoTime();
        intake.accept(ReadUpload.of(new Samples(times, values)), new long[] {id}, OnConflict.REFUSE);
        System.out.printf("upload of %,d samples: %.0f ms%n", RANGE, (System.nanoTime() - upload) / 1e6);
        double[] millis = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            long begin = System.nanoTime();
            int count = store.read(id, START, Long.MAX_VALUE).count();
            millis[round] = (System.nanoTime() - begin) / 1e6;
            if (count != RANGE) {
                throw new IllegalStateException(count + " samples were read");
            }
        }
        double first = millis[0];
        Arrays.sort(millis);
        System.out.printf("read of %,d samples: %.1f ms (first %.1f)%n", RANGE, millis[ROUNDS / 2], first);
    }

    private static long[] series(ChunkedSeriesStore store) {
        long begin = System.nanoTime();
        List<SeriesKey> keys = IntStream.range(0, SERIES)
                .mapToObj(number -> new SeriesKey("cpu", Labels.of(Map.of("instance", "i-" + number))))
                .toList();
        long[] ids = new long[SERIES];
        for (int from = 0; from < SERIES; from += BATCH) {
            List<Series> made = store.findOrCreate(keys.subList(from, from + BATCH), series -> {});
            for (int i = 0; i < BATCH; i++) {
                ids[from + i] = made.get(i).id();
            }
        }
        System.out.printf("%,d series made in %.2f s%n", SERIES, (System.nanoTime() - begin) / 1e9);
        return ids;
    }

    /// Batch after batch goes once around all series, as scrapes of many hosts do; noisy values with all
    /// their digits are the hardest to pack.
    private static SampleBatch batch(long[] ids, int batch) {
        Random random = new Random(batch);
        long[] series = new long[BATCH];
        long[] times = new long[BATCH];
        double[] values = new double[BATCH];
        for (int i = 0; i < BATCH; i++) {
            long number = (long) batch * BATCH + i;
            series[i] = ids[(int) (number % SERIES)];
            times[i] = START + number / SERIES * STEP;
            values[i] = 50 + 10 * random.nextGaussian();
        }
        return new SampleBatch(series, times, values);
    }

    private static DataSize memory() {
        return DataSize.ofMegabytes(64);
    }

    private static long written() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/io"))) {
            return lines.filter(line -> line.startsWith("write_bytes: "))
                    .mapToLong(line -> Long.parseLong(line.substring("write_bytes: ".length())))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static long size(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.mapToLong(file -> file.toFile().length()).sum();
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }
}
