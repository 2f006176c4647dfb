/// Detectors: which model watches which series. Scores samples as they arrive, and makes anomalies and
/// incidents of the rows that do not fit.
@NullMarked
package dev.telltale.live;

import org.jspecify.annotations.NullMarked;
