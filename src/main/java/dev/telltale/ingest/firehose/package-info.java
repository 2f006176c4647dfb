/// CloudWatch Metric Streams, as Amazon Data Firehose delivers them.
@NullMarked
package dev.telltale.ingest.firehose;

import org.jspecify.annotations.NullMarked;
