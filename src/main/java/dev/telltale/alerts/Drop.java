package dev.telltale.alerts;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;

/// A message that was never delivered.
@Schema(name = "DroppedAlert", description = "A message that was given up")
record Drop(
        @Schema(example = "17") String incident,

        @Schema(allowableValues = {"began", "changed", "ended"})
        Occasion occasion,

        @Schema(allowableValues = {"queue-full", "expired", "refused"})
        Reason reason,

        @Schema(example = "2026-03-10T09:00:00Z") Instant time) {

    /// Why it was given up.
    enum Reason {
        /// As many waited already as may; the oldest goes.
        QUEUE_FULL,
        /// It could not be delivered for too long.
        EXPIRED,
        /// The receiver says that it will not take it.
        REFUSED
    }
}
