package dev.telltale.jobs;

/// A run that no queue knows: nobody ends it or hears of it.
///
/// @param fence what keeps it from publishing
public record LooseRun(long id, String subject, String payload, Fence fence) implements JobRun {

    @Override
    public void progress(JobProgress progress) {}

    @Override
    public boolean cancelled() {
        return false;
    }
}
