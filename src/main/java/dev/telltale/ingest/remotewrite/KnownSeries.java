package dev.telltale.ingest.remotewrite;

import dev.telltale.problem.Excerpt;
import dev.telltale.series.Labels;
import dev.telltale.series.SeriesKey;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/// The series of labels that senders send again and again. To read and check labels takes longer than to
/// store a sample, so what they were is kept, of some ten thousand series.
final class KnownSeries {

    /// A series, and whether its samples are wanted.
    record Known(SeriesKey key, boolean isKept) {}

    private static final String NAME = "__name__";
    private static final int BYTES_BESIDES = 150;

    private final UnaryOperator<SeriesKey> same;
    private final Predicate<SeriesKey> filter;
    private final long limit;
    private final AtomicLong size = new AtomicLong();
    /// What was asked for lately, and before that. When the one is full it takes the other's place.
    private volatile Map<LabelBytes, Known> lately = new ConcurrentHashMap<>();

    private volatile Map<LabelBytes, Known> before = Map.of();

    /// @param same gives an equal key that is in memory anyway, or the key itself
    /// @param filter whether a series is wanted
    /// @param limit bytes that this may take
    KnownSeries(UnaryOperator<SeriesKey> same, Predicate<SeriesKey> filter, long limit) {
        this.same = same;
        this.filter = filter;
        this.limit = limit / 2;
    }

    /// The series with these labels.
    ///
    /// @throws dev.telltale.problem.Problem if they are not valid
    Known of(LabelBytes labels) {
        Known known = lately.get(labels);
        if (known != null) {
            return known;
        }
        known = before.get(labels);
        if (known == null) {
            SeriesKey key = same.apply(key(labels));
            known = new Known(key, filter.test(key));
        }
        keep(labels.copy(), known);
        return known;
    }

    private void keep(LabelBytes labels, Known known) {
        int bytes = labels.length() + BYTES_BESIDES;
        if (size.addAndGet(bytes) > limit) {
            synchronized (this) {
                if (size.get() > limit) {
                    before = lately;
                    lately = new ConcurrentHashMap<>();
                    size.set(bytes);
                }
            }
        }
        lately.put(labels, known);
    }

    private static SeriesKey key(LabelBytes labels) {
        Map<String, String> values = new HashMap<>();
        ByteBuffer in = ByteBuffer.wrap(labels.bytes(), 0, labels.length());
        while (in.hasRemaining()) {
            String name = text(in);
            if (name.isEmpty()) {
                throw RemoteWriteProblem.BAD_LABELS.because("a label has no name");
            }
            if (values.put(name, text(in)) != null) {
                throw RemoteWriteProblem.BAD_LABELS.because("the label '%s' stands twice", Excerpt.of(name));
            }
        }
        String name = values.remove(NAME);
        if (name == null || name.isEmpty()) {
            throw RemoteWriteProblem.BAD_LABELS.because("there is no label %s", NAME);
        }
        return new SeriesKey(name, Labels.of(values));
    }

    private static String text(ByteBuffer in) {
        int length = in.getInt();
        ByteBuffer bytes = in.slice(in.position(), length);
        in.position(in.position() + length);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException broken) {
            throw RemoteWriteProblem.BAD_LABELS.because("a label is not UTF-8");
        }
    }
}
