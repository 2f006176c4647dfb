package dev.telltale.models;

import java.time.Instant;

/// What the store's table says of a model version, without opening its file.
///
/// @param id of this version, never given twice, also after the name was deleted and used again
/// @param version from 1
/// @param series as the specification names it
/// @param architecture a preset's name, or `spelled-out`
/// @param sha256 the hash in its file
record StoredModel(
        long id,
        ModelName name,
        int version,
        Instant created,
        String series,
        String architecture,
        int length,
        long parameters,
        String sha256) {}
