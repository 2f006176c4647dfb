package dev.telltale.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TransferTest {

    private static final long LONG = Duration.ofSeconds(20).toNanos();

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final SlowCallers slowCallers = new SlowCallers(Duration.ofMinutes(10), new HttpMeters(registry));
    private final Gate gate = new Gate(1, 10);
    private final Gate.Place place = gate.enter().orElseThrow();
    private final Transfer transfer = slowCallers.begin("none", place);

    @AfterEach
    void end() {
        slowCallers.close();
    }

    /// Ten come while a long answer is written and taken at once: it ends before the first of them begins.
    @Test
    void keepsItsPlaceWhileItsCallerTakesWhatIsWritten() throws Exception {
        List<String> order = new ArrayList<>(); // who has the place writes to it
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 10; i++) {
                Future<?> _ = threads.submit(() -> {
                    try (Gate.Place _ = gate.enter().orElseThrow()) {
                        order.add("newcomer");
                    }
                });
            }
            await(() -> gate.waiting() == 10);
            for (int i = 0; i < 100; i++) {
                transfer.write(1 << 16, () -> true);
            }
            order.add("begun");
            place.close();
        }
        assertThat(order).hasSize(11).first().isEqualTo("begun");
    }

    @Test
    void givesItsPlaceToOthersWhileItsCallerTakesNothing() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Optional<Gate.Place>> other = threads.submit(gate::enter);
            await(() -> gate.waiting() == 1);
            transfer.write(1, () -> {
                await(other::isDone);
                other.resultNow().orElseThrow().close();
                return true;
            });
        }
        assertThat(gate.taken()).isEqualTo(1);
        place.close();
        assertThat(gate.taken()).isZero();
    }

    /// Where some bytes are there they may be framing alone, and the rest be waited for.
    @Test
    void givesItsPlaceToOthersWhileABodyStopsInItsFraming() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Optional<Gate.Place>> other = threads.submit(gate::enter);
            await(() -> gate.waiting() == 1);
            transfer.read(false, () -> {
                await(other::isDone);
                other.resultNow().orElseThrow().close();
                return 1;
            });
        }
        assertThat(gate.taken()).isEqualTo(1);
    }

    @Test
    void saysThatACallerIsTooSlowWhateverEndsTheWait() {
        Transfer hasty = new Transfer(slowCallers, "none", 1, place);
        assertThat(hasty.cutIfTooSlow()).isFalse(); // nothing is waited for
        assertThatThrownBy(() -> hasty.read(false, () -> {
                    LockSupport.parkNanos(1_000);
                    assertThat(hasty.cutIfTooSlow()).isTrue();
                    assertThat(hasty.cutIfTooSlow()).isFalse(); // counted once
                    throw new EOFException();
                }))
                .isInstanceOf(CallerTooSlow.class);
        assertThat(hasty.drain(() -> -1)).isFalse();
        assertThat(registry.get("telltale.http.cut")
                        .tag("part", "body")
                        .counter()
                        .count())
                .isEqualTo(1);
    }

    /// Something that comes to be.
    @FunctionalInterface
    private interface Hope {
        boolean isFulfilled();
    }

    private static void await(Hope hope) throws IOException {
        for (long end = System.nanoTime() + LONG; !hope.isFulfilled(); ) {
            if (System.nanoTime() > end) {
                throw new IOException("was not to be");
            }
            LockSupport.parkNanos(1_000_000);
        }
    }
}
