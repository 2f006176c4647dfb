/// Telltale learns what normal telemetry looks like and says when new data does not fit. Only the
/// application's start stands here; the rooms below it tell the story in the order the data lives it.
@NullMarked
package dev.telltale;

import org.jspecify.annotations.NullMarked;
