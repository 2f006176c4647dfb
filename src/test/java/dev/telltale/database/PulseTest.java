package dev.telltale.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PulseTest {

    private static final Duration NEVER = Duration.ofDays(1);

    private final AtomicInteger done = new AtomicInteger();

    @Test
    void doesItsWorkAgainAndAgain() {
        try (Pulse _ = new Pulse("test", Duration.ofMillis(10), done::incrementAndGet)) {
            await().until(() -> done.get() >= 3);
        }
    }

    @Test
    void goesOnAfterAFailure() {
        Runnable failsTwice = () -> {
            if (done.incrementAndGet() <= 2) {
                throw new IllegalStateException("not now");
            }
        };
        try (Pulse _ = Pulse.atOnce("test", Duration.ofMillis(10), failsTwice)) {
            await().until(() -> done.get() >= 4);
        }
    }

    @Test
    void isWokenInTheMiddleOfItsPause() {
        try (Pulse pulse = new Pulse("test", NEVER, done::incrementAndGet)) {
            pulse.wake();

            await().until(() -> done.get() == 1);
        }
    }

    @Test
    void doesWhatItWasWokenForWhileItWorked() throws InterruptedException {
        CountDownLatch working = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Runnable slow = () -> {
            done.incrementAndGet();
            working.countDown();
            awaitUninterrupted(goOn);
        };
        try (Pulse pulse = Pulse.atOnce("test", NEVER, slow)) {
            working.await();
            pulse.wake();
            goOn.countDown();

            await().until(() -> done.get() == 2);
        }
    }

    @Test
    void triesAgainSoonWhatItWasWokenFor() {
        Runnable failsOnce = () -> {
            if (done.incrementAndGet() == 1) {
                throw new IllegalStateException("not now");
            }
        };
        try (Pulse pulse = new Pulse("test", NEVER, failsOnce)) {
            pulse.wake();

            await().until(() -> done.get() == 2);
        }
    }

    @Test
    void doesNothingMoreOnceItIsClosed() {
        Pulse pulse = new Pulse("test", NEVER, done::incrementAndGet);

        pulse.close();
        pulse.wake();

        assertThat(done.get()).isZero();
        assertThat(pulse.isClosed()).isTrue();
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
