package dev.telltale.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.telltale.detection.Figure.Known;
import dev.telltale.detection.Figure.Undefined;
import org.junit.jupiter.api.Test;

class AlarmsTest {

    @Test
    void findsARangeInWhichOneRowIsReported() {
        // three annotated ranges, at the start, inside and at the end; the second is missed
        Alarms alarms = alarms("##...##...##", "!..!...!!..!");

        assertThat(alarms).isEqualTo(new Alarms(2, 3, 2, 6));
        assertThat(alarms.falseAlarmsPer1000()).isEqualTo(new Known(1000 * 2 / 6.0));
    }

    @Test
    void callsAnAlarmThatReachesIntoARangeTrue() {
        assertThat(alarms("....##....", "..!!!!!!..")).isEqualTo(new Alarms(1, 1, 0, 8));
        assertThat(alarms("....##....", "...!!.....")).isEqualTo(new Alarms(1, 1, 0, 8));
        assertThat(alarms("....##....", "...!..!...")).isEqualTo(new Alarms(0, 1, 2, 8));
    }

    @Test
    void countsOneAlarmOverTwoRangesOnce() {
        assertThat(alarms(".#.#.", ".!!!.")).isEqualTo(new Alarms(2, 2, 0, 3));
    }

    @Test
    void takesRowsOnBothSidesOfASplitForNoNeighbours() {
        boolean[] anomalous = marked("..##....", '#');
        boolean[] reported = marked("...!!.!!", '!');
        Runs runs = TestRuns.split(8, row -> row == 3 || row == 4 || row == 7);

        // two ranges of one row each, the second found; the alarm of row 3 is true, those of 4, 6 and 7 false
        assertThat(Alarms.of(runs, reported, anomalous)).isEqualTo(new Alarms(1, 2, 3, 6));
        assertThat(Alarms.of(TestRuns.unbroken(8), reported, anomalous)).isEqualTo(new Alarms(1, 1, 1, 6));
    }

    @Test
    void hasNoRateWithoutNormalRows() {
        assertThat(alarms("##", "!.").falseAlarmsPer1000())
                .isEqualTo(new Undefined("every row is annotated as anomalous"));
        assertThat(alarms("", "")).isEqualTo(new Alarms(0, 0, 0, 0));
    }

    @Test
    void refusesVerdictsOnOtherRows() {
        assertThatIllegalArgumentException().isThrownBy(() -> alarms("..", "."));
    }

    /// @param annotated `#` where a row is annotated
    /// @param verdicts `!` where a row is reported
    private static Alarms alarms(String annotated, String verdicts) {
        return Alarms.of(TestRuns.unbroken(annotated.length()), marked(verdicts, '!'), marked(annotated, '#'));
    }

    private static boolean[] marked(String rows, char mark) {
        boolean[] marked = new boolean[rows.length()];
        for (int i = 0; i < marked.length; i++) {
            marked[i] = rows.charAt(i) == mark;
        }
        return marked;
    }
}
