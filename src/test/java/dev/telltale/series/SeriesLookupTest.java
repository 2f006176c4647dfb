package dev.telltale.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.telltale.database.DataDirectory;
import dev.telltale.database.SqliteDatabase;
import dev.telltale.problem.Problem;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SeriesLookupTest {

    @TempDir
    Path directory;

    private DataDirectory held;
    private SqliteDatabase database;
    private SqliteSeriesStore store;
    private SeriesLookup lookup;

    @BeforeEach
    void open() {
        held = DataDirectory.open(directory);
        database = SqliteDatabase.open(held);
        store = SqliteSeriesStore.open(database, new ChunkedSeriesStore.Limits(10, 10_000, 1_000_000));
        lookup = new SeriesLookup(store);
    }

    @AfterEach
    void close() {
        store.close();
        database.close();
        held.close();
    }

    @Test
    void findsASeriesByIdAndByNameWhileItIsTheOnlyOne() {
        Series cpu = create("cpu", Map.of("host", "a"));
        assertThat(lookup.resolve("" + cpu.id())).isEqualTo(cpu);
        assertThat(lookup.resolve("cpu")).isEqualTo(cpu);
    }

    @Test
    void listsTheIdsOfAnAmbiguousName() {
        Series first = create("cpu", Map.of("host", "a"));
        Series second = create("cpu", Map.of("host", "b"));
        assertThatThrownBy(() -> lookup.resolve("cpu")).isInstanceOfSatisfying(Problem.class, problem -> {
            assertThat(problem.type()).isEqualTo(SeriesProblem.SERIES_AMBIGUOUS);
            assertThat(problem.members()).containsEntry("ids", List.of("" + first.id(), "" + second.id()));
            assertThat(problem.detail()).contains(first.id() + " {host=\"a\"}, " + second.id() + " {host=\"b\"}");
        });
    }

    @Test
    void saysWhatIsNotThere() {
        for (String reference : List.of("cpu", "1", "99999999999999999999", "", "\u001b[2J", "%s")) {
            assertThatThrownBy(() -> lookup.resolve(reference))
                    .isInstanceOfSatisfying(
                            Problem.class,
                            problem -> assertThat(problem.type()).isEqualTo(SeriesProblem.SERIES_NOT_FOUND));
        }
    }

    private Series create(String name, Map<String, String> labels) {
        return store.findOrCreate(new SeriesKey(name, Labels.of(labels)));
    }
}
