package dev.telltale.ingest.remotewrite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.telltale.problem.Problem;
import dev.telltale.series.Labels;
import dev.telltale.series.SeriesKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class KnownSeriesTest {

    private final AtomicInteger read = new AtomicInteger();
    private final KnownSeries known = new KnownSeries(
            key -> {
                read.incrementAndGet();
                return key;
            },
            key -> key.name().equals("wanted"),
            100_000);

    @Test
    void readsLabelsOnce() {
        KnownSeries.Known first = known.of(labels("__name__", "wanted", "a", "1"));

        assertThat(first.key()).isEqualTo(new SeriesKey("wanted", Labels.of(Map.of("a", "1"))));
        assertThat(first.isKept()).isTrue();
        assertThat(known.of(labels("__name__", "wanted", "a", "1"))).isSameAs(first);
        assertThat(known.of(labels("__name__", "other")).isKept()).isFalse();
        assertThat(read).hasValue(2);
    }

    @Test
    void keepsItsOwnCopyOfLabels() {
        ByteBuffer buffer = ByteBuffer.allocate(100);
        byte[] name = "__name__".getBytes(StandardCharsets.UTF_8);
        buffer.putInt(name.length).put(name).putInt(1).put((byte) 'a');
        LabelBytes labels = new LabelBytes(buffer.array(), buffer.position());
        assertThat(known.of(labels).key().name()).isEqualTo("a");

        buffer.array()[buffer.position() - 1] = 'b';

        assertThat(known.of(new LabelBytes(buffer.array(), buffer.position()))
                        .key()
                        .name())
                .isEqualTo("b");
        assertThat(known.of(labels("__name__", "a")).key().name()).isEqualTo("a");
        assertThat(read).hasValue(2);
    }

    @Test
    void tellsLabelsApartWhereverTheyAreCut() {
        assertThat(known.of(labels("__name__", "wanted", "a", "bc", "d", "e")).key())
                .isNotEqualTo(known.of(labels("__name__", "wanted", "ab", "c", "d", "e"))
                        .key());
    }

    @Test
    void forgetsWhatWasNotAskedForLately() {
        LabelBytes often = labels("__name__", "wanted");
        known.of(often);
        for (int i = 0; i < 10_000; i++) {
            known.of(labels("__name__", "wanted", "number", "" + i));
            known.of(often);
        }
        assertThat(read).as("the one that is asked for again and again is kept").hasValue(10_001);
        known.of(labels("__name__", "wanted", "number", "0"));
        assertThat(read).as("those from long ago are not").hasValue(10_002);
    }

    @Test
    void keepsNothingOfLabelsThatAreNotValid() {
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> known.of(labels("a", "1")))
                    .isInstanceOf(Problem.class)
                    .hasMessage("there is no label __name__");
        }
        assertThat(read).hasValue(0);
    }

    private static LabelBytes labels(String... texts) {
        ByteBuffer bytes = ByteBuffer.allocate(1000);
        for (String text : texts) {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            bytes.putInt(utf8.length).put(utf8);
        }
        return new LabelBytes(bytes.array(), bytes.position());
    }
}
