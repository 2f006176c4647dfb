package dev.telltale.series;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class SeriesRegistryTest {

    private static final SeriesKey CPU = new SeriesKey("cpu", Labels.NONE);

    private final SeriesRegistry registry = new SeriesRegistry();

    @Test
    void keepsTheFirstOfTwoWhoHeardOfTheSameSeries() {
        StoredSeries first = cpu(1);
        assertThat(registry.add(first)).isSameAs(first);
        assertThat(registry.add(cpu(1))).isSameAs(first);
        assertThat(registry.count()).isEqualTo(1);
    }

    @Test
    void addsNoSeriesOfWhoseEndItHasHeard() {
        assertThat(registry.remove(1)).isEmpty();
        assertThat(registry.add(cpu(1)).isDeleted()).isTrue();
        assertThat(registry.find(1)).isEmpty();
        assertThat(registry.find(CPU)).isEmpty();
        assertThat(registry.count()).isZero();
    }

    @Test
    void keepsTheNewSeriesOfAnIdentityWhenItHearsOfTheEndOfTheOld() {
        StoredSeries old = registry.add(cpu(1));
        StoredSeries made = registry.add(cpu(2));

        assertThat(registry.remove(1)).containsSame(old);

        assertThat(old.isDeleted()).isTrue();
        assertThat(registry.find(CPU)).containsSame(made);
        assertThat(registry.named("cpu")).containsExactly(made.series());
        assertThat(registry.remove(2)).containsSame(made);
        assertThat(registry.named("cpu")).isEmpty();
        assertThat(registry.find(CPU)).isEmpty();
    }

    private static StoredSeries cpu(long id) {
        return new StoredSeries(new Series(id, CPU, Optional.empty(), Optional.empty()));
    }
}
