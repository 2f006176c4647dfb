package dev.telltale.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class GateTest {

    @Test
    void letsSoManyInAndRefusesTheNextAtOnce() {
        Gate gate = new Gate(2, 0);
        Optional<Gate.Place> first = gate.enter();
        Optional<Gate.Place> second = gate.enter();

        assertThat(first).isPresent();
        assertThat(second).isPresent();
        assertThat(gate.taken()).isEqualTo(2);
        assertThat(gate.enter()).isEmpty();

        first.get().close();
        first.get().close(); // gives nothing back twice
        assertThat(gate.enter()).isPresent();
        assertThat(gate.enter()).isEmpty();
    }

    @Test
    void letsAFewWaitAndRefusesOthersMeanwhile() throws Exception {
        Gate gate = new Gate(1, 1);
        Gate.Place mine = gate.enter().orElseThrow();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Optional<Gate.Place>> waiting = threads.submit(gate::enter);
            awaitWaiting(gate, 1);

            assertThat(gate.enter()).isEmpty();
            mine.close();
            assertThat(waiting.get()).isPresent();
            assertThat(gate.taken()).isEqualTo(1);
        }
    }

    @Test
    void letsFewerWaitWhereSomeHaveToAgainAndAgain() throws Exception {
        AtomicLong clock = new AtomicLong();
        Gate gate = new Gate(1, 3, 1, clock::get);
        Gate.Place mine = gate.enter().orElseThrow();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Optional<Gate.Place>>> waiting = new ArrayList<>();
            for (int i = 1; i <= 2; i++) {
                waiting.add(threads.submit(gate::enter));
                awaitWaiting(gate, i);
                clock.addAndGet(400_000_000);
            }
            assertThat(gate.enter()).as("two wait").isEmpty();
            mine.close();
            for (Future<Optional<Gate.Place>> one : waiting) {
                one.get().orElseThrow().close();
            }
            clock.addAndGet(600_000_000);
            Gate.Place another = gate.enter().orElseThrow();
            for (int i = 1; i <= 3; i++) {
                waiting.add(threads.submit(gate::enter));
                awaitWaiting(gate, i);
            }
            assertThat(gate.enter()).isEmpty();
            another.close();
            for (Future<Optional<Gate.Place>> one : waiting.subList(2, 5)) {
                one.get().orElseThrow().close();
            }
        }
        assertThat(gate.taken()).isZero();
    }

    @Test
    void givesThePlaceOfOneWhoWaitsForItsCallerToOthers() throws Exception {
        Gate gate = new Gate(1, 0);
        Gate.Place mine = gate.enter().orElseThrow();
        mine.rest();
        Gate.Place other = gate.enter().orElseThrow();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> back = threads.submit(mine::goOn);
            assertThat(gate.taken()).isEqualTo(1);
            other.close();
            back.get();
        }
        assertThat(gate.taken()).isEqualTo(1);
        mine.leave();
        mine.goOn(); // has left for good
        assertThat(gate.taken()).isZero();
    }

    @Test
    void neverLetsMoreInThanMayBe() throws Exception {
        Gate gate = new Gate(3, 1_000);
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        List<Future<?>> all = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 500; i++) {
                all.add(threads.submit(() -> {
                    try (Gate.Place place = gate.enter().orElseThrow()) {
                        for (int step = 0; step < 3; step++) {
                            most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                            LockSupport.parkNanos(1_000);
                            inside.decrementAndGet();
                            place.rest();
                            place.goOn();
                        }
                    }
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
        }
        assertThat(most.get()).isBetween(1, 3);
        assertThat(gate.taken()).isZero();
        assertThat(gate.waiting()).isZero();
    }

    private static void awaitWaiting(Gate gate, int count) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (gate.waiting() < count && System.nanoTime() < deadline) {
            Thread.sleep(1);
        }
        assertThat(gate.waiting()).isEqualTo(count);
    }
}
