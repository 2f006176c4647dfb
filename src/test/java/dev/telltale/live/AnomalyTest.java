package dev.telltale.live;

import static dev.telltale.live.TestFindings.anomaly;
import static dev.telltale.live.TestFindings.ended;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class AnomalyTest {

    @Test
    void takesFromAnEarlierStateOnlyWhatPeopleSaidAndItsIncident() {
        Anomaly early = anomaly(1, 1, 0, 2, 3);
        Anomaly judged = new Anomaly(
                early.id(),
                Optional.of(7L),
                early.detector(),
                early.kind(),
                early.parts(),
                early.start(),
                early.end(),
                early.open(),
                early.peak(),
                Optional.of(Anomaly.Suppression.FEEDBACK),
                Optional.of(false));
        Anomaly late = ended(anomaly(1, 1, 0, 5, 9)).in(Optional.of(4L));

        Anomaly both = late.as(judged);

        assertThat(both)
                .usingRecursiveComparison()
                .ignoringFields("incident", "suppressed", "feedback")
                .isEqualTo(late);
        assertThat(both.incident()).contains(7L);
        assertThat(both.suppressed()).contains(Anomaly.Suppression.FEEDBACK);
        assertThat(both.feedback()).contains(false);
        assertThat(late.as(early).incident()).as("it has left its incident").isEmpty();
    }
}
