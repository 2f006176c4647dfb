package dev.telltale.egress;

import java.time.Duration;
import java.util.Optional;

/// What a far end said to a request.
sealed interface Answer {

    record Written() implements Answer {}

    /// It will never take these samples.
    ///
    /// @param partly whether it may take some of them
    record Refused(boolean partly, String why) implements Answer {}

    /// It cannot take them now.
    ///
    /// @param after how long it wants to be left alone, if it said so
    record NotNow(String why, Optional<Duration> after) implements Answer {}
}
