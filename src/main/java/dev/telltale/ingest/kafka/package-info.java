/// The topic of samples: what is pushed to any process goes into it, and each process stores what lies in the
/// partitions that it owns, records of other producers too.
@NullMarked
package dev.telltale.ingest.kafka;

import org.jspecify.annotations.NullMarked;
