package dev.telltale.ops.move;

import dev.telltale.database.MoveListener;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/// Tells whoever gave the command how the move comes on, and at its end what has come.
final class Progress implements MoveListener {

    private static final long PAUSE_NANOS = 2_000_000_000;
    private static final double MEGABYTE = 1_000_000;

    private final PrintStream out;
    private final PrintStream err;
    private final Map<String, Count> counts = new LinkedHashMap<>();
    private long told = System.nanoTime();

    Progress(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    private record Count(long rows, long bytes) {

        Count and(Count more) {
            return new Count(rows + more.rows, bytes + more.bytes);
        }
    }

    @Override
    public void moved(String table, long rows, long bytes) {
        Count count = counts.merge(table, new Count(rows, bytes), Count::and);
        if (System.nanoTime() - told > PAUSE_NANOS) {
            told = System.nanoTime();
            out.println(String.format(
                    Locale.ROOT, "%s: %,d rows, %.1f MB so far", table, count.rows(), count.bytes() / MEGABYTE));
        }
    }

    @Override
    public void warn(String sentence) {
        err.println("move: " + sentence);
    }

    /// What has come: a line for each table that has rows, and one for all.
    void summarize() {
        counts.forEach(this::line);
        line("in all", counts.values().stream().reduce(new Count(0, 0), Count::and));
    }

    private void line(String name, Count count) {
        out.println(String.format(
                Locale.ROOT, "  %-16s %,12d rows %,10.1f MB", name, count.rows(), count.bytes() / MEGABYTE));
    }
}
