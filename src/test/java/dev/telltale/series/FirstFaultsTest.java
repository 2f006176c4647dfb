package dev.telltale.series;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.problem.ProblemError;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class FirstFaultsTest {

    @Test
    void keepsTheHundredThatStandFirst() {
        FirstFaults faults = new FirstFaults();
        for (int i = 0; i < 250; i++) {
            faults.add(RowFault.atLine(i * 7 % 250, "")); // each line once, in no order
        }

        assertThat(faults.errors())
                .extracting(ProblemError::line)
                .containsExactlyElementsOf(LongStream.range(0, 100).boxed().toList());
        assertThat(faults.count()).isEqualTo(250);
    }

    @Test
    void keepsTheOrderOfFaultsInOnePlace() {
        FirstFaults faults = new FirstFaults();
        faults.add(RowFault.atLine(2, "a"));
        faults.add(RowFault.atLine(1, "b"));
        faults.add(RowFault.atLine(1, "c"));

        assertThat(faults.errors()).extracting(ProblemError::detail).containsExactly("b", "c", "a");
    }
}
