package dev.telltale.series;

import dev.telltale.http.Times;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Writes a range of samples as it is read from the store, in little memory however long it is.
final class SampleWriter {

    private static final int WRITTEN_AT_ONCE = 8_000;

    private final SeriesStore store;

    SampleWriter(SeriesStore store) {
        this.store = store;
    }

    /// @param beside what to write beside each sample
    void write(long seriesId, SampleRange range, SampleForm form, Optional<Beside> beside, OutputStream out) {
        Text text = new Text(form, beside, out);
        if (range.maxPoints().isPresent()) {
            thinnedOut(seriesId, range, range.maxPoints().getAsInt(), text);
        } else {
            each(seriesId, range.start(), range.end(), range.limit(), text);
        }
        text.end();
    }

    /// Looks at the range once for its ends and once more for its samples. Those that come between the two
    /// are taken only where they lie inside, so that never more than `maxPoints` pass.
    private void thinnedOut(long seriesId, SampleRange range, int mostPoints, SampleSink out) {
        Extent extent = new Extent();
        each(seriesId, range.start(), range.end(), range.limit(), extent);
        if (extent.count <= mostPoints) {
            each(seriesId, extent.first, extent.last, mostPoints, out);
        } else {
            DownSampling thinner = new DownSampling(extent.first, extent.last, mostPoints, out);
            each(seriesId, extent.first, extent.last, Long.MAX_VALUE, thinner);
            thinner.end();
        }
    }

    private void each(long seriesId, long start, long end, long limit, SampleSink sink) {
        long[] left = {limit};
        store.scanWhile(seriesId, start, end, page -> {
            int count = (int) Math.min(left[0], page.count());
            for (int i = 0; i < count; i++) {
                sink.accept(page.time(i), page.value(i));
            }
            left[0] -= count;
            return left[0] > 0;
        });
    }

    /// What other rooms know of the samples.
    ///
    /// @param name what it is called in the answer
    record Beside(String name, SampleColumn.Values values) {}

    /// The ends of a range; without samples the first is behind the last.
    private static final class Extent implements SampleSink {

        private long count;
        private long first = Long.MAX_VALUE;
        private long last = Long.MIN_VALUE;

        @Override
        public void accept(long time, double value) {
            if (count == 0) {
                first = time;
            }
            last = time;
            count++;
        }
    }

    /// Samples on their way out as text.
    private static final class Text implements SampleSink {

        private final SampleForm form;
        private final OutputStream out;
        private final StringBuilder text = new StringBuilder();
        private final Optional<Beside> beside;
        private boolean isFirst = true;

        Text(SampleForm form, Optional<Beside> beside, OutputStream out) {
            this.form = form;
            this.beside = beside;
            this.out = out;
            text.append(beside.map(column -> form.head(column.name())).orElse(form.head));
        }

        @Override
        public void accept(long time, double value) {
            text.append(isFirst ? "" : form.betweenSamples)
                    .append(form.beforeTime)
                    .append(Times.format(time))
                    .append(form.beforeValue)
                    .append(value);
            beside.ifPresent(column -> text.append(form.beforeColumn(column.name()))
                    .append(column.values().at(time).map(String::valueOf).orElse(form.absent)));
            text.append(form.afterValue);
            isFirst = false;
            if (text.length() > WRITTEN_AT_ONCE) {
                flush();
            }
        }

        void end() {
            text.append(form.tail);
            flush();
        }

        private void flush() {
            try {
                out.write(text.toString().getBytes(StandardCharsets.US_ASCII));
                text.setLength(0);
            } catch (IOException callerHasGone) {
                throw new UncheckedIOException(callerHasGone);
            }
        }
    }
}
