package dev.telltale.signal;

/// What stands in rows without a sample. A gap of up to three rows between two samples is filled; a longer
/// one splits the frame, and so does any gap where nothing is filled.
public record GapPolicy(Fill fill) {

    /// Rows in the longest gap that is filled.
    public static final int LONGEST = 3;

    public static final GapPolicy DEFAULT = new GapPolicy(Fill.PREVIOUS);

    /// What a missing row is given.
    public enum Fill {
        /// The value of the last row before the gap.
        PREVIOUS,
        /// A point on the line from the last row before the gap to the first after it.
        LINEAR,
        /// Nothing.
        NONE,
    }

    /// Whether a gap of that many rows is filled.
    boolean covers(long missing) {
        return fill != Fill.NONE && missing <= LONGEST;
    }

    /// The value of a missing row.
    ///
    /// @param share how far into the gap the row lies, in (0, 1)
    double value(double before, double after, double share) {
        return switch (fill) {
            case PREVIOUS -> before;
            case LINEAR -> before * (1 - share) + after * share;
            case NONE -> throw new IllegalStateException("nothing is filled");
        };
    }
}
