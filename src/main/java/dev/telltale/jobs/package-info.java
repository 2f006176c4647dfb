/// Background work: a persisted queue, progress, cancellation between steps, and what was running when
/// the process died is queued again.
@NullMarked
package dev.telltale.jobs;

import org.jspecify.annotations.NullMarked;
