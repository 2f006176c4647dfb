package dev.telltale.ingest.remotewrite;

import dev.telltale.ingest.IngestProblem;
import dev.telltale.ingest.WorkingMemory;
import dev.telltale.problem.Problem;
import dev.telltale.problem.ProblemError;
import dev.telltale.series.PushedSamples;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Gathers what a request says, series after series. One that is not valid is left out with its samples;
/// the others are not the worse for it.
final class SeriesCollector {

    /// A value that says that the series ends here, with the bit that marks a NaN as quiet and without.
    private static final long STALE = 0x7ff0000000000002L;

    private static final long QUIET_STALE = 0x7ff8000000000002L;

    private static final int MOST_SAMPLES = 1_000_000;
    private static final int MOST_SERIES = 200_000;
    private static final int MOST_FAULTS = 100;

    /// Of a series; the labels beside its name are counted exactly later.
    private static final int MOST_LABELS = 41;

    private static final int LARGEST_NAME = 512;
    private static final int LARGEST_VALUE = 4096;

    private final KnownSeries known;
    private final boolean strict;
    private final WorkingMemory.Part memory;
    private final PushedSamples samples = new PushedSamples();
    private final List<ProblemError> faults = new ArrayList<>();
    private int series;
    private long all;
    private long refused;
    private long filtered;
    private long ends;
    private long histograms;
    private long exemplars;

    // of the series being read
    private ByteBuffer labels = ByteBuffer.allocate(1024);
    private int labelCount;
    private int lastNameAt;
    private int lastNameLength;
    private long[] bits = new long[16];
    private long[] times = new long[16];
    private int count;
    private int histogramCount;
    private @Nullable String fault;

    /// @param strict whether labels must be in order and have values
    /// @param memory what the samples take is taken of it; adding them fails with its problems
    SeriesCollector(KnownSeries known, boolean strict, WorkingMemory.Part memory) {
        this.known = known;
        this.strict = strict;
        this.memory = memory;
    }

    /// Begins the next series.
    void begin() {
        labels.clear();
        labelCount = 0;
        count = 0;
        histogramCount = 0;
        fault = null;
        if (series++ == MOST_SERIES) {
            throw IngestProblem.TOO_MUCH_AT_ONCE.because(
                    "a request may have %d series; send them in several", MOST_SERIES);
        }
    }

    /// Adds a label; name and value lie in the body.
    void label(byte[] body, int nameAt, int nameLength, int valueAt, int valueLength) {
        if (fault != null) {
            return;
        }
        labelCount++;
        if (labelCount > MOST_LABELS) {
            fault = "it has more than " + (MOST_LABELS - 1) + " labels";
        } else if (nameLength > LARGEST_NAME || valueLength > LARGEST_VALUE) {
            fault = "a label is longer than " + LARGEST_NAME + " bytes, or its value than " + LARGEST_VALUE;
        } else if (strict && valueLength == 0) {
            fault = "a label has no value";
        } else if (strict
                && labelCount > 1
                && Arrays.compareUnsigned(
                                labels.array(),
                                lastNameAt,
                                lastNameAt + lastNameLength,
                                body,
                                nameAt,
                                nameAt + nameLength)
                        >= 0) {
            fault = "its labels are not in order, or one stands twice";
        } else {
            reserve(2 * Integer.BYTES + nameLength + valueLength);
            lastNameAt = labels.position() + Integer.BYTES;
            lastNameLength = nameLength;
            labels.putInt(nameLength).put(body, nameAt, nameLength);
            labels.putInt(valueLength).put(body, valueAt, valueLength);
        }
    }

    /// Adds a sample.
    ///
    /// @param value its bits
    /// @param time epoch milliseconds UTC
    void sample(long value, long time) {
        if (++all > MOST_SAMPLES) {
            throw IngestProblem.TOO_MUCH_AT_ONCE.because(
                    "a request may have %d samples; send them in several", MOST_SAMPLES);
        }
        if (count == bits.length) {
            memory.take(2L * count * Long.BYTES);
            bits = Arrays.copyOf(bits, 2 * count);
            times = Arrays.copyOf(times, 2 * count);
        }
        bits[count] = value;
        times[count] = time;
        count++;
    }

    void histogram() {
        histograms++;
        histogramCount++;
    }

    void exemplar() {
        exemplars++;
    }

    /// Notes what is wrong with the series; the first fault counts.
    void fault(String what) {
        if (fault == null) {
            fault = what;
        }
    }

    /// Ends the series.
    void end() {
        if (fault == null && count > 0 && histogramCount > 0) {
            fault = "it has samples and histograms";
        }
        Optional<KnownSeries.Known> found = fault == null ? find() : Optional.empty();
        found.ifPresent(this::add);
        if (fault != null) {
            refused += count;
            if (faults.size() < MOST_FAULTS) {
                faults.add(ProblemError.at("/timeseries/" + (series - 1), fault));
            }
        }
    }

    /// The samples of valid series that are wanted.
    PushedSamples samples() {
        return samples;
    }

    /// All samples of the request, ends of series among them.
    long all() {
        return all;
    }

    /// Samples of series that are not valid.
    long refused() {
        return refused;
    }

    /// Samples of valid series that are not wanted.
    long filtered() {
        return filtered;
    }

    /// Samples that say that their series ends.
    long ends() {
        return ends;
    }

    long histograms() {
        return histograms;
    }

    long exemplars() {
        return exemplars;
    }

    /// What is wrong with series, of the first hundred of them.
    List<ProblemError> faults() {
        return faults;
    }

    private Optional<KnownSeries.Known> find() {
        try {
            return Optional.of(known.of(new LabelBytes(labels.array(), labels.position())));
        } catch (Problem invalid) {
            fault = invalid.detail();
            return Optional.empty();
        }
    }

    private void add(KnownSeries.Known wanted) {
        if (count == 0) {
            return;
        }
        if (!wanted.isKept()) {
            filtered += count;
            return;
        }
        int before = samples.seriesCount();
        int number = samples.series(wanted.key());
        if (number == before) {
            memory.take(labels.position()); // a few symbols of a body may be the labels of all its series
        }
        memory.takeFor(count, samples.seriesCount() - before);
        for (int i = 0; i < count; i++) {
            if (bits[i] == STALE || bits[i] == QUIET_STALE) {
                samples.end(number, times[i]);
                ends++;
            } else {
                samples.add(number, times[i], Double.longBitsToDouble(bits[i]));
            }
        }
    }

    private void reserve(int more) {
        if (labels.remaining() < more) {
            ByteBuffer larger = ByteBuffer.allocate(Math.max(2 * labels.capacity(), labels.position() + more));
            labels = larger.put(labels.flip());
        }
    }
}
