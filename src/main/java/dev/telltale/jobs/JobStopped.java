package dev.telltale.jobs;

/// Ends a run that was told to. Carries no stack trace: nothing is wrong.
public final class JobStopped extends RuntimeException {

    private static final long serialVersionUID = 1;

    public JobStopped() {
        super("the run was told to end", null, false, false);
    }
}
