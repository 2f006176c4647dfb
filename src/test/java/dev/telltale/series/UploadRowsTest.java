package dev.telltale.series;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.database.DataDirectory;
import dev.telltale.database.SqliteDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UploadRowsTest {

    private record Row(int series, long time, double value, long place) {}

    @TempDir
    Path directory;

    @Test
    void givesRowsBySeriesTimeAndPlaceHoweverFewFitIntoMemory() {
        SplittableRandom random = new SplittableRandom(42);
        try (DataDirectory held = DataDirectory.open(directory);
                SqliteDatabase database = SqliteDatabase.open(held)) {
            for (int round = 0; round < 100; round++) {
                boolean ascending = random.nextBoolean();
                List<Row> expected = new ArrayList<>();
                try (UploadRows rows = new UploadRows(
                        new SampleFaults(false),
                        database::temporaryFile,
                        1 + random.nextInt(random.nextInt(1, 3_000)))) {
                    int count = random.nextInt(4_000);
                    for (int place = 0; place < count; place++) {
                        Row row = new Row(
                                random.nextInt(3),
                                ascending ? place : random.nextInt(100),
                                random.nextBoolean() ? random.nextInt(5) : random.nextDouble(),
                                place);
                        expected.add(row);
                        rows.add(row.series(), row.time(), row.value(), row.place());
                    }
                    expected.sort(Comparator.comparingInt(Row::series)
                            .thenComparingLong(Row::time)
                            .thenComparingLong(Row::place));

                    assertThat(rows.count()).isEqualTo(count);
                    assertThat(read(rows.cursor())).isEqualTo(expected);
                    assertThat(read(rows.cursor())).isEqualTo(expected);
                }
            }
        }
    }

    @Test
    void leavesNoFileBehind() throws Exception {
        try (DataDirectory held = DataDirectory.open(directory);
                SqliteDatabase database = SqliteDatabase.open(held);
                UploadRows rows = new UploadRows(new SampleFaults(false), database::temporaryFile, 2)) {
            for (int i = 0; i < 5; i++) {
                rows.add(0, i, i, i);
            }
            try (Stream<Path> files = Files.list(directory)) {
                // Not even a kill now could leave one.
                assertThat(files.map(file -> file.getFileName().toString()))
                        .allMatch(name -> name.equals("telltale.lock") || name.startsWith("telltale.db"));
            }
        }
    }

    private static List<Row> read(RowCursor cursor) {
        List<Row> rows = new ArrayList<>();
        while (cursor.advance()) {
            rows.add(new Row(cursor.series(), cursor.time(), cursor.value(), cursor.place()));
        }
        return rows;
    }
}
