package dev.telltale.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// What is promised of the bodies of uploads, wherever they lie.
abstract class UploadBodiesContract {

    /// The names of those on which a job works.
    final Set<String> needed = new HashSet<>();

    abstract UploadBodies bodies();

    /// Lets as much time pass as a body without a job is kept.
    abstract void letTimePass();

    /// How many bodies there are.
    abstract long count();

    @Test
    void keepsABodyUntilNoJobNeedsIt() throws IOException {
        String name = handedOver(bodies().keep(body("timestamp")));
        needed.add(name);
        letTimePass();
        bodies().run();
        try (UploadBodies.Body body = bodies().open(name)) {
            assertThat(body.size()).isEqualTo(9);
            assertThat(body.content().readAllBytes()).isEqualTo("timestamp".getBytes(StandardCharsets.UTF_8));
        }

        needed.clear();
        bodies().run();
        assertThat(count()).isZero();
        assertThatThrownBy(() -> bodies().open(name)).isInstanceOf(IOException.class);
    }

    @Test
    void keepsABodyThatIsStillArriving() {
        try (UploadBodies.Arrival arrival = bodies().keep(body("timestamp"))) {
            bodies().run();

            assertThat(arrival.<String>handOver(name -> name)).isNotEmpty();
        }
        assertThat(count()).isOne();
    }

    @Test
    void givesBackEachByteOfBodiesOfAllSizes() throws IOException {
        int part = 256 * 1024;
        Random random = new Random(42);
        for (int size : new int[] {0, 1, part - 1, part, part + 1, 2 * part, 3 * part + 17}) {
            byte[] bytes = new byte[size];
            random.nextBytes(bytes);
            String name = handedOver(bodies().keep(new Trickling(bytes)));

            try (UploadBodies.Body body = bodies().open(name)) {
                assertThat(body.size()).isEqualTo(size);
                assertThat(body.content().readAllBytes()).isEqualTo(bytes);
                assertThat(body.content().read()).isEqualTo(-1);
            }
            bodies().remove(name);
        }
        assertThat(count()).isZero();
    }

    @Test
    void readsByteByByteToo() throws IOException {
        String name = handedOver(bodies().keep(new ByteArrayInputStream(new byte[] {-1, 7})));
        try (UploadBodies.Body body = bodies().open(name)) {
            assertThat(body.content().read()).isEqualTo(255);
            assertThat(body.content().read()).isEqualTo(7);
            assertThat(body.content().read()).isEqualTo(-1);
        }
    }

    @Test
    void removesABodyOfWhichNoJobWasMade() {
        try (UploadBodies.Arrival arrival = bodies().keep(body("timestamp"))) {
            assertThatThrownBy(() -> arrival.handOver(name -> {
                        throw new IllegalStateException("the queue is full");
                    }))
                    .hasMessage("the queue is full");
        }

        assertThat(count()).isZero();
    }

    @Test
    void leavesNothingOfACallerWhoHangsUp() {
        InputStream cutOff = new SequenceInputStream(new ByteArrayInputStream(new byte[600_000]), new Gone());

        assertThatThrownBy(() -> bodies().keep(cutOff))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("he has gone");
        assertThat(count()).isZero();
    }

    @Test
    void knowsOnlyWhatItWasGiven() {
        assertThatThrownBy(() -> bodies().open("5f0f3b1c")).isInstanceOf(IOException.class);
        bodies().remove("5f0f3b1c");
    }

    static String handedOver(UploadBodies.Arrival arrival) {
        try (arrival) {
            return arrival.handOver(name -> name);
        }
    }

    static InputStream body(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    /// Gives less than it is asked for, as a network does.
    private static final class Trickling extends ByteArrayInputStream {

        Trickling(byte[] bytes) {
            super(bytes);
        }

        @Override
        public synchronized int read(byte[] buffer, int offset, int length) {
            return super.read(buffer, offset, Math.min(length, 60_001));
        }
    }

    private static final class Gone extends InputStream {

        @Override
        public int read() throws IOException {
            throw new IOException("he has gone");
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            return read();
        }
    }
}
