/// The database. SQLite in the data directory: one process, one writer with group commit, a few readers, all on
/// platform threads. Or PostgreSQL for as many processes as wish. And the migrations that make the tables of each.
@NullMarked
package dev.telltale.database;

import org.jspecify.annotations.NullMarked;
