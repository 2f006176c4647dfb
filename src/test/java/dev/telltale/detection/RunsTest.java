package dev.telltale.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.telltale.detection.Runs.Run;
import dev.telltale.signal.Frame;
import dev.telltale.signal.Frames;
import org.junit.jupiter.api.Test;

class RunsTest {

    @Test
    void endsARunAtASplit() {
        boolean[] marked = {true, true, false, true, true, true};

        assertThat(TestRuns.unbroken(6).of(marked)).containsExactly(new Run(0, 1), new Run(3, 5));
        assertThat(TestRuns.split(6, row -> row == 4).of(marked))
                .containsExactly(new Run(0, 1), new Run(3, 3), new Run(4, 5));
    }

    @Test
    void goesOnOverARowThatWasFilledIn() {
        Frame frame = Frames.at(0, 1, 3, 4); // the row of time 2 is filled in and judged by nobody

        assertThat(Runs.among(frame, new int[] {0, 1, 3, 4}).of(new boolean[] {true, true, true, false}))
                .containsExactly(new Run(0, 2));
    }

    @Test
    void refusesMarksOfOtherRows() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TestRuns.unbroken(2).of(new boolean[3]));
    }
}
