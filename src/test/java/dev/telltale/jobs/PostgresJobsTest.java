package dev.telltale.jobs;

import dev.telltale.database.Postgres;
import java.nio.file.Path;

class PostgresJobsTest extends JobsContract {

    private final Postgres postgres = Postgres.fresh();

    @Override
    JobsFixture process(Path directory) {
        return JobsFixture.sharing(postgres, directory);
    }
}
