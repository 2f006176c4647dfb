package dev.telltale.http;

import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.ApplicationListener;
import org.springframework.context.SmartLifecycle;
import org.springframework.http.HttpHeaders;

/// The time between the moment from which readiness answers 503 and the one from which no connection is taken any
/// more. Requests are answered as ever in it, and told that their connections close.
final class Drain implements SmartLifecycle, ApplicationListener<AvailabilityChangeEvent<ReadinessState>> {

    private final Duration delay;
    private volatile boolean hasBegun;
    private volatile long end;
    private volatile boolean running;

    Drain(Duration delay) {
        this.delay = delay;
    }

    /// Tells a caller, if the service is about to end, that the next request had better go elsewhere.
    void tell(HttpServletResponse response) {
        if (hasBegun) {
            response.setHeader(HttpHeaders.CONNECTION, "close");
        }
    }

    @Override
    public void onApplicationEvent(AvailabilityChangeEvent<ReadinessState> change) {
        if (change.getState() == ReadinessState.REFUSING_TRAFFIC && running && !hasBegun) {
            end = System.nanoTime() + delay.toNanos();
            hasBegun = true;
        }
    }

    @Override
    public void start() {
        running = true;
    }

    /// Waits beside those who end at the same time, such as jobs.
    @Override
    public void stop(Runnable whenDone) {
        Thread.ofVirtual().name("drain").start(() -> {
            stop();
            whenDone.run();
        });
    }

    @Override
    public void stop() {
        try {
            if (hasBegun) {
                Thread.sleep(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
