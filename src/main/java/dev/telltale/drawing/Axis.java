package dev.telltale.drawing;

/// One of a chart's two axes; its range is that of what is drawn.
///
/// @param label what it measures, with the unit
public record Axis(String label, Scale scale) {

    /// How values become places.
    public enum Scale {
        LINEAR,
        /// From 0 to 1.
        SHARE,
        /// Linear, marked at whole numbers only.
        WHOLE,
        /// Epoch milliseconds, marked in UTC.
        TIME,
        /// From 0 up, or by powers of ten where the largest value would squeeze most of the others together.
        WIDE
    }
}
