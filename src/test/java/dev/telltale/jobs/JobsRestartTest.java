package dev.telltale.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class JobsRestartTest extends JobsRestartContract {

    @Override
    JobsFixture process(Path directory) {
        return JobsFixture.alone(directory);
    }

    @Test
    void aJobOfAKindThatNothingRunsAnyMoreFails() {
        Job job;
        try (JobsFixture first = process(directory)) {
            job = first.jobs.submit("gone", "disk", "{}");
        }
        try (JobsFixture second = process(directory).started()) {
            assertThat(second.ended(job).state()).isInstanceOf(JobState.Failed.class);
        }
    }
}
