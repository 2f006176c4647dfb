package dev.telltale.ops;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;

/// A copy of the data directory that a service can be started on.
///
/// @param id its directory's name, the moment at which it was asked for
/// @param created when it was whole
/// @param bytes of all its files
@Schema(name = "Backup")
record Backup(
        @Schema(example = BackupController.ID) String id,

        @Schema(description = "when it was whole", example = "2026-11-24T09:30:01Z")
        Instant created,

        @Schema(description = "of all its files", example = "73400320")
        long bytes) {}
