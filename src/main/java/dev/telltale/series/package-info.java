/// Series, their samples, labels and annotations: the chunk store, upload, query and summary.
/// Everything that brings samples in calls `Intake`.
@NullMarked
package dev.telltale.series;

import org.jspecify.annotations.NullMarked;
