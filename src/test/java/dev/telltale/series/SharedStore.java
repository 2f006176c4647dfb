package dev.telltale.series;

import dev.telltale.database.Postgres;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.util.List;

/// A store of samples in a PostgreSQL database, opened as one more process does, for tests of other rooms.
public final class SharedStore implements AutoCloseable {

    public static final int PARTITIONS = OpenPostgresStore.GROUP.partitions();

    private final OpenPostgresStore open;

    private SharedStore(OpenPostgresStore open) {
        this.open = open;
    }

    /// Opens it.
    ///
    /// @param directory of that process
    public static SharedStore open(Postgres postgres, Path directory) {
        return new SharedStore(OpenPostgresStore.open(
                postgres, directory, new ChunkedSeriesStore.Limits(10_000, 100_000, 1 << 20), Partitions.ALL));
    }

    public SeriesStore store() {
        return open.store();
    }

    /// The door of samples to it.
    public Intake intake(MeterRegistry registry, SampleListener... listeners) {
        return new Intake(open.store(), registry, List.of(listeners));
    }

    /// All samples of a series.
    public Samples samples(SeriesKey key) {
        return open.store()
                .find(key)
                .map(series -> open.store().read(series.id(), Intake.EARLIEST, Intake.LATEST))
                .orElseGet(() -> new Samples(new long[0], new double[0]));
    }

    @Override
    public void close() {
        open.close();
    }
}
