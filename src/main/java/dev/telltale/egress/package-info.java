/// Scores on their way out: as metrics, and written to a Prometheus.
@NullMarked
package dev.telltale.egress;

import org.jspecify.annotations.NullMarked;
