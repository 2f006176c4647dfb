package dev.telltale.series;

import dev.telltale.series.Pushed.Reason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// The way of the samples of one push: each is stored, or counted with the reason why not.
final class Push {

    private static final int LONGEST_KEY = 200;

    private final PushedSamples pushed;
    private final BitSet ownSeries = new BitSet();
    private final Map<Reason, Tally> refused = new EnumMap<>(Reason.class);
    private final List<Repeated> repeated = new ArrayList<>();
    private long own;
    private long missing;
    private long unchanged;
    private int[] rows = {}; // of the storable samples, their index

    /// A sample of which another with its series and time came before.
    ///
    /// @param row of the other among the storable samples
    private record Repeated(int index, int row) {}

    private static final class Tally {
        private final String example;
        private long samples;

        Tally(String example, long samples) {
            this.example = example;
            this.samples = samples;
        }
    }

    Push(PushedSamples pushed) {
        this.pushed = pushed;
        for (int number = 0; number < pushed.keys().size(); number++) {
            ownSeries.set(number, OwnSeries.has(pushed.keys().get(number).name()));
        }
    }

    /// The samples of series of others that have a value and a time that is taken, by their index.
    BitSet valid(PushedTimes.Range times) {
        BitSet valid = new BitSet(pushed.count());
        for (int i = 0; i < pushed.count(); i++) {
            int index = i;
            long time = pushed.time(i);
            if (ownSeries.get(pushed.series(i))) {
                own++;
            } else if (!Double.isFinite(pushed.value(i))) {
                missing++;
            } else if (time > times.latest()) {
                refuse(Reason.IN_FUTURE, () -> about(index, "is later than " + Instant.ofEpochMilli(times.latest())));
            } else if (time < times.earliest()) {
                refuse(Reason.TOO_OLD, () -> about(index, "is older than " + Instant.ofEpochMilli(times.earliest())));
            } else {
                valid.set(i);
            }
        }
        return valid;
    }

    /// All samples, by their index, where others have found that each has a value and a time that is taken.
    BitSet all() {
        BitSet all = new BitSet(pushed.count());
        all.set(0, pushed.count());
        return all;
    }

    /// Counts samples that are not among the pushed ones, since their series were deleted after they were sent.
    void gone(long samples) {
        if (samples > 0) {
            refused.put(
                    Reason.SERIES_GONE,
                    new Tally("one of a series that was deleted after the sample was sent", samples));
        }
    }

    /// The numbers of the series that have at least one of these samples.
    BitSet seriesOf(BitSet samples) {
        BitSet numbers = new BitSet();
        for (int i = samples.nextSetBit(0); i >= 0; i = samples.nextSetBit(i + 1)) {
            numbers.set(pushed.series(i));
        }
        return numbers;
    }

    /// The samples as the store takes them: of series that are there, each time once.
    ///
    /// @param series by number; empty where there is no room for it
    SampleBatch storable(BitSet valid, List<Optional<Series>> series) {
        int most = valid.cardinality();
        int[] indices = new int[most];
        long[] newest = new long[series.size()];
        Arrays.fill(newest, Long.MIN_VALUE);
        boolean ascending = true;
        int count = 0;
        for (int i = valid.nextSetBit(0); i >= 0; i = valid.nextSetBit(i + 1)) {
            int index = i;
            int number = pushed.series(i);
            if (series.get(number).isEmpty()) {
                refuse(
                        Reason.SERIES_LIMIT,
                        () -> keyOf(index)
                                + " would be one series too many; delete some or raise telltale.store.series-limit");
                continue;
            }
            ascending &= pushed.time(i) > newest[number];
            newest[number] = pushed.time(i);
            indices[count++] = index;
        }
        rows = ascending ? Arrays.copyOf(indices, count) : eachTimeOnce(Arrays.copyOf(indices, count));
        long[] ids = new long[rows.length];
        long[] times = new long[rows.length];
        double[] values = new double[rows.length];
        for (int row = 0; row < rows.length; row++) {
            ids[row] = series.get(pushed.series(rows[row])).orElseThrow().id();
            times[row] = pushed.time(rows[row]);
            values[row] = pushed.value(rows[row]) + 0.0; // −0.0 equals 0.0 and is stored as it
        }
        return new SampleBatch(ids, times, values);
    }

    /// What became of all samples.
    ///
    /// @param kept what the store made of those that are storable
    Pushed outcome(Kept kept) {
        kept.contradicting().stream()
                .forEach(row -> refuse(
                        Reason.CONFLICT,
                        () -> keyOf(rows[row]) + ": "
                                + kept.conflicts().errors().getFirst().detail()));
        repeated.forEach(sample -> judge(sample, kept));
        List<Pushed.Refused> reasons = new ArrayList<>();
        refused.forEach((reason, tally) -> reasons.add(new Pushed.Refused(reason, tally.samples, tally.example)));
        return new Pushed(
                kept.acceptance().accepted(), kept.acceptance().unchanged() + unchanged, own, missing, reasons);
    }

    /// A sample shares the fate of one that came before it with the same time and value.
    private void judge(Repeated sample, Kept kept) {
        double first = pushed.value(rows[sample.row]);
        double again = pushed.value(sample.index);
        if (first == again && !kept.contradicting().get(sample.row)) {
            unchanged++;
        } else {
            refuse(Reason.CONFLICT, () -> about(sample.index, "came with " + first + " and again with " + again));
        }
    }

    /// Of samples with the same series and time the first.
    private int[] eachTimeOnce(int[] indices) {
        List<Integer> order = new ArrayList<>(indices.length);
        Arrays.stream(indices).forEach(order::add);
        order.sort((left, right) -> {
            int bySeries = Integer.compare(pushed.series(left), pushed.series(right));
            return bySeries != 0 ? bySeries : Long.compare(pushed.time(left), pushed.time(right));
        });
        int[] kept = new int[indices.length];
        int count = 0;
        for (int index : order) {
            int first = count == 0 ? -1 : kept[count - 1];
            if (first < 0 || pushed.series(first) != pushed.series(index) || pushed.time(first) != pushed.time(index)) {
                kept[count++] = index;
            } else {
                repeated.add(new Repeated(index, count - 1));
            }
        }
        return Arrays.copyOf(kept, count);
    }

    private void refuse(Reason reason, Supplier<String> example) {
        Tally tally = refused.get(reason);
        if (tally == null) {
            tally = new Tally(example.get(), 0);
            refused.put(reason, tally);
        }
        tally.samples++;
    }

    private String about(int index, String what) {
        long time = pushed.time(index);
        return keyOf(index) + " at " + Instant.ofEpochMilli(time) + ' ' + what;
    }

    /// The series of a sample, cut short: its labels may be long.
    private String keyOf(int index) {
        String key = pushed.keys().get(pushed.series(index)).toString();
        return key.length() <= LONGEST_KEY ? key : key.substring(0, LONGEST_KEY) + "…";
    }
}
