package dev.telltale.jobs;

import dev.telltale.http.HttpProblem;
import java.util.Collection;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Which jobs of a list are wanted.
///
/// @param state in which they are, all if absent
/// @param kind what they do, all if absent
public record JobFilter(Optional<String> state, Optional<String> kind) {

    /// All jobs.
    public static final JobFilter ALL = new JobFilter(Optional.empty(), Optional.empty());

    public JobFilter {
        state.ifPresent(name -> refuseUnless("state", name, JobState.LABELS));
    }

    static JobFilter of(@Nullable String state, @Nullable String kind) {
        return new JobFilter(Optional.ofNullable(state), Optional.ofNullable(kind));
    }

    /// @param kinds that there are
    void refuseUnlessKnown(Collection<String> kinds) {
        kind.ifPresent(
                name -> refuseUnless("kind", name, kinds.stream().sorted().toList()));
    }

    private static void refuseUnless(String parameter, String name, Collection<String> known) {
        if (!known.contains(name)) {
            throw HttpProblem.INVALID_PARAMETER.because(
                    "%s is one of %s, was '%s'", parameter, String.join(", ", known), name);
        }
    }
}
