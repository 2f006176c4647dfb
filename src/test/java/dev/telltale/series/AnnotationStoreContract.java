package dev.telltale.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.telltale.http.Conditions;
import dev.telltale.http.EntityTag;
import dev.telltale.problem.Problem;
import dev.telltale.series.Annotation.Source;
import dev.telltale.series.Annotation.Verdict;
import dev.telltale.series.AnnotationStore.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What every store of annotations keeps to.
abstract class AnnotationStoreContract {

    abstract AnnotationStore store();

    /// The id of a series that was not there before.
    abstract long newSeries();

    @Test
    void namesEachStateOfASeriesAnnotations() {
        long series = newSeries();
        EntityTag none = store().tag(series);
        long first = store().add(series, annotation(10, 20, "a")).id();
        EntityTag one = store().tag(series);
        store().add(series, annotation(10, 20, "b"));
        EntityTag two = store().tag(series);
        store().delete(series, first);
        store().replace(series, "a", List.of(annotation(10, 20, "a")));

        assertThat(Set.of(none, one, two, store().tag(series))).hasSize(4);
        assertThat(store().tag(newSeries())).isEqualTo(none);
    }

    @Test
    void changesNothingUnlessTheConditionsAreMet() {
        long series = newSeries();
        Conditions stale = new Conditions(store().tag(series).toString(), null);
        Annotation added = store().add(series, annotation(10, 20, "a"), stale);

        assertThatThrownBy(() -> store().add(series, annotation(1, 2, "a"), stale))
                .hasMessageContaining("If-Match");
        assertThatThrownBy(() -> store().replace(series, "a", List.of(), stale)).hasMessageContaining("If-Match");
        assertThatThrownBy(() -> store().delete(series, added.id(), stale)).hasMessageContaining("If-Match");
        assertThat(store().of(series, "a")).containsExactly(added);
        Conditions met = new Conditions(store().tag(series).toString(), null);
        assertThat(store().replace(series, "a", List.of(), met)).isEmpty();
    }

    @Test
    void givesBackWhatWasAdded() {
        long series = newSeries();
        Annotation added = store().add(series, annotation(10, 20, "nab"));

        assertThat(added.id()).isPositive();
        assertThat(store().find(series, added.id())).contains(added);
        assertThat(added).isEqualTo(withId(annotation(10, 20, "nab"), added.id()));
        assertThat(store().find(newSeries(), added.id()))
                .as("it is of another series")
                .isEmpty();
    }

    @Test
    void removesOneOfItsSeriesOnly() {
        long series = newSeries();
        Annotation added = store().add(series, annotation(10, 20, "default"));

        assertThat(store().delete(newSeries(), added.id())).isFalse();
        assertThat(store().delete(series, added.id())).isTrue();
        assertThat(store().delete(series, added.id())).isFalse();
        assertThat(store().find(series, added.id())).isEmpty();
    }

    @Test
    void replacesASetAndLeavesTheOthers() {
        long series = newSeries();
        store().add(series, annotation(1, 2, "a"));
        Annotation other = store().add(series, annotation(1, 2, "b"));
        List<Annotation> now = store().replace(series, "a", List.of(annotation(9, 9, "a"), annotation(5, 6, "a")));

        assertThat(now).extracting(Annotation::start).containsExactly(5L, 9L);
        assertThat(store().of(series, "a")).isEqualTo(now);
        assertThat(store().of(series, "b")).containsExactly(other);
        assertThat(store().replace(series, "a", List.of())).isEmpty();
    }

    @Test
    void listsWhatAPlainLoopFinds() {
        long series = newSeries();
        Random random = new Random(7);
        List<Annotation> all = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            long start = random.nextInt(40);
            Verdict verdict = random.nextBoolean() ? Verdict.ANOMALOUS : Verdict.NORMAL;
            String set = random.nextBoolean() ? "a" : "b";
            all.add(store().add(
                            series,
                            new Annotation(
                                    0, start, start + random.nextInt(9), verdict, set, Source.USER, Optional.empty())));
        }
        for (int round = 0; round < 200; round++) {
            AnnotationFilter filter = new AnnotationFilter(
                    random.nextBoolean() ? Optional.of("a") : Optional.empty(),
                    random.nextBoolean() ? Optional.of(Verdict.NORMAL) : Optional.empty(),
                    random.nextInt(50),
                    random.nextInt(50));
            List<Annotation> expected = all.stream()
                    .filter(one -> filter.set().isEmpty() || filter.set().get().equals(one.set()))
                    .filter(one ->
                            filter.verdict().isEmpty() || filter.verdict().get() == one.verdict())
                    .filter(one -> one.start() <= filter.end() && one.end() >= filter.start())
                    .sorted((one, another) -> one.start() == another.start()
                            ? Long.compare(one.id(), another.id())
                            : Long.compare(one.start(), another.start()))
                    .toList();

            assertThat(inPages(series, filter, 1 + random.nextInt(9))).isEqualTo(expected);
        }
    }

    @Test
    void holdsNothingInASetWhoseNameIsNone() {
        long series = newSeries();
        store().add(series, annotation(1, 2, "a"));

        assertThat(store().of(series, "a\0")).isEmpty();
    }

    @Test
    void aSeriesMayHaveSoManyAndNoMore() {
        long series = newSeries();
        store().add(series, annotation(1, 1, "a"));
        List<Annotation> most = IntStream.range(0, AnnotationStore.MOST_OF_A_SERIES - 1)
                .mapToObj(i -> annotation(i, i, "b"))
                .toList();
        store().replace(series, "b", most);

        assertThatThrownBy(() -> store().add(series, annotation(2, 2, "a")))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.type()).isEqualTo(SeriesProblem.ANNOTATION_LIMIT));
        assertThatThrownBy(() -> store().replace(series, "c", List.of(annotation(2, 2, "c"))))
                .isInstanceOf(Problem.class);
        assertThat(store().replace(series, "b", most))
                .as("in place of themselves")
                .hasSameSizeAs(most);
    }

    @Test
    void takesNoneOfASeriesThatIsNotThere() {
        assertThatThrownBy(() -> store().add(newSeries() + 1, annotation(1, 2, "default")))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.type()).isEqualTo(SeriesProblem.SERIES_NOT_FOUND));
        assertThatThrownBy(() -> store().replace(newSeries() + 1, "default", List.of()))
                .isInstanceOf(Problem.class);
        assertThat(store().of(newSeries() + 1, "default")).isEmpty();
    }

    private List<Annotation> inPages(long series, AnnotationFilter filter, int size) {
        List<Annotation> all = new ArrayList<>();
        Place place = Place.FIRST;
        while (true) {
            List<Annotation> page = store().list(series, filter, place, size);
            all.addAll(page);
            if (page.size() < size) {
                return all;
            }
            place = Place.behind(page.getLast());
        }
    }

    private static Annotation annotation(long start, long end, String set) {
        return new Annotation(0, start, end, Verdict.ANOMALOUS, set, Source.USER, Optional.of("full"));
    }

    private static Annotation withId(Annotation one, long id) {
        return new Annotation(id, one.start(), one.end(), one.verdict(), one.set(), one.source(), one.note());
    }
}
