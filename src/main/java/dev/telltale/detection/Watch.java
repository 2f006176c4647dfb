package dev.telltale.detection;

/// The alarm of one watched series, fed row by row in the order of time: live and in backtests the same.
public final class Watch {

    /// Rows that may be missing between two that still follow each other: those that a gap policy fills.
    private static final long LARGEST_STEP = 4;

    private final int m;
    private final long mask;
    private long counted;
    private long lastRow;
    private boolean alarming;

    /// What it must remember to go on after a restart.
    ///
    /// @param counted whether each of the last rows counted, the newest in the lowest bit
    /// @param lastRow number of the newest row on its grid
    public record State(long counted, long lastRow, boolean alarming) {

        public static final State NEW = new State(0, Long.MIN_VALUE, false);
    }

    /// What a row changed. An alarm can end because of a gap before the row, and another begin with it.
    ///
    /// @param ended whether the alarm that was is over
    /// @param alarming whether there is one now
    /// @param began whether it is a new one
    public record Step(boolean ended, boolean alarming, boolean began) {}

    public Watch(AlarmPolicy policy, State state) {
        this.m = policy.m();
        this.mask = -1L >>> (Long.SIZE - policy.n());
        this.counted = state.counted() & mask;
        this.lastRow = state.lastRow();
        this.alarming = state.alarming();
    }

    /// Takes the next row, or the newest once more, since it has another value now.
    ///
    /// @param row its number on the grid, not below that of the row before
    /// @param counts as `AlarmPolicy.counts` says
    public Step next(long row, boolean counts) {
        if (row < lastRow) {
            throw new IllegalArgumentException("row " + row + " came after row " + lastRow);
        }
        boolean isSame = row == lastRow;
        boolean follows = isSame || (lastRow != Long.MIN_VALUE && row - lastRow <= LARGEST_STEP);
        boolean cut = alarming && !follows;
        long before = isSame ? counted >>> 1 << 1 : follows ? counted << 1 : 0;
        counted = (before | (counts ? 1 : 0)) & mask;
        lastRow = row;
        boolean wasAlarming = alarming && follows;
        alarming = Long.bitCount(counted) >= m;
        return new Step(cut || (wasAlarming && !alarming), alarming, alarming && !wasAlarming);
    }

    /// How many rows before the newest the first of those lies that count.
    public int rowsSinceFirst() {
        return Long.SIZE - 1 - Long.numberOfLeadingZeros(Math.max(counted, 1));
    }

    public State state() {
        return new State(counted, lastRow, alarming);
    }
}
