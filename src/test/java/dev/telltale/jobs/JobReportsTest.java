package dev.telltale.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.database.DataDirectory;
import dev.telltale.database.Database;
import dev.telltale.database.SqliteDatabase;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobReportsTest {

    private DataDirectory directory;
    private Database database;
    private JobReports reports;

    @BeforeEach
    void open(@TempDir Path path) {
        directory = DataDirectory.open(path);
        database = SqliteDatabase.open(directory);
        reports = new JobReports(database, "upload");
    }

    @AfterEach
    void close() {
        database.close();
        directory.close();
    }

    @Test
    void keepsTheLastReportOfAJob() {
        reports.keep(run(7), "{\"run\":1}");
        reports.keep(run(7), "{\"run\":2}");

        assertThat(reports.find(7)).contains("{\"run\":2}");
        assertThat(reports.find(8)).isEmpty();
    }

    @Test
    void forgetsAllButTheNewestThousand() {
        for (int job = 1; job <= 1_001; job++) {
            reports.keep(run(job), "{}");
        }

        assertThat(reports.find(1)).isEmpty();
        assertThat(reports.find(2)).isPresent();
    }

    private static JobRun run(long id) {
        return new LooseRun(id, "file", "{}", Fence.OPEN);
    }
}
