/// Errors become a calibration, a score and a verdict. Pure functions over arrays, and the measures
/// that judge them.
@NullMarked
package dev.telltale.detection;

import org.jspecify.annotations.NullMarked;
