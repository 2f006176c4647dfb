package dev.telltale.access;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What is known of a key, its secret aside.
///
/// @param number its place among all keys that were ever made
/// @param name what it is for, as people call it
/// @param expires from when on it is not valid, or null
/// @param revoked when it was, or null
public record Key(
        long number,
        String id,
        String name,
        Set<Role> roles,
        Instant created,
        @Nullable Instant expires,
        @Nullable Instant revoked) {

    static final int LONGEST_NAME = 100;

    public Key {
        if (name.isBlank() || name.length() > LONGEST_NAME || !name.matches("\\P{Cntrl}*")) {
            throw AccessProblem.BAD_KEY.because(
                    "a key's name has 1 to %d characters, none of them a control character", LONGEST_NAME);
        }
        if (roles.isEmpty()) {
            throw AccessProblem.BAD_KEY.because("a key needs a role: %s", Role.words());
        }
        if (expires != null && !expires.isAfter(created)) {
            throw AccessProblem.BAD_KEY.because("the key would expire at %s, which is not in the future", expires);
        }
        roles = Set.copyOf(roles);
    }

    /// Whether the key opens anything at this time.
    boolean isLive(Instant now) {
        return revoked == null && (expires == null || now.isBefore(expires));
    }
}
