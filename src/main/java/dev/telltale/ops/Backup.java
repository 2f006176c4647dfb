package dev.telltale.ops;

import java.time.Instant;

/// A copy of the data directory that a service can be started on.
///
/// @param id its directory's name, the moment at which it was asked for
/// @param created when it was whole
/// @param bytes of all its files
record Backup(String id, Instant created, long bytes) {}
