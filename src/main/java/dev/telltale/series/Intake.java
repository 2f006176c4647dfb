package dev.telltale.series;

import dev.telltale.problem.Problem;
import dev.telltale.problem.ProblemError;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one door for samples, whichever way they came: checks them, stores them, counts them and tells
/// who listens.
public final class Intake {

    private static final Logger LOG = LoggerFactory.getLogger(Intake.class);

    /// First and last time that is taken, epoch milliseconds.
    public static final long EARLIEST = Instant.parse("2000-01-01T00:00:00Z").toEpochMilli();

    public static final long LATEST = Instant.parse("2100-01-01T00:00:00Z").toEpochMilli();

    private final SeriesStore store;
    private final SeriesMeters meters;
    private final List<SampleListener> listeners;

    public Intake(SeriesStore store, MeterRegistry registry, List<SampleListener> listeners) {
        this.store = store;
        this.meters = new SeriesMeters(registry);
        this.listeners = List.copyOf(listeners);
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
            tell(clean);
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
                tell(SampleBatch.of(seriesIds[slice.series()], accepted.samples(0)));
            }
        }
    }

    /// The samples are on disk: whatever a listener makes of them, they were accepted.
    private void tell(SampleBatch accepted) {
        for (SampleListener listener : listeners) {
            try {
                listener.accepted(accepted);
            } catch (RuntimeException e) {
                LOG.error("A listener failed on {} samples, which are stored", accepted.count(), e);
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
