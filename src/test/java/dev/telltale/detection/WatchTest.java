package dev.telltale.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.telltale.detection.AlarmPolicy.Direction;
import dev.telltale.detection.Watch.State;
import dev.telltale.detection.Watch.Step;
import dev.telltale.problem.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class WatchTest {

    private static final Step NOTHING = new Step(false, false, false);
    private static final Step BEGINS = new Step(false, true, true);
    private static final Step GOES_ON = new Step(false, true, false);
    private static final Step ENDS = new Step(true, false, false);

    private static AlarmPolicy persistence(int m, int n) {
        return new AlarmPolicy(Direction.BOTH, 0, 0, m, n);
    }

    private static List<Step> steps(Watch watch, String rows) {
        List<Step> steps = new ArrayList<>();
        for (int row = 0; row < rows.length(); row++) {
            if (rows.charAt(row) != ' ') {
                steps.add(watch.next(row, rows.charAt(row) == 'x'));
            }
        }
        return steps;
    }

    @Test
    void lastsAsLongAsRowsCount() {
        assertThat(steps(new Watch(AlarmPolicy.DEFAULT, State.NEW), ".xx."))
                .containsExactly(NOTHING, BEGINS, GOES_ON, ENDS);
    }

    @Test
    void waitsForTwoOfThreeRows() {
        Watch watch = new Watch(persistence(2, 3), State.NEW);
        assertThat(steps(watch, "x..x.x.."))
                .containsExactly(NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, BEGINS, ENDS, NOTHING);
    }

    @Test
    void knowsWhenTheFirstRowWasThatCounts() {
        Watch watch = new Watch(persistence(2, 4), State.NEW);
        steps(watch, ".x..x");
        assertThat(watch.rowsSinceFirst()).isEqualTo(3);
    }

    @Test
    void goesOnOverRowsThatAreFilled() {
        assertThat(steps(new Watch(AlarmPolicy.DEFAULT, State.NEW), "x   x")).containsExactly(BEGINS, GOES_ON);
    }

    @Test
    void endsInALongerGapAndMayBeginAnew() {
        assertThat(steps(new Watch(AlarmPolicy.DEFAULT, State.NEW), "x    x     ."))
                .containsExactly(BEGINS, new Step(true, true, true), ENDS);
    }

    @Test
    void remembersOverARestartWhatItMust() {
        SplittableRandom random = new SplittableRandom(7);
        for (int run = 0; run < 200; run++) {
            int n = random.nextInt(1, 65);
            AlarmPolicy policy = persistence(random.nextInt(1, n + 1), n);
            Watch steady = new Watch(policy, State.NEW);
            Watch restarted = new Watch(policy, State.NEW);
            long row = 0;
            for (int i = 0; i < 200; i++) {
                row += random.nextInt(1, 7);
                boolean counts = random.nextInt(3) == 0;
                assertThat(restarted.next(row, counts)).isEqualTo(steady.next(row, counts));
                restarted = new Watch(policy, restarted.state());
            }
        }
    }

    @Test
    void takesTheNewestRowOnceMore() {
        Watch watch = new Watch(persistence(2, 3), State.NEW);
        watch.next(0, true);
        assertThat(watch.next(1, false)).isEqualTo(NOTHING);
        assertThat(watch.next(1, true)).isEqualTo(BEGINS);
        assertThat(watch.next(1, false)).isEqualTo(ENDS);
        assertThat(watch.next(2, true)).as("row 0 and row 2 count").isEqualTo(BEGINS);
    }

    @Test
    void refusesRowsThatGoBack() {
        Watch watch = new Watch(AlarmPolicy.DEFAULT, new State(0, 5, false));
        assertThatThrownBy(() -> watch.next(4, false)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void countsRowsOnTheSideAndFarEnough() {
        AlarmPolicy above = new AlarmPolicy(Direction.ABOVE, 2, 0.5, 1, 1);
        assertThat(above.counts(true, 16, 10)).isTrue();
        assertThat(above.counts(true, 14, 10))
                .as("less than half of what is expected")
                .isFalse();
        assertThat(above.counts(true, 2.5, 1)).as("less than 2").isFalse();
        assertThat(above.counts(true, -16, -10)).as("below").isFalse();
        assertThat(above.counts(false, 16, 10)).as("not anomalous").isFalse();
        assertThat(above.counts(true, 16, Double.NaN))
                .as("nothing was expected")
                .isTrue();
        assertThat(new AlarmPolicy(Direction.BELOW, 0, 0, 1, 1).counts(true, 9, 10))
                .isTrue();
    }

    @Test
    void refusesWhatIsNoPolicy() {
        assertThatThrownBy(() -> persistence(2, 1)).isInstanceOf(Problem.class).hasMessageContaining("2 of 1");
        assertThatThrownBy(() -> persistence(1, 65)).isInstanceOf(Problem.class);
        assertThatThrownBy(() -> new AlarmPolicy(Direction.BOTH, -1, 0, 1, 1)).isInstanceOf(Problem.class);
        assertThatThrownBy(() -> new AlarmPolicy(Direction.BOTH, 0, Double.NaN, 1, 1))
                .isInstanceOf(Problem.class);
    }
}
