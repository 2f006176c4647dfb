/// The embedded database: one process per data directory, one writer with group commit, a few readers,
/// all on platform threads, and the migrations that make the tables.
@NullMarked
package dev.telltale.database;

import org.jspecify.annotations.NullMarked;
