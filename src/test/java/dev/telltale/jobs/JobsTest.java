package dev.telltale.jobs;

import java.nio.file.Path;

class JobsTest extends JobsContract {

    @Override
    JobsFixture process(Path directory) {
        return JobsFixture.alone(directory);
    }
}
