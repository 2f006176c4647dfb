package dev.telltale.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.telltale.database.DataDirectory;
import dev.telltale.database.SqliteDatabase;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableAnnotationStoreTest extends AnnotationStoreContract {

    @TempDir
    private Path directory;

    private DataDirectory held;
    private SqliteDatabase database;
    private SqliteSeriesStore series;
    private int made;

    @BeforeEach
    void open() {
        held = DataDirectory.open(directory);
        database = SqliteDatabase.open(held);
        series = SqliteSeriesStore.open(database, new ChunkedSeriesStore.Limits(100, 10_000, 1_000_000));
    }

    @AfterEach
    void close() {
        series.close();
        database.close();
        held.close();
    }

    @Override
    TableAnnotationStore store() {
        return new TableAnnotationStore(database);
    }

    @Override
    long newSeries() {
        return series.findOrCreate(new SeriesKey("series_" + made++, Labels.NONE))
                .id();
    }

    @Test
    void annotationsGoWithTheirSeries() {
        long id = newSeries();
        Annotation added = store().add(
                        id,
                        new Annotation(
                                0,
                                1,
                                2,
                                Annotation.Verdict.NORMAL,
                                "default",
                                Annotation.Source.FEEDBACK,
                                Optional.empty()));
        series.delete(id);

        assertThat(store().find(id, added.id())).isEmpty();
    }

    @Test
    void takesPartInATransactionOfTheCallers() {
        long id = newSeries();
        Annotation given = new Annotation(
                0, 1, 2, Annotation.Verdict.NORMAL, "default", Annotation.Source.FEEDBACK, Optional.empty());
        TableAnnotationStore store = store();
        assertThatThrownBy(() -> database.write(connection -> {
                    assertThat(store.add(connection, id, given)).isPresent();
                    throw new IllegalStateException("the rest failed");
                }))
                .hasMessageContaining("the rest");
        assertThat(store.of(id, "default")).isEmpty();

        Annotation added =
                database.write(connection -> store.add(connection, id, given)).orElseThrow();
        assertThat(store.of(id, "default")).containsExactly(added);
        assertThat(database.<Boolean>write(connection -> store.delete(connection, id, added.id())))
                .isTrue();
        assertThat(store.of(id, "default")).isEmpty();
        Optional<Annotation> ofNoSeries = database.write(connection -> store.add(connection, id + 1, given));
        assertThat(ofNoSeries).isEmpty();
    }
}
