package dev.telltale.live;

/// Hears what somebody said of an anomaly.
@FunctionalInterface
interface FeedbackListener {

    /// Called once the feedback is on disk. The last one given counts.
    ///
    /// @param wasOne whether it was an anomaly; false of a false alarm
    void given(Anomaly anomaly, boolean wasOne);
}
