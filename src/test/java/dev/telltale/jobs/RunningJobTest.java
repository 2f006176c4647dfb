package dev.telltale.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunningJobTest {

    @TempDir
    Path directory;

    @Test
    void goesOnWhileTheStoreTakesNoProgress() {
        JobsFixture process = JobsFixture.alone(directory);
        Job job = process.submit("disk");
        RunningJob run =
                new RunningJob(new Claim(job, 1), process.table, process.clock, JobsFixture.TIME_LIMIT, () -> {});
        process.abandon();

        JobProgress progress = new JobProgress.Training(1, 5, 0.5, null, null);
        run.progress(progress);

        assertThat(run.latest()).contains(progress);
        assertThat(run.cancelled()).isFalse();
    }
}
