package dev.telltale.ops;

import dev.telltale.jobs.JobRun;
import dev.telltale.jobs.JobRunner;

/// A backup as a background job, beside trainings and uploads. Its subject is the id of the backup.
final class BackupJob implements JobRunner {

    static final String KIND = "backup";

    private final Backups backups;

    BackupJob(Backups backups) {
        this.backups = backups;
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public String run(JobRun run) {
        backups.make(run);
        return path(run.subject());
    }

    /// Where callers find a backup.
    static String path(String id) {
        return "/api/v1/backups/" + id;
    }
}
