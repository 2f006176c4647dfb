package dev.telltale.alerts;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// A clock that goes on when a test says so.
final class SteeredClock implements InstantSource {

    private volatile Instant now;

    SteeredClock(String start) {
        now = Instant.parse(start);
    }

    @Override
    public Instant instant() {
        return now;
    }

    void goOn(Duration time) {
        now = now.plus(time);
    }
}
