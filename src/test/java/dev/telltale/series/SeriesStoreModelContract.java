package dev.telltale.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.telltale.database.TemporaryFile;
import dev.telltale.problem.Problem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Compares the store with sorted maps over many random operations.
abstract class SeriesStoreModelContract implements OpenStore.Opening {

    private static final long START = 1_700_000_000_000L;
    private static final int OPERATIONS = 400;

    private record Row(long id, long time, double value) {}

    @TempDir
    private Path directory;

    private final Map<Long, NavigableMap<Long, Double>> model = new TreeMap<>();

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6})
    void behavesAsSortedMapsDo(int seed) {
        Random random = new Random(seed);
        int done = 0;
        while (done < OPERATIONS) {
            // Each round opens the store anew on what the last one left.
            try (OpenStore open =
                    open(directory, new ChunkedSeriesStore.Limits(100, 1_000 + random.nextInt(3_000), 20_000))) {
                ChunkedSeriesStore store = open.store();
                compareAll(store);
                int round = 1 + random.nextInt(60);
                for (int i = 0; i < round; i++) {
                    operate(store, open.database()::temporaryFile, random);
                }
                compareAll(store);
                done += round;
            }
        }
    }

    private void operate(ChunkedSeriesStore store, Supplier<TemporaryFile> files, Random random) {
        if (model.size() < 3) {
            SeriesKey key = new SeriesKey("series_" + random.nextInt(1_000_000), Labels.NONE);
            model.put(store.findOrCreate(key).id(), new TreeMap<>());
        }
        switch (random.nextInt(20)) {
            case 0 -> store.compact();
            case 1, 6 -> upload(store, files, random);
            case 2 -> delete(store, random);
            case 3, 4, 5 -> compareRange(store, random);
            default -> append(store, random);
        }
    }

    private void append(ChunkedSeriesStore store, Random random) {
        int count = 1 + random.nextInt(random.nextInt(10) == 0 ? 1_500 : 40);
        Map<Long, NavigableMap<Long, Double>> rows = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            long id = anyId(random);
            rows.computeIfAbsent(id, key -> new TreeMap<>()).put(anyTime(id, random), anyValue(random));
        }
        List<Row> order = new ArrayList<>();
        rows.forEach((id, samples) -> samples.forEach((time, value) -> order.add(new Row(id, time, value))));
        Collections.shuffle(order, random);
        SampleBatch batch = new SampleBatch(
                order.stream().mapToLong(Row::id).toArray(),
                order.stream().mapToLong(Row::time).toArray(),
                order.stream().mapToDouble(Row::value).toArray());
        OnConflict onConflict = random.nextInt(4) == 0 ? OnConflict.REPLACE : OnConflict.REFUSE;
        apply(rows, onConflict, () -> store.append(batch, onConflict));
    }

    /// An upload of one series or two in slices so small that stretches go over many of them.
    private void upload(ChunkedSeriesStore store, Supplier<TemporaryFile> files, Random random) {
        Map<Long, NavigableMap<Long, Double>> rows = new TreeMap<>();
        long[] ids = LongStream.of(anyId(random), anyId(random)).distinct().toArray();
        UploadRows upload = new UploadRows(
                new SampleFaults(false), files, random.nextBoolean() ? 1 + random.nextInt(300) : 1 << 20);
        for (int number = 0; number < ids.length; number++) {
            NavigableMap<Long, Double> samples = new TreeMap<>();
            rows.put(ids[number], samples);
            long time = anyTime(ids[number], random);
            int count = 1 + random.nextInt(random.nextBoolean() ? 100 : 4_000);
            for (int i = 0; i < count; i++) {
                time += 1 + random.nextInt(20);
                samples.put(time, anyValue(random));
            }
            List<Long> times = new ArrayList<>(samples.keySet());
            if (random.nextBoolean()) {
                Collections.shuffle(times, random);
            }
            for (int i = 0; i < times.size(); i++) {
                upload.add(number, times.get(i), Objects.requireNonNull(samples.get(times.get(i))), i);
            }
        }
        UploadSamples samples = new UploadSamples(upload, Duplicates.REFUSE, RowFault::atLine, 1 + random.nextInt(700));
        OnConflict onConflict =
                List.of(OnConflict.REFUSE, OnConflict.REPLACE, OnConflict.KEEP).get(random.nextInt(3));
        apply(rows, onConflict, () -> store.append(samples, ids, onConflict).total());
        upload.close();
    }

    private void apply(Map<Long, NavigableMap<Long, Double>> rows, OnConflict onConflict, Supplier<Acceptance> append) {
        long unchanged = 0;
        long conflicts = 0;
        long total = 0;
        for (var series : rows.entrySet()) {
            for (var sample : series.getValue().entrySet()) {
                Double present = stored(series.getKey()).get(sample.getKey());
                total++;
                if (present != null && present.equals(sample.getValue())) {
                    unchanged++;
                } else if (present != null) {
                    conflicts++;
                }
            }
        }
        if (conflicts > 0 && onConflict == OnConflict.REFUSE) {
            assertThatThrownBy(append::get)
                    .isInstanceOf(Problem.class)
                    .hasMessageStartingWith(conflicts + " samples have another value");
        } else if (onConflict == OnConflict.KEEP) {
            assertThat(append.get()).isEqualTo(new Acceptance(total - unchanged - conflicts, unchanged));
            rows.forEach(
                    (id, samples) -> samples.forEach((time, value) -> stored(id).putIfAbsent(time, value)));
        } else {
            assertThat(append.get()).isEqualTo(new Acceptance(total - unchanged, unchanged));
            rows.forEach((id, samples) -> stored(id).putAll(samples));
        }
    }

    private void delete(ChunkedSeriesStore store, Random random) {
        long id = anyId(random);
        assertThat(store.delete(id)).isTrue();
        model.remove(id);
        assertThat(store.find(id)).isEmpty();
    }

    private void compareAll(ChunkedSeriesStore store) {
        assertThat(store.select(Selector.all(), 0, 100).stream().map(Series::id))
                .containsExactlyElementsOf(model.keySet());
        model.forEach((id, expected) -> {
            assertThat(store.read(id, Long.MIN_VALUE, Long.MAX_VALUE)).isEqualTo(toSamples(expected));
            List<Samples> pages = new ArrayList<>();
            store.scan(id, Long.MIN_VALUE, Long.MAX_VALUE, pages::add);
            assertThat(SampleMerge.concat(pages)).isEqualTo(toSamples(expected));
        });
    }

    private void compareRange(ChunkedSeriesStore store, Random random) {
        long id = anyId(random);
        long start = anyTime(id, random);
        long end = start + random.nextInt(5_000);
        assertThat(store.read(id, start, end)).isEqualTo(toSamples(stored(id).subMap(start, true, end, true)));
    }

    private NavigableMap<Long, Double> stored(long id) {
        return Objects.requireNonNull(model.get(id));
    }

    private long anyId(Random random) {
        List<Long> ids = List.copyOf(model.keySet());
        return ids.get(random.nextInt(ids.size()));
    }

    /// Mostly a new time at the end, often one among those that are stored.
    private long anyTime(long id, Random random) {
        NavigableMap<Long, Double> samples = stored(id);
        long last = samples.isEmpty() ? START : samples.lastKey();
        long first = samples.isEmpty() ? START : samples.firstKey();
        return switch (random.nextInt(8)) {
            case 0 -> first + (long) ((last - first) * random.nextDouble());
            case 1 -> first - random.nextInt(100);
            default -> last + 1 + random.nextInt(2_000);
        };
    }

    /// Few different values, so that the same sample often comes again.
    private static double anyValue(Random random) {
        return random.nextInt(3);
    }

    private static Samples toSamples(NavigableMap<Long, Double> map) {
        return new Samples(
                map.keySet().stream().mapToLong(Long::longValue).toArray(),
                map.values().stream().mapToDouble(Double::doubleValue).toArray());
    }
}
