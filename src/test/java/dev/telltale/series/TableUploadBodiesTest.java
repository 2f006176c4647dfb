package dev.telltale.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.telltale.database.DataDirectory;
import dev.telltale.database.Database;
import dev.telltale.database.Postgres;
import dev.telltale.database.SqliteDatabase;
import dev.telltale.http.Json;
import dev.telltale.jobs.Fence;
import dev.telltale.jobs.JobReports;
import dev.telltale.jobs.JobStopped;
import dev.telltale.jobs.LooseRun;
import dev.telltale.problem.Problem;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableUploadBodiesTest extends UploadBodiesContract {

    private final Postgres postgres = Postgres.fresh();
    private final Path directory;
    private final Replica first;
    private final Replica second;

    /// One of two processes on the database.
    private static final class Replica implements AutoCloseable {

        private final DataDirectory held;
        private final Database database;
        private final TableUploadBodies bodies;

        Replica(Postgres postgres, Path directory, UploadBodiesContract test) {
            held = DataDirectory.open(directory);
            database = postgres.open(held);
            bodies = new TableUploadBodies(database, test.needed::contains);
        }

        @Override
        public void close() {
            database.close();
            held.close();
        }
    }

    TableUploadBodiesTest(@TempDir Path directory) {
        this.directory = directory;
        this.first = new Replica(postgres, directory.resolve("first"), this);
        this.second = new Replica(postgres, directory.resolve("second"), this);
    }

    @AfterEach
    void close() {
        second.close();
        first.close();
    }

    @Override
    UploadBodies bodies() {
        return first.bodies;
    }

    @Override
    void letTimePass() {
        administer("UPDATE upload_body SET at = at - interval '61 minutes'");
    }

    @Override
    long count() {
        try {
            return postgres.number("SELECT count(DISTINCT upload) FROM upload_body");
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void keepsABodyOfAnHourWhileItArrives() {
        InputStream slow = new ByteArrayInputStream(new byte[1_000_000]) {

            @Override
            public synchronized int read(byte[] buffer, int offset, int length) {
                if (available() < 100_000) { // two parts are there, the third is read
                    letTimePass();
                    administer("UPDATE upload_body SET at = clock_timestamp() WHERE part = 1");
                    second.bodies.run();
                }
                return super.read(buffer, offset, Math.min(length, 10_000));
            }
        };

        try (UploadBodies.Arrival arrival = first.bodies.keep(slow)) {
            assertThat(sizeAtTheOther(arrival.name())).isEqualTo(1_000_000);
        }
    }

    @Test
    void removesWhatAKilledProcessLeftAfterAnHour() {
        first.bodies.keep(body("timestamp")); // and never heard of again
        second.bodies.run();
        assertThat(count()).isOne();

        letTimePass();
        second.bodies.run();
        assertThat(count()).isZero();
    }

    @Test
    void saysSoWhereABodyGoesWhileItIsRead() throws IOException {
        String name = handedOver(first.bodies.keep(new ByteArrayInputStream(new byte[600_000])));
        try (UploadBodies.Body body = second.bodies.open(name)) {
            assertThat(body.content().read()).isZero();
            first.bodies.remove(name);

            assertThatThrownBy(() -> body.content().readAllBytes()).isInstanceOf(IOException.class);
        }
    }

    @Test
    void leavesNothingWhereTheDatabaseDoesNotAnswer() {
        second.close();

        assertThatThrownBy(() -> second.bodies.keep(body("timestamp"))).isInstanceOf(Problem.class);
        second.bodies.remove("5f0f3b1c");
        assertThat(count()).isZero();
    }

    @Test
    void whatOneProcessHasTakenInAnotherStores() throws IOException {
        Json json = new Json();
        UploadJob.Payload payload =
                new UploadJob.Payload(UploadFormat.CSV, "cpu", "", "", Duplicates.REFUSE, "UTC", false, false);
        JobReports reports = new JobReports(second.database, "upload");
        try (DataDirectory held = DataDirectory.open(directory.resolve("store"));
                SqliteDatabase database = SqliteDatabase.open(held);
                SqliteSeriesStore store =
                        SqliteSeriesStore.open(database, new ChunkedSeriesStore.Limits(3, 10_000, 1_000_000))) {
            Uploads uploads = new Uploads(
                    new SampleReader(json),
                    store,
                    new SeriesLookup(store),
                    new Intake(store, new SimpleMeterRegistry(), List.of()),
                    database::temporaryFile,
                    3);
            UploadJob accepting = new UploadJob(uploads, first.bodies, new JobReports(first.database, "upload"), json);
            UploadJob doing = new UploadJob(uploads, second.bodies, reports, json);
            String name;
            try (UploadJob.Prepared upload = accepting.prepare(payload, body("timestamp,value\n1400000000000,1.5\n"))) {
                name = upload.body().handOver(itself -> itself);
            }
            String told = new String(json.write(payload), StandardCharsets.UTF_8);

            Fence lost = connection -> {
                throw new JobStopped();
            };
            assertThatThrownBy(() -> doing.run(new LooseRun(17, name, told, lost)))
                    .isInstanceOf(JobStopped.class);
            assertThat(reports.find(17)).isEmpty();

            assertThat(doing.run(new LooseRun(17, name, told, Fence.OPEN))).isEqualTo("/api/v1/uploads/17");
            assertThat(json.mapper()
                            .readTree(reports.find(17).orElseThrow())
                            .at("/series/0/unchanged")
                            .asInt())
                    .as("of the run that had lost its job")
                    .isOne();
            doing.ended(name);
        }
        assertThat(count()).isZero();
    }

    private long sizeAtTheOther(String name) {
        try (UploadBodies.Body body = second.bodies.open(name)) {
            return body.size();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void administer(String sql) {
        try {
            postgres.administer(sql);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }
}
