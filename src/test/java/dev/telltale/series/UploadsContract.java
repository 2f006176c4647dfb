package dev.telltale.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.telltale.http.Json;
import dev.telltale.problem.ProblemError;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What uploads do, whatever store they come into.
abstract class UploadsContract implements OpenStore.Opening {

    private static final int MOST_SERIES = 3;
    private static final long T = 1_393_695_240_000L; // 2014-03-01T17:34:00Z

    @TempDir
    private Path directory;

    private OpenStore open;
    private Uploads uploads;

    @BeforeEach
    void open() {
        open = open(directory, new ChunkedSeriesStore.Limits(MOST_SERIES, 10_000, 1_000_000));
        SeriesStore store = open.store();
        Intake intake = new Intake(store, new SimpleMeterRegistry(), List.of());
        uploads = new Uploads(
                new SampleReader(new Json()),
                store,
                new SeriesLookup(store),
                intake,
                open.database()::temporaryFile,
                MOST_SERIES);
    }

    @AfterEach
    void close() {
        open.close();
    }

    @Test
    void refusesMoreSeriesThanMayExistWhileItReads() {
        String names = "timestamp,series,value\n1,a,1\n1,b,1\n1,c,1\n1,d,1\n";

        assertThatThrownBy(() -> read(new UploadTarget.Several("", Labels.NONE), UploadFormat.CSV, names))
                .hasFieldOrPropertyWithValue("type", SeriesProblem.SERIES_LIMIT);
    }

    @Test
    void tellsOfRejectedSamplesInTheOrderOfTheBody() {
        UploadTarget cpu = new UploadTarget.One("cpu");
        try (Upload stored = read(cpu, UploadFormat.JSON, samples(T + ",1"))) {
            uploads.store(stored);
        }
        String repeated = (T + 2) + ",1";

        try (Upload upload = read(cpu, UploadFormat.JSON, samples(repeated, T + ",2", repeated, (T + 1) + ",\"x\""))) {
            assertThat(uploads.store(upload).rejected())
                    .extracting(ProblemError::pointer)
                    .containsExactly("/samples/1/timestamp", "/samples/2/timestamp", "/samples/3/value");
        }
    }

    /// @param pairs of a time and a value
    private static String samples(String... pairs) {
        return Stream.of(pairs)
                .map(pair -> pair.split(","))
                .map(pair -> "{\"timestamp\":" + pair[0] + ",\"value\":" + pair[1] + "}")
                .collect(Collectors.joining(",", "{\"samples\":[", "]}"));
    }

    /// Reads an upload that tolerates bad rows.
    private Upload read(UploadTarget target, UploadFormat format, String body) {
        return uploads.read(
                target,
                new UploadOptions(Duplicates.REFUSE, "Z", false, true),
                format,
                rows -> new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)));
    }
}
