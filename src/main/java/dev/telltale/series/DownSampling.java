package dev.telltale.series;

/// Thins samples out so that a line drawn through them keeps its shape. Time is cut into spans of equal
/// length; of each the samples with the smallest and the largest value pass, the earliest of equals, in
/// order of time. A span without samples gives none, so a gap stays a gap. Holds one span at a time.
///
/// @see <a href="https://doi.org/10.14778/2732951.2732953">Jugel and others (2014), MinMax aggregation</a>
final class DownSampling implements SampleSink {

    private static final long NONE = -1;

    private final long first;
    private final long duration;
    private final long spans;
    private final SampleSink out;

    private long span = NONE;
    private long lowTime;
    private double low;
    private long highTime;
    private double high;

    /// @param first time of the first sample, epoch milliseconds
    /// @param last time of the last sample
    /// @param mostPoints samples that may pass, at least 2
    DownSampling(long first, long last, int mostPoints, SampleSink out) {
        this.first = first;
        this.duration = last - first + 1;
        this.spans = mostPoints / 2;
        this.out = out;
    }

    @Override
    public void accept(long time, double value) {
        // A century of milliseconds times 50,000 spans is 1.6e17.
        long current = Math.multiplyExact(time - first, spans) / duration;
        if (current != span) {
            end();
            span = current;
            lowTime = time;
            low = value;
            highTime = time;
            high = value;
        } else if (value < low) {
            lowTime = time;
            low = value;
        } else if (value > high) {
            highTime = time;
            high = value;
        }
    }

    /// Lets the last span pass.
    void end() {
        if (span == NONE) {
            return;
        }
        span = NONE;
        if (lowTime < highTime) {
            out.accept(lowTime, low);
            out.accept(highTime, high);
        } else {
            out.accept(highTime, high);
            if (lowTime > highTime) {
                out.accept(lowTime, low);
            }
        }
    }
}
