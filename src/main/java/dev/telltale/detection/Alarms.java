package dev.telltale.detection;

/// Verdicts as the people meet them who are woken up: annotated ranges found, and alarms about nothing. An
/// alarm is a run of consecutive reported rows, however long; it is false when none of them is annotated.
///
/// @param found annotated ranges in which at least one row was reported
/// @param events annotated ranges, that is runs of consecutive annotated rows
/// @param falseAlarms runs of consecutive reported rows without an annotated one
/// @param normalRows rows that are not annotated
public record Alarms(int found, int events, int falseAlarms, int normalRows) {

    private static final int PER = 1000;

    /// The alarms of verdicts on rows that follow each other in time.
    ///
    /// @param reported verdict on each row
    /// @param anomalous whether each row is annotated as anomalous, of the same length
    public static Alarms of(boolean[] reported, boolean[] anomalous) {
        if (reported.length != anomalous.length) {
            throw new IllegalArgumentException(reported.length + " verdicts on " + anomalous.length + " rows");
        }
        int normalRows = 0;
        for (boolean annotated : anomalous) {
            normalRows += annotated ? 0 : 1;
        }
        int found = runsThatMeet(anomalous, reported);
        return new Alarms(found, runs(anomalous), runs(reported) - runsThatMeet(reported, anomalous), normalRows);
    }

    /// Runs of consecutive true entries.
    static int runs(boolean[] marked) {
        return runsThatMeet(marked, marked);
    }

    /// Runs of consecutive true entries of one array in which the other is true at least once.
    private static int runsThatMeet(boolean[] marked, boolean[] other) {
        int count = 0;
        boolean counted = false;
        for (int i = 0; i < marked.length; i++) {
            counted &= marked[i];
            if (marked[i] && other[i] && !counted) {
                counted = true;
                count++;
            }
        }
        return count;
    }

    /// False alarms for every 1,000 normal rows.
    public Figure falseAlarmsPer1000() {
        return Figure.ratio((long) PER * falseAlarms, normalRows, Ranking.NO_NORMAL_ROWS);
    }
}
