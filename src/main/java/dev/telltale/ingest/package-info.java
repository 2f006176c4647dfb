/// What all protocols of monitoring systems share on their way to `Intake`. A folder for each.
@NullMarked
package dev.telltale.ingest;

import org.jspecify.annotations.NullMarked;
