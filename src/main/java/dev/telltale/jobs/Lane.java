package dev.telltale.jobs;

import java.util.Collection;
import java.util.List;

/// Jobs of some kinds that run one at a time in a process, whatever jobs of other lanes do.
///
/// @param kinds of its jobs, at least one
record Lane(String name, List<String> kinds) {

    Lane {
        kinds = List.copyOf(kinds);
    }

    /// The lane in which jobs of a kind run. A kind that nothing runs has one to fail in.
    static Lane of(String kind, Collection<JobRunner> runners) {
        String name = runners.stream()
                .filter(runner -> runner.kind().equals(kind))
                .map(JobRunner::lane)
                .findFirst()
                .orElse(kind);
        List<String> kinds = runners.stream()
                .filter(runner -> runner.lane().equals(name))
                .map(JobRunner::kind)
                .toList();
        return new Lane(name, kinds.isEmpty() ? List.of(kind) : kinds);
    }

    /// The scheduler's name of a turn in it.
    String task() {
        return "job-" + name;
    }
}
