package dev.telltale.detection;

import dev.telltale.detection.Runs.Run;
import java.util.List;

/// Verdicts as the people meet them who are woken up: annotated ranges found, and alarms about nothing. An
/// alarm is a run of reported rows, however long; it is false when none of them is annotated.
///
/// @param found annotated ranges in which at least one row was reported
/// @param events annotated ranges, that is runs of annotated rows
/// @param falseAlarms runs of reported rows without an annotated one
/// @param normalRows rows that are not annotated
public record Alarms(int found, int events, int falseAlarms, int normalRows) {

    private static final int PER = 1000;

    /// The alarms of verdicts on rows.
    ///
    /// @param reported verdict on each row
    /// @param anomalous whether each row is annotated as anomalous
    public static Alarms of(Runs runs, boolean[] reported, boolean[] anomalous) {
        List<Run> alarms = runs.of(reported);
        List<Run> events = runs.of(anomalous);
        int annotatedRows = events.stream().mapToInt(Run::rows).sum();
        return new Alarms(
                count(events, reported),
                events.size(),
                alarms.size() - count(alarms, anomalous),
                anomalous.length - annotatedRows);
    }

    private static int count(List<Run> runs, boolean[] marked) {
        return (int) runs.stream().filter(run -> run.holdsOneOf(marked)).count();
    }

    /// False alarms for every 1,000 normal rows.
    public Figure falseAlarmsPer1000() {
        return Figure.ratio((long) PER * falseAlarms, normalRows, Ranking.NO_NORMAL_ROWS);
    }
}
