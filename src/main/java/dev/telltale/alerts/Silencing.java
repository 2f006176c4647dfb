package dev.telltale.alerts;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The second stage: takes the silenced alerts out of a group.
final class Silencing {

    private Silencing() {}

    /// What is left of a group.
    ///
    /// @param audible the group without its silenced alerts; all may be
    /// @param until when the first of the silences that hold now ends; empty if none holds
    record Outcome(AlertGroup audible, Optional<Instant> until) {

        boolean isSilent() {
            return audible.alerts().isEmpty() && until.isPresent();
        }
    }

    static Outcome of(AlertGroup group, List<Silence> silences, Instant now) {
        List<Alert> audible = new ArrayList<>();
        Optional<Instant> until = Optional.empty();
        for (Alert alert : group.alerts()) {
            Map<String, String> labels = alert.labels(group.detector());
            Optional<Instant> silenced = silences.stream()
                    .flatMap(silence -> silence.silences(alert.metric(), labels, now).stream())
                    .min(Instant::compareTo);
            if (silenced.isEmpty()) {
                audible.add(alert);
            } else if (until.isEmpty() || silenced.get().isBefore(until.get())) {
                until = silenced;
            }
        }
        return new Outcome(group.with(audible), until);
    }
}
