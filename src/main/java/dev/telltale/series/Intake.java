package dev.telltale.series;

import dev.telltale.problem.Problem;
import dev.telltale.problem.ProblemError;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/// The one door for samples, whichever way they came: checks them, stores them, counts them and tells
/// who listens.
public final class Intake {

    /// First and last time that is taken, epoch milliseconds.
    public static final long EARLIEST = Instant.parse("2000-01-01T00:00:00Z").toEpochMilli();

    public static final long LATEST = Instant.parse("2100-01-01T00:00:00Z").toEpochMilli();

    private static final int MOST_ATTEMPTS = 5;

    private final SeriesStore store;
    private final SeriesMeters meters;
    private final Audience listeners = new Audience(); // whom the store does not tell itself
    private final Optional<SampleRelay> relay;
    private final PushedTimes times;
    private final RefusalLog refusals;

    /// An intake that takes pushed samples of all times that an upload may have, up to ten minutes from now.
    public Intake(SeriesStore store, MeterRegistry registry, List<SampleListener> listeners) {
        this(
                store,
                registry,
                listeners,
                Optional.empty(),
                new PushedTimes(InstantSource.system(), Duration.ofMinutes(10), Optional.empty()));
    }

    /// @param relay takes what is pushed, if there is one
    Intake(
            SeriesStore store,
            MeterRegistry registry,
            List<SampleListener> listeners,
            Optional<SampleRelay> relay,
            PushedTimes times) {
        this.store = store;
        this.relay = relay;
        this.times = times;
        this.refusals = new RefusalLog(times.clock());
        this.meters = new SeriesMeters(registry);
        listeners.stream().filter(listener -> !store.tells(listener)).forEach(this.listeners::add);
    }

    /// Stores a batch whole or not at all; it is on disk when this returns.
    ///
    /// @throws Problem with the places in the batch, `/samples/7`, if a time or value is not valid, a time
    ///     stands twice in a series, a stored sample contradicts and is not to be replaced, or a series is
    ///     not known
    public Acceptance accept(SampleBatch batch, OnConflict onConflict) {
        try {
            check(batch.times(), batch.values());
            SampleBatch clean = new SampleBatch(batch.seriesIds(), batch.times(), withoutNegativeZero(batch.values()));
            Acceptance acceptance = clean.count() == 0 ? new Acceptance(0, 0) : store.append(clean, onConflict);
            meters.count(acceptance);
            listeners.accepted(clean);
            return acceptance;
        } catch (Problem refused) {
            meters.rejected(batch.count());
            throw refused;
        }
    }

    /// Stores the samples of an upload whole or not at all, over all its series. Its times and values were
    /// checked while it was read.
    ///
    /// @param seriesIds of its series, by their numbers
    /// @throws Problem if a stored sample contradicts and that refuses the upload, or the store fails
    Uploaded accept(UploadSamples upload, long[] seriesIds, OnConflict onConflict) {
        try {
            Uploaded uploaded = store.append(upload, seriesIds, onConflict);
            meters.count(uploaded.total());
            meters.rejected(upload.spoilt() + upload.refused() + uploaded.kept().cardinality());
            if (!listeners.isEmpty()) {
                tell(upload.again(), seriesIds, uploaded.kept());
            }
            return uploaded;
        } catch (Problem refused) {
            refused(upload.count() + upload.spoilt());
            throw refused;
        }
    }

    /// Stores what monitoring systems pushed, each sample for itself: those that cannot be stored are counted and
    /// the others are on disk when this returns. Series that are not known are made. Telltale's own are left out.
    ///
    /// Where there is a relay, it has the others when this returns, and they count as accepted: what they
    /// contradict is found when they are stored.
    ///
    /// @throws Problem if the store or the relay fails or is overloaded; sending again helps, and does no harm
    public Pushed push(PushedSamples pushed) {
        return untilSeriesStay(() -> pushOnce(pushed, relay));
    }

    /// Stores what monitoring systems put where the relay puts what was pushed, as `push` does without one.
    ///
    /// @throws Problem if the store fails or is overloaded; sending again helps, and does no harm
    public Pushed pushFromTopic(PushedSamples pushed) {
        return untilSeriesStay(() -> pushOnce(pushed, Optional.empty()));
    }

    /// Stores what a relay gives back, in one transaction, each sample for itself. What came before is unchanged;
    /// of two that contradict each other the first counts. Series that were deleted before their samples were
    /// sent are made again; samples that were sent before that went with their series.
    ///
    /// @param relayed in the order in which it was sent
    /// @throws Problem if the store fails or is overloaded; then nothing was stored and trying again helps
    public Pushed takeRelayed(List<Relayed> relayed) {
        return untilSeriesStay(() -> {
            RelayedSamples samples = RelayedSamples.of(relayed, store);
            Push push = new Push(samples.present());
            push.gone(samples.gone());
            SampleBatch batch = push.storable(
                    push.all(), store.findOrCreateThatFit(samples.present().keys()));
            return stored(push, batch);
        });
    }

    /// Takes what a relay gives back of ends of series. Series that are gone are left out.
    ///
    /// @param times of the ends by place, epoch milliseconds UTC
    public void takeRelayedEnds(long[] seriesIds, long[] times) {
        end(seriesIds, times);
    }

    private Pushed untilSeriesStay(Supplier<Pushed> attempted) {
        for (int attempt = 1; ; attempt++) {
            try {
                return attempted.get();
            } catch (Problem problem) {
                // Somebody deleted a series meanwhile; it is made again.
                if (problem.type() != SeriesProblem.SERIES_NOT_FOUND || attempt == MOST_ATTEMPTS) {
                    throw problem;
                }
            }
        }
    }

    private Pushed pushOnce(PushedSamples pushed, Optional<SampleRelay> way) {
        Push push = new Push(pushed);
        BitSet valid = push.valid(times.now());
        SampleBatch batch = push.storable(valid, series(pushed.keys(), push.seriesOf(valid)));
        Pushed outcome = way.isPresent() ? sent(push, batch, way.get()) : stored(push, batch);
        tellOfEnds(pushed, way);
        return outcome;
    }

    private Pushed stored(Push push, SampleBatch batch) {
        Kept kept = batch.count() == 0 ? Kept.NONE : store.appendConsistent(batch);
        Pushed outcome = push.outcome(kept);
        meters.count(outcome);
        refusals.add(outcome);
        if (!listeners.isEmpty()) {
            SampleBatch accepted = batch.without(kept.contradicting());
            if (accepted.count() > 0) {
                listeners.accepted(accepted);
            }
        }
        return outcome;
    }

    /// What is sent is counted by who stores it.
    private Pushed sent(Push push, SampleBatch batch, SampleRelay way) {
        if (batch.count() > 0) {
            way.send(batch);
        }
        Pushed outcome = push.outcome(Kept.all(batch));
        meters.count(outcome.withoutAccepted());
        refusals.add(outcome);
        return outcome;
    }

    /// The series by number; empty where they are not wanted or there is no room for them.
    private List<Optional<Series>> series(List<SeriesKey> keys, BitSet wanted) {
        if (wanted.cardinality() == keys.size()) {
            return store.findOrCreateThatFit(keys);
        }
        List<Optional<Series>> series = new ArrayList<>(Collections.nCopies(keys.size(), Optional.empty()));
        int[] numbers = wanted.stream().toArray();
        List<Optional<Series>> found = store.findOrCreateThatFit(
                Arrays.stream(numbers).mapToObj(keys::get).toList());
        for (int i = 0; i < numbers.length; i++) {
            series.set(numbers[i], found.get(i));
        }
        return series;
    }

    private void tellOfEnds(PushedSamples pushed, Optional<SampleRelay> way) {
        List<PushedSamples.End> ends = pushed.ends().stream()
                .filter(end -> isTaken(end.time())
                        && !OwnSeries.has(pushed.keys().get(end.series()).name()))
                .toList();
        if (ends.isEmpty()) {
            return;
        }
        List<Optional<Series>> found = store.find(
                ends.stream().map(end -> pushed.keys().get(end.series())).toList());
        int[] present = IntStream.range(0, ends.size())
                .filter(i -> found.get(i).isPresent())
                .toArray();
        long[] ids = Arrays.stream(present)
                .mapToLong(i -> found.get(i).orElseThrow().id())
                .toArray();
        long[] at = Arrays.stream(present).mapToLong(i -> ends.get(i).time()).toArray();
        if (ids.length > 0 && way.isPresent()) {
            way.get().end(ids, at);
        } else if (ids.length > 0) {
            end(ids, at);
        }
    }

    private void end(long[] seriesIds, long[] at) {
        store.end(seriesIds, at);
        if (!listeners.isEmpty()) {
            for (int i = 0; i < seriesIds.length; i++) {
                listeners.ended(seriesIds[i], at[i]);
            }
        }
    }

    /// Counts rows of an upload that was refused before it came here.
    void refused(long rows) {
        meters.rejected(rows);
    }

    private void tell(Iterator<DuplicateMerge.Slice> slices, long[] seriesIds, BitSet kept) {
        int ordinal = 0;
        while (slices.hasNext()) {
            DuplicateMerge.Slice slice = slices.next();
            SortedBatch batch = SortedBatch.of(seriesIds[slice.series()], slice.samples());
            SortedBatch accepted = batch.without(kept.get(ordinal, ordinal + batch.count()));
            ordinal += batch.count();
            if (accepted.count() > 0) {
                listeners.accepted(SampleBatch.of(seriesIds[slice.series()], accepted.samples(0)));
            }
        }
    }

    private static void check(long[] times, double[] values) {
        FirstFaults badTimes = new FirstFaults();
        FirstFaults badValues = new FirstFaults();
        for (int i = 0; i < times.length; i++) {
            if (!isTaken(times[i])) {
                badTimes.add(RowFault.at(i, "/samples/" + i, aboutTime(times[i])));
            }
            if (!Double.isFinite(values[i])) {
                badValues.add(RowFault.at(i, "/samples/" + i, values[i] + " is not a finite number"));
            }
        }
        refuse(SeriesProblem.BAD_TIME, badTimes);
        refuse(SeriesProblem.BAD_VALUE, badValues);
    }

    private static void refuse(SeriesProblem type, FirstFaults faults) {
        if (faults.count() > 0) {
            List<ProblemError> errors = faults.errors();
            throw type.because("%s", errors.getFirst().detail()).with(errors);
        }
    }

    /// @throws Problem `BAD_TIME` if the time is not one that is taken
    static long checked(long time) {
        if (isTaken(time)) {
            return time;
        }
        throw SeriesProblem.BAD_TIME.because("%s", aboutTime(time));
    }

    private static boolean isTaken(long time) {
        return time >= EARLIEST && time <= LATEST;
    }

    private static String aboutTime(long time) {
        String expected = time + " is not a time from 2000-01-01 to 2100-01-01 in epoch milliseconds";
        boolean looksLikeSeconds = time >= EARLIEST / 1000 && time <= LATEST / 1000;
        return looksLikeSeconds ? expected + "; did you mean milliseconds? It looks like seconds" : expected;
    }

    /// −0.0 equals 0.0 and is stored as it.
    private static double[] withoutNegativeZero(double[] values) {
        for (int i = 0; i < values.length; i++) {
            if (values[i] == 0 && Double.doubleToRawLongBits(values[i]) != 0) {
                return Arrays.stream(values).map(value -> value + 0.0).toArray();
            }
        }
        return values;
    }
}
