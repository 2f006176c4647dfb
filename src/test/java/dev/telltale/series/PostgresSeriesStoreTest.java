package dev.telltale.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.telltale.database.DatabaseUnusable;
import dev.telltale.problem.Problem;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PostgresSeriesStoreTest extends SeriesStoreContract implements OpenPostgresStore.Opening {

    @Test
    void keepsRowsOfTheLogWhileAHeadNeedsThem() {
        long id = create("cpu");
        long other = create("memory");
        append(id, 0, 1.0);
        append(other, 0, 1.0);
        append(id, 10, 2.0);
        assertThat(rows("journal")).isEqualTo(3);

        store().compact();

        assertThat(rows("journal")).isZero();
        append(other, 10, 2.0);
        assertThat(rows("journal")).isEqualTo(1);
        reopen();
        assertThat(all(other)).isEqualTo(samples(0, 1.0, 10, 2.0));
    }

    @Test
    void writesOneRowForEachPartitionOfABatch() {
        long[] ids = new long[40];
        long[] times = new long[40];
        for (int i = 0; i < 40; i++) {
            ids[i] = store().findOrCreate(key("cpu", Map.of("instance", "i-" + i)))
                    .id();
            times[i] = START + i;
        }

        store().append(new SampleBatch(ids, times, new double[40]), OnConflict.REFUSE);

        assertThat(rows("journal")).isEqualTo(OpenPostgresStore.GROUP.partitions());
        reopen();
        for (int i = 0; i < 40; i++) {
            assertThat(all(ids[i])).isEqualTo(samples(i, 0.0));
        }
    }

    @Test
    void goesOnWithoutARowOfTheLogThatWasDamagedAndDeleted() {
        long id = create("cpu");
        append(id, 0, 1.0);
        append(id, 10, 2.0);
        execute("UPDATE journal SET samples = '\\x0100' WHERE sequence = 1");
        reopen();
        assertThatThrownBy(() -> all(id)).isInstanceOfSatisfying(Problem.class, problem -> {
            assertThat(problem.type()).isEqualTo(SeriesProblem.DAMAGED_SAMPLES);
            execute(problem.detail().substring(problem.detail().indexOf("DELETE")));
        });
        assertThat(all(id)).isEqualTo(samples(10, 2.0));
    }

    @Test
    void refusesAnotherNumberOfPartitions() {
        assertThatThrownBy(() -> PostgresSeriesStore.open(
                        database(),
                        new ChunkedSeriesStore.Limits(1, 1, 1),
                        new FrameGroup("instance", 5),
                        Partitions.ALL))
                .isInstanceOfSatisfying(DatabaseUnusable.class, failure -> {
                    assertThat(failure).hasMessageContaining("has 4 partitions, and telltale.store.partitions says 5");
                    assertThat(failure.advice()).contains("telltale.store.partitions=4");
                });
    }

    @Test
    void takesLabelsThatAreTooLongForAnIndex() {
        Map<String, String> labels = Map.of("a", "x".repeat(4_096), "b", "y".repeat(4_096));
        Series made = store().findOrCreate(key("cpu", labels));
        reopen();
        assertThat(store().findOrCreate(key("cpu", labels))).isEqualTo(made);
    }

    @Test
    void countsWhatWasDeletedNoMore() {
        for (int i = 0; i < 100; i++) {
            create("cpu_" + i);
        }
        assertThat(store().delete(store().named("cpu_7").getFirst().id())).isTrue();
        assertThat(create("one_more")).isPositive();
        assertThatThrownBy(() -> create("too_many"))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.type()).isEqualTo(SeriesProblem.SERIES_LIMIT));
        assertThat(rows("gone_series")).isEqualTo(1);
    }

    private void execute(String sql) {
        database().write(connection -> {
            try (Statement statement = connection.createStatement()) {
                return statement.executeUpdate(sql);
            }
        });
    }
}
