package dev.telltale.series;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.telltale.database.DataDirectory;
import dev.telltale.database.SqliteDatabase;
import dev.telltale.http.Json;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UploadsTest {

    private static final int MOST_SERIES = 3;

    @TempDir
    private Path directory;

    private DataDirectory held;
    private SqliteDatabase database;
    private SqliteSeriesStore store;
    private Uploads uploads;

    @BeforeEach
    void open() {
        held = DataDirectory.open(directory);
        database = SqliteDatabase.open(held);
        store = SqliteSeriesStore.open(database, new SqliteSeriesStore.Limits(MOST_SERIES, 10_000, 1_000_000));
        Intake intake = new Intake(store, new SimpleMeterRegistry(), List.of());
        uploads = new Uploads(
                new SampleReader(new Json()),
                store,
                new SeriesLookup(store),
                intake,
                database::temporaryFile,
                MOST_SERIES);
    }

    @AfterEach
    void close() {
        store.close();
        database.close();
        held.close();
    }

    @Test
    void refusesMoreSeriesThanMayExistWhileItReads() {
        String names = "timestamp,series,value\n1,a,1\n1,b,1\n1,c,1\n1,d,1\n";
        InputStream body = new ByteArrayInputStream(names.getBytes(StandardCharsets.UTF_8));

        assertThatThrownBy(() -> read(body, true)).hasFieldOrPropertyWithValue("type", SeriesProblem.SERIES_LIMIT);
    }

    private Upload read(InputStream body, boolean partial) {
        return uploads.read(
                new UploadTarget.Several("", Labels.NONE),
                new UploadOptions(Duplicates.REFUSE, "Z", false, partial),
                UploadFormat.CSV,
                rows -> body);
    }
}
