package dev.telltale.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class DemoFindingsTest {

    /// Incidents at 10 to 11 and 20 to 20; windows hold them for 2 more.
    private static final DemoSeries.Incident FIRST = new DemoSeries.Incident(10, 11, "first");

    private final DemoFindings findings =
            new DemoFindings(List.of(FIRST, new DemoSeries.Incident(20, 20, "second")), 2);

    @Test
    void consecutiveRowsAboveTheLineAreOneFinding() {
        scores(1, 1.5, 3.0, 2.0, 1.0, 1.1);
        assertThat(findings.findings())
                .containsExactly(
                        new DemoFindings.Finding(1, 3, 3.0, Optional.empty()),
                        new DemoFindings.Finding(5, 5, 1.1, Optional.empty()));
        assertThat(findings.found()).isZero();
    }

    @Test
    void allRowsAboveTheLineThatBelongToAnIncidentAreOneFinding() {
        scores(9, 2.0, 1.2, 0.5, 0.5, 4.0, 0.5);
        assertThat(findings.findings())
                .containsExactly(
                        new DemoFindings.Finding(9, 9, 2.0, Optional.empty()),
                        new DemoFindings.Finding(10, 13, 4.0, Optional.of(FIRST)));
        assertThat(findings.found()).isEqualTo(1);
    }

    @Test
    void rowsThatNoIncidentExplainsAreFalseAlarms() {
        // 8 and 9 lie before, 10 to 13 belong to the first incident, 14 and 15 lie after it.
        scores(8, 2.0, 0.5, 2.0, 2.0, 2.0, 2.0, 0.5, 0.5);
        assertThat(findings.falseAlarmsPer1000()).isEqualTo(250.0);
    }

    @Test
    void aRowWithoutAScoreIsNoAlarm() {
        findings.add(1, OptionalDouble.empty());
        assertThat(findings.findings()).isEmpty();
        assertThat(findings.falseAlarmsPer1000()).isZero();
    }

    private void scores(long start, double... scores) {
        for (int i = 0; i < scores.length; i++) {
            findings.add(start + i, OptionalDouble.of(scores[i]));
        }
    }
}
