package dev.telltale.series;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Those who are told of samples that are on disk: whatever one makes of them, they were accepted.
final class Audience {

    private static final Logger LOG = LoggerFactory.getLogger(Audience.class);

    private final List<SampleListener> listeners = new CopyOnWriteArrayList<>();

    void add(SampleListener listener) {
        listeners.add(listener);
    }

    boolean isEmpty() {
        return listeners.isEmpty();
    }

    void accepted(SampleBatch batch) {
        tell(listener -> listener.accepted(batch), batch.count() + " samples");
    }

    void ended(long seriesId, long time) {
        tell(listener -> listener.ended(seriesId, time), "the end of a series");
    }

    void changed(long seriesId, TimeSpan span) {
        tell(listener -> listener.changed(seriesId, span.first(), span.last()), "samples of a series");
    }

    private void tell(Consumer<SampleListener> news, String what) {
        for (SampleListener listener : listeners) {
            try {
                news.accept(listener);
            } catch (RuntimeException e) {
                LOG.error("A listener failed on {}; what came is stored", what, e);
            }
        }
    }
}
