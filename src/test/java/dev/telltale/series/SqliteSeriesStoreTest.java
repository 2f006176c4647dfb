package dev.telltale.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Statement;
import org.junit.jupiter.api.Test;

class SqliteSeriesStoreTest extends SeriesStoreContract implements OpenSqliteStore.Opening {

    @Test
    void keepsRowsOfTheJournalWhileAHeadNeedsThem() {
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
    }

    @Test
    void goesOnWithItsSequencesAfterAStartOnAnEmptyJournal() {
        long id = create("cpu");
        append(id, 0, 1.0);
        store().compact();
        reopen();
        append(id, 10, 2.0);
        reopen();
        assertThat(all(id)).isEqualTo(samples(0, 1.0, 10, 2.0));
    }

    @Test
    void keepsNoRowOfTheJournalForADamagedChunk() {
        long id = create("cpu");
        append(id, 0, 1.0);
        store().compact();
        damageChunks();
        append(id, 10, 2.0);
        store().compact();
        assertThat(rows("journal")).isZero();
    }

    @Test
    void doesNotStartOnADamagedJournal() {
        append(create("cpu"), 0, 1.0);
        database().write(connection -> {
            try (Statement statement = connection.createStatement()) {
                return statement.executeUpdate("UPDATE journal SET samples = x'0100'");
            }
        });
        assertThatThrownBy(this::reopen).hasMessageContaining("Row 1 of the journal in the data directory is damaged");
    }
}
