/// OpenTelemetry metrics over HTTP.
@NullMarked
package dev.telltale.ingest.otlp;

import org.jspecify.annotations.NullMarked;
