package dev.telltale.models;

import dev.telltale.http.EntityTag;
import java.time.Instant;
import java.util.List;

/// What the store's table says of a model version, without opening its file.
///
/// @param id of this version, never given twice, also after the name was deleted and used again
/// @param version from 1
/// @param active whether it scores unless a request names another version
/// @param series as the specification names them
/// @param architecture a preset's name, or `spelled-out`
/// @param sha256 the hash in its file
record StoredModel(
        long id,
        ModelName name,
        int version,
        boolean active,
        Instant created,
        List<String> series,
        String architecture,
        int length,
        long parameters,
        String sha256) {

    /// Names the version, which never changes; of a model, the active one.
    EntityTag tag() {
        return new EntityTag(Long.toString(id));
    }
}
