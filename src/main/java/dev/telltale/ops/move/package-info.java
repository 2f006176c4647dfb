/// The command that moves an installation from SQLite to PostgreSQL, and in which order what comes. Each room that
/// keeps more than plain rows says itself how these move.
@NullMarked
package dev.telltale.ops.move;

import org.jspecify.annotations.NullMarked;
