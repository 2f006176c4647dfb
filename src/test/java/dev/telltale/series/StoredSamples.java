package dev.telltale.series;

import dev.telltale.database.DataDirectory;
import dev.telltale.database.SqliteDatabase;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// Opens data directories as a start of the service does and says what is stored: for scripts that make directories as
/// a crash may leave them. Reads a path a line; answers `name time value` for each sample, then `end`, or `failed` with
/// the reason.
final class StoredSamples {

    private static final ChunkedSeriesStore.Limits LIMITS = new ChunkedSeriesStore.Limits(1_000, 1_000_000, 64 << 20);

    private StoredSamples() {}

    public static void main(String[] arguments) throws IOException {
        BufferedReader paths = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
        for (String path = paths.readLine(); path != null; path = paths.readLine()) {
            try {
                show(Path.of(path), out);
                out.println("end");
            } catch (RuntimeException failure) {
                out.println("failed " + failure);
            }
            out.flush();
        }
    }

    private static void show(Path directory, PrintStream out) {
        try (DataDirectory held = DataDirectory.open(directory);
                SqliteDatabase database = SqliteDatabase.open(held);
                SqliteSeriesStore store = SqliteSeriesStore.open(database, LIMITS)) {
            for (Series series : store.select(Selector.all(), 0, LIMITS.mostSeries())) {
                Samples samples = store.read(series.id(), Long.MIN_VALUE, Long.MAX_VALUE);
                for (int row = 0; row < samples.count(); row++) {
                    out.println(series.key().name() + ' ' + samples.time(row) + ' ' + samples.value(row));
                }
            }
        }
    }
}
