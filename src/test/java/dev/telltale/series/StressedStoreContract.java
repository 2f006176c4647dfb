package dev.telltale.series;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Many threads make, write, read and compact the same series. Each writes times of its own, so that whatever their
/// order was, the same is stored in the end as one thread alone stores after the other.
///
/// Runs for `-Dstress.seconds`, 2 by default, from `-Dstress.seed` on.
abstract class StressedStoreContract implements OpenStore.Opening {

    private static final int THREADS = 8;
    private static final int SERIES = 5;
    private static final int OPERATIONS = 40;
    private static final int SPAN = 4_000;
    private static final long START = 1_700_000_000_000L;
    private static final Duration TIME = Duration.ofSeconds(Integer.getInteger("stress.seconds", 2));
    private static final ChunkedSeriesStore.Limits LIMITS = new ChunkedSeriesStore.Limits(100, 3_000, 20_000);

    @TempDir
    private Path directory;

    @Test
    void storesWhatOneThreadStores() throws Exception {
        long end = System.nanoTime() + TIME.toNanos();
        int seed = Integer.getInteger("stress.seed", 1);
        do {
            List<NavigableMap<Long, Double>> stressed = run(seed, THREADS);
            assertThat(stressed).as("seed %d", seed).isEqualTo(run(seed, 1));
            assertThat(stressed).as("seed %d", seed).noneMatch(NavigableMap::isEmpty);
            seed++;
        } while (System.nanoTime() < end);
    }

    /// What each series holds in the end.
    private List<NavigableMap<Long, Double>> run(int seed, int threads) throws Exception {
        Path place = Files.createDirectory(directory.resolve(seed + "-" + threads));
        try (OpenStore open = open(place, LIMITS)) {
            ChunkedSeriesStore store = open.store();
            try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
                List<Future<?>> all = new ArrayList<>();
                for (int script = 0; script < THREADS; script++) {
                    Script one = new Script(store, seed, script);
                    all.add(pool.submit(one::run));
                }
                for (Future<?> one : all) {
                    one.get();
                }
            }
            return IntStream.range(0, SERIES)
                    .mapToObj(number -> read(store, number, 0, Long.MAX_VALUE))
                    .toList();
        }
    }

    private static NavigableMap<Long, Double> read(ChunkedSeriesStore store, int number, long start, long end) {
        NavigableMap<Long, Double> samples = new TreeMap<>();
        Samples read = store.read(id(store, number), start, end);
        long before = Long.MIN_VALUE;
        for (int i = 0; i < read.count(); i++) {
            assertThat(read.time(i)).as("order").isGreaterThan(before);
            before = read.time(i);
            samples.put(before, read.value(i));
        }
        return samples;
    }

    private static long id(ChunkedSeriesStore store, int number) {
        return store.findOrCreate(new SeriesKey("series_" + number, Labels.NONE))
                .id();
    }

    /// What one thread does, and what of it must be there.
    private static final class Script {

        private final ChunkedSeriesStore store;
        private final SplittableRandom random;
        private final int own;
        private final List<NavigableMap<Long, Double>> mine = new ArrayList<>();

        private Script(ChunkedSeriesStore store, int seed, int own) {
            this.store = store;
            this.random = new SplittableRandom(seed * 1_000L + own);
            this.own = own;
            for (int number = 0; number < SERIES; number++) {
                mine.add(new TreeMap<>());
            }
        }

        void run() {
            for (int i = 0; i < OPERATIONS; i++) {
                switch (random.nextInt(8)) {
                    case 0 -> store.compact();
                    case 1, 2, 3 -> look();
                    default -> write();
                }
            }
        }

        /// Overwrites times of its own.
        private void write() {
            int number = random.nextInt(SERIES);
            NavigableMap<Long, Double> rows = new TreeMap<>();
            int count = 1 + random.nextInt(random.nextInt(8) == 0 ? 800 : 30);
            for (int i = 0; i < count; i++) {
                rows.put(START + random.nextInt(SPAN) * (long) THREADS + own, (double) random.nextInt(1_000));
            }
            long[] ids = new long[rows.size()];
            Arrays.fill(ids, id(store, number));
            long[] times = rows.keySet().stream().mapToLong(Long::longValue).toArray();
            double[] values =
                    rows.values().stream().mapToDouble(Double::doubleValue).toArray();
            store.append(new SampleBatch(ids, times, values), OnConflict.REPLACE);
            mine.get(number).putAll(rows);
        }

        /// Looks whether what it wrote is there, whatever the others write meanwhile.
        private void look() {
            int number = random.nextInt(SERIES);
            long from = START + random.nextInt(SPAN * THREADS);
            long to = from + random.nextInt(SPAN * THREADS);
            NavigableMap<Long, Double> seen = read(store, number, from, to);
            seen.keySet().removeIf(time -> (time - START) % THREADS != own);
            assertThat(seen).isEqualTo(mine.get(number).subMap(from, true, to, true));
        }
    }
}
