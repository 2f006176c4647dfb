package dev.telltale.live;

import java.util.Optional;

/// What somebody said of an anomaly.
///
/// @param wasOne whether it was one; false of a false alarm
/// @param time when it was said, epoch milliseconds UTC
record Feedback(boolean wasOne, Optional<String> note, long time) {}
