package dev.telltale.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class JobProgressTest {

    @Test
    void whatIsNotFiniteIsUnknown() {
        assertThat(new JobProgress(1, 2, Double.NaN, Double.POSITIVE_INFINITY, null))
                .isEqualTo(new JobProgress(1, 2, null, null, null));
    }

    @Test
    void noMoreEpochsAreDoneThanPlanned() {
        assertThatThrownBy(() -> new JobProgress(3, 2, null, null, null)).isInstanceOf(IllegalArgumentException.class);
    }
}
