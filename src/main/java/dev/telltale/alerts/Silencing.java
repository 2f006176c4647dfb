package dev.telltale.alerts;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

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

        /// The series of the whole group of which nothing is told.
        Set<Long> leftOutOf(AlertGroup whole) {
            Set<Long> silenced = new HashSet<>(seriesOf(whole));
            silenced.removeAll(seriesOf(audible));
            return silenced;
        }

        boolean tellsAnyOf(Set<Long> series) {
            return !Collections.disjoint(seriesOf(audible), series);
        }

        private static Set<Long> seriesOf(AlertGroup group) {
            return group.alerts().stream().map(Alert::series).collect(Collectors.toSet());
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
