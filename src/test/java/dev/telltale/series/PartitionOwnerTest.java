package dev.telltale.series;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.database.Postgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PartitionOwnerTest {

    @TempDir
    private Path directory;

    @Test
    void whoOwnsNothingWritesAndReadsButMovesNothingAndKeepsLittleInMemory() throws Exception {
        int most = 500;
        Postgres postgres = Postgres.fresh();
        try (OpenStore guest = OpenPostgresStore.open(
                postgres,
                Files.createDirectory(directory.resolve("guest")),
                new ChunkedSeriesStore.Limits(100, most, 1_000),
                new NoPartitions())) {
            long id = guest.store()
                    .findOrCreate(new SeriesKey("cpu", Labels.NONE))
                    .id();
            long[] times = new long[100];
            for (int batch = 0; batch < 30; batch++) {
                for (int i = 0; i < times.length; i++) {
                    times[i] = SeriesStoreContract.START + 100L * batch + i;
                }
                // Waits while there is twice as much in memory as there may be.
                guest.store()
                        .append(SampleBatch.of(id, new Samples(times.clone(), new double[100])), OnConflict.REFUSE);
            }
            guest.store().compact();
            assertThat(guest.store().expire(Duration.ofMillis(1))).isZero();
            assertThat(postgres.number("SELECT count(*) FROM chunk")).isZero();
            assertThat(postgres.number("SELECT count(*) FROM journal")).isEqualTo(30);
            Samples all = guest.store().read(id, Long.MIN_VALUE, Long.MAX_VALUE);
            assertThat(all.count()).isEqualTo(3_000);

            try (OpenStore owner = OpenPostgresStore.open(
                    postgres,
                    Files.createDirectory(directory.resolve("owner")),
                    new ChunkedSeriesStore.Limits(100, 1_000_000, 1_000_000_000),
                    Partitions.ALL)) {
                assertThat(owner.store().read(id, Long.MIN_VALUE, Long.MAX_VALUE))
                        .isEqualTo(all);
                owner.store().compact();
                assertThat(guest.store().tag(id)).isEqualTo(owner.store().tag(id));
            }

            assertThat(postgres.number("SELECT count(*) FROM journal")).isZero();
            assertThat(guest.store().read(id, Long.MIN_VALUE, Long.MAX_VALUE)).isEqualTo(all);
        }
    }
}
