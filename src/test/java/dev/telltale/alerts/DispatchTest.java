package dev.telltale.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DispatchTest {

    private final SteeredClock clock = new SteeredClock("2026-03-10T09:01:00Z");

    @Test
    void anErrorDoesNotEndTheThreadOfAReceiver(@TempDir Path directory) throws Exception {
        try (AlertsOnDisk alerts = new AlertsOnDisk(directory, clock, 10)) {
            ReceiverName hook = alerts.webhook("hook");
            alerts.happens(Incidents.lasting(1, List.of("hook"), "i-1"));
            AtomicInteger attempts = new AtomicInteger();
            Sender sender = alerts.sender(hook, _ -> {
                if (attempts.incrementAndGet() == 1) {
                    throw new OutOfMemoryError("while a message is sent");
                }
                return new Courier.Outcome.Taken();
            });
            try (Dispatch dispatch = alerts.dispatch(_ -> sender)) {
                dispatch.start();
                Patience.until("it fails", () -> attempts.get() >= 1);
                dispatch.wake(hook);
                Patience.until("it is sent", () -> alerts.outbox.waiting() == 0);
            }
            assertThat(attempts).hasValue(2);
        }
    }

    @Test
    void anErrorDoesNotEndTheThreadThatLooksAtIncidentsNorLoseWhatItFound(@TempDir Path directory) throws Exception {
        try (AlertsOnDisk alerts = new AlertsOnDisk(directory, clock, 10)) {
            ReceiverName hook = alerts.webhook("hook");
            alerts.stores(Incidents.lasting(1, List.of("hook"), "i-1"));
            AtomicInteger attempts = new AtomicInteger();
            Sender sender = alerts.sender(hook, _ -> new Courier.Outcome.Taken());
            try (Dispatch dispatch = alerts.dispatch(_ -> {
                if (attempts.incrementAndGet() == 1) {
                    throw new OutOfMemoryError("while a thread is made");
                }
                return sender;
            })) {
                dispatch.start();
                Patience.until("it fails", () -> attempts.get() >= 1);
                dispatch.wake();
                Patience.until("it is sent", () -> alerts.outbox.waiting() == 0 && attempts.get() == 2);
                assertThat(alerts.receivers
                                .find(hook)
                                .orElseThrow()
                                .deliveries()
                                .lastSuccess())
                        .isPresent();
            }
        }
    }
}
