package dev.telltale.series;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.database.DataDirectory;
import dev.telltale.database.SqliteDatabase;
import dev.telltale.database.TemporaryFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Copies the files of a busy store as a kill would leave them, and opens the copies.
class SeriesStoreCrashTest {

    private static final long START = 1_700_000_000_000L;
    private static final int SERIES = 8;
    private static final int COPIES = 6;
    private static final ChunkedSeriesStore.Limits LIMITS = new ChunkedSeriesStore.Limits(100, 3_000, 30_000);

    @TempDir
    Path directory;

    private static final int LARGE = 40_000;

    private final long[] ids = new long[SERIES];
    private final long[] ofUploads = new long[2];
    private final AtomicInteger uploads = new AtomicInteger();
    private final AtomicIntegerArray acknowledged = new AtomicIntegerArray(SERIES);
    private final AtomicBoolean enough = new AtomicBoolean();

    @Test
    void everyAcknowledgedSampleIsThereAfterACrashAtAnyMoment() throws Exception {
        List<int[]> promised = new ArrayList<>();
        List<Integer> promisedUploads = new ArrayList<>();
        try (DataDirectory held = DataDirectory.open(directory.resolve("live"));
                SqliteDatabase database = SqliteDatabase.open(held);
                SqliteSeriesStore store = SqliteSeriesStore.open(database, LIMITS);
                ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < SERIES; i++) {
                ids[i] = store.findOrCreate(new SeriesKey("cpu", Labels.of(Map.of("n", "" + i))))
                        .id();
            }
            for (int i = 0; i < ofUploads.length; i++) {
                ofUploads[i] = store.findOrCreate(new SeriesKey("upload", Labels.of(Map.of("n", "" + i))))
                        .id();
            }
            List<Future<?>> running = new ArrayList<>();
            running.add(senders.submit(() -> upload(store, database::temporaryFile)));
            for (int i = 0; i < SERIES; i += 2) {
                int first = i;
                running.add(senders.submit(() -> send(store, first)));
            }
            for (int copy = 0; copy < COPIES; copy++) {
                Path target = Files.createDirectory(directory.resolve("copy-" + copy));
                int sum = total() + 2_000;
                while (total() < sum) {
                    Thread.sleep(5);
                }
                promised.add(counts());
                promisedUploads.add(uploads.get());
                // On the writer nothing else writes, so the files are what a kill would leave.
                database.write(connection -> copy(directory.resolve("live"), target));
            }
            enough.set(true);
            for (Future<?> sender : running) {
                sender.get();
            }
        }
        for (int copy = 0; copy < COPIES; copy++) {
            verify(directory.resolve("copy-" + copy), promised.get(copy), promisedUploads.get(copy));
        }
    }

    /// Sends ascending samples of two series, some of them once more, until it is enough.
    private void send(SqliteSeriesStore store, int first) {
        Random random = new Random(first);
        int sent = 0;
        while (!enough.get()) {
            int count = 1 + random.nextInt(60);
            int from = Math.max(0, sent - random.nextInt(3));
            int rows = sent + count - from;
            long[] series = new long[2 * rows];
            long[] times = new long[2 * rows];
            double[] values = new double[2 * rows];
            for (int row = 0; row < 2 * rows; row++) {
                int number = from + row / 2;
                series[row] = ids[first + row % 2];
                times[row] = START + number;
                values[row] = number;
            }
            store.append(new SampleBatch(series, times, values), OnConflict.REFUSE);
            sent += count;
            acknowledged.set(first, sent);
            acknowledged.set(first + 1, sent);
        }
    }

    /// Uploads the next samples of two series at once, again and again, more than are held in memory.
    private void upload(SqliteSeriesStore store, Supplier<TemporaryFile> files) {
        while (!enough.get()) {
            int from = uploads.get() * LARGE;
            try (UploadRows rows = new UploadRows(new SampleFaults(false), files, 10_000)) {
                for (int row = 0; row < LARGE; row++) {
                    for (int number = 0; number < ofUploads.length; number++) {
                        rows.add(number, START + from + row, from + row, row);
                    }
                }
                store.append(
                        new UploadSamples(rows, Duplicates.REFUSE, RowFault::atLine), ofUploads, OnConflict.REFUSE);
            }
            uploads.incrementAndGet();
        }
    }

    private void verify(Path copy, int[] promised, int promisedUploads) {
        try (DataDirectory held = DataDirectory.open(copy);
                SqliteDatabase database = SqliteDatabase.open(held);
                SqliteSeriesStore store = SqliteSeriesStore.open(database, LIMITS)) {
            for (int i = 0; i < SERIES; i++) {
                Samples samples = store.read(ids[i], Long.MIN_VALUE, Long.MAX_VALUE);
                assertThat(samples.count()).isGreaterThanOrEqualTo(promised[i]);
                for (int row = 0; row < samples.count(); row++) {
                    assertThat(samples.time(row)).isEqualTo(START + row);
                    assertThat(samples.value(row)).isEqualTo(row);
                }
            }
            Samples first = store.read(ofUploads[0], Long.MIN_VALUE, Long.MAX_VALUE);
            assertThat(first.count() % LARGE).as("uploads are there whole").isZero();
            assertThat(first.count()).isGreaterThanOrEqualTo(promisedUploads * LARGE);
            assertThat(store.read(ofUploads[1], Long.MIN_VALUE, Long.MAX_VALUE)).isEqualTo(first);
        }
    }

    private int[] counts() {
        int[] counts = new int[SERIES];
        for (int i = 0; i < SERIES; i++) {
            counts[i] = acknowledged.get(i);
        }
        return counts;
    }

    private int total() {
        int total = 0;
        for (int count : counts()) {
            total += count;
        }
        return total;
    }

    private static int copy(Path from, Path to) {
        try {
            for (String file : List.of("telltale.db", "telltale.db-wal")) {
                Files.copy(from.resolve(file), to.resolve(file));
            }
            return 2;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
