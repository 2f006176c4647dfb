package dev.telltale.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.telltale.database.DataDirectory;
import dev.telltale.database.SqliteDatabase;
import dev.telltale.problem.Problem;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    private AnnotationStore annotations;

    @BeforeEach
    void open() {
        held = DataDirectory.open(directory);
        database = SqliteDatabase.open(held);
        store = SqliteSeriesStore.open(database, new SqliteSeriesStore.Limits(10, 10_000, 1_000_000));
        lookup = new SeriesLookup(store);
        annotations = new SqliteAnnotationStore(database);
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

    @Test
    void keepsAnnotationsBySetAndReplacesOneSetWhole() {
        long id = create("cpu", Map.of()).id();
        Annotation late = annotation(20, 30, Annotation.Verdict.ANOMALOUS, Optional.of("disk full"));
        Annotation early = annotation(1, 1, Annotation.Verdict.NORMAL, Optional.empty());
        annotations.replace(id, "default", List.of(late, early));
        annotations.replace(id, "other", List.of(late));
        assertThat(annotations.replace(id, "default", List.of(early, late)))
                .usingRecursiveFieldByFieldElementComparatorIgnoringFields("id")
                .containsExactly(early, late);
        annotations.replace(id, "other", List.of());
        assertThat(annotations.of(id)).isEqualTo(annotations.of(id, "default")).hasSize(2);
        assertThat(annotations.of(id, "other")).isEmpty();
    }

    @Test
    void annotationsGoWithTheirSeries() {
        long id = create("cpu", Map.of()).id();
        annotations.replace(id, "default", List.of(annotation(1, 2, Annotation.Verdict.NORMAL, Optional.empty())));
        store.delete(id);
        assertThat(annotations.of(id)).isEmpty();
        assertThatThrownBy(() -> annotations.replace(id, "default", List.of())).isInstanceOf(Problem.class);
    }

    private Series create(String name, Map<String, String> labels) {
        return store.findOrCreate(new SeriesKey(name, Labels.of(labels)));
    }

    private static Annotation annotation(long start, long end, Annotation.Verdict verdict, Optional<String> note) {
        return new Annotation(0, start, end, verdict, "default", Annotation.Source.USER, note);
    }
}
