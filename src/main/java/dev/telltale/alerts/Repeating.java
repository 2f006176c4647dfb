package dev.telltale.alerts;

import java.time.Instant;
import java.util.List;

/// The third stage: whether a receiver is told now, and when to look at the incident again.
final class Repeating {

    private Repeating() {}

    /// What is due.
    sealed interface Verdict {

        /// Say so now.
        ///
        /// @param group what to say
        /// @param again the receiver is not told again before, unless it ends
        record Tell(Occasion occasion, AlertGroup group, Instant again) implements Verdict {}

        /// It ended: say so now, before that that it began if nobody was told, and forget it.
        record TellTheEnd(List<Occasion> occasions, AlertGroup group) implements Verdict {}

        /// Not now.
        record Wait(Instant until) implements Verdict {}

        /// Not now, and nothing before it changes.
        record WaitForChange() implements Verdict {}

        /// It ended while silenced or was called a false alarm, and nobody was told that it began.
        record Forget() implements Verdict {}
    }

    static Verdict of(Firing firing, Silencing.Outcome silencing, Receiver receiver, Instant now) {
        if (!firing.open()) {
            return ofEnded(firing, silencing);
        }
        if (silencing.isSilent()) {
            return new Verdict.Wait(silencing.until().orElseThrow());
        }
        Instant again = now.plus(receiver.repeat());
        if (firing.told().isEmpty()) {
            return new Verdict.Tell(Occasion.BEGAN, silencing.audible(), again);
        }
        Instant due = firing.told().get().plus(receiver.repeat());
        if (now.isBefore(due)) {
            return new Verdict.Wait(due);
        }
        if (firing.queued()) {
            // What waits tells of it; more of the same would only push others out.
            return new Verdict.Wait(again);
        }
        if (receiver.forgets() || firing.fresh() || silencing.tellsAnyOf(firing.leftOut())) {
            return new Verdict.Tell(Occasion.CHANGED, silencing.audible(), again);
        }
        // What is left out still may be told when its silence ends, though nothing else changes.
        return silencing.until().<Verdict>map(Verdict.Wait::new).orElseGet(Verdict.WaitForChange::new);
    }

    /// The end of what was told is told through all silences: else it would last for ever.
    private static Verdict ofEnded(Firing firing, Silencing.Outcome silencing) {
        if (firing.told().isPresent()) {
            return new Verdict.TellTheEnd(List.of(Occasion.ENDED), firing.group());
        }
        return silencing.isSilent() || firing.group().anomalies() == 0
                ? new Verdict.Forget()
                : new Verdict.TellTheEnd(List.of(Occasion.BEGAN, Occasion.ENDED), silencing.audible());
    }
}
