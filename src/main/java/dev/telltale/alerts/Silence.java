package dev.telltale.alerts;

import dev.telltale.http.EntityTag;
import dev.telltale.series.Selector;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/// Alerts of which nobody is told for a time.
///
/// @param id given once, ascending
/// @param revision another one at each change
/// @param matchers which alerts, by their labels; the name before the braces is that of the metric
record Silence(long id, long revision, Selector matchers, Schedule schedule, SilenceForm form) {

    /// Where it stands.
    enum State {
        PENDING,
        ACTIVE,
        ENDED
    }

    /// Until when it silences an alert; empty if it does not now.
    ///
    /// @param labels of the alert
    Optional<Instant> silences(String metric, Map<String, String> labels, Instant now) {
        return schedule.until(now).filter(until -> matchers.matches(metric, labels));
    }

    State state(Instant now) {
        if (schedule.end().filter(end -> !now.isBefore(end)).isPresent()) {
            return State.ENDED;
        }
        return schedule.until(now).isPresent() ? State.ACTIVE : State.PENDING;
    }

    /// The first part names what was asked for, the second where it stands.
    EntityTag tag(Instant now) {
        return EntityTag.of(definitionTag().value(), state(now).name());
    }

    EntityTag definitionTag() {
        return new EntityTag(Long.toString(revision));
    }
}
