package dev.telltale.access;

import java.util.Set;

/// Who sent a request, once it has shown a valid credential.
///
/// @param name `key:` and the id of a key, or `jwt:` and the subject of a token; what `getRemoteUser` answers
/// @param roles those that were given
record Caller(String name, Set<Role> roles) {

    Caller {
        roles = Set.copyOf(roles);
    }

    boolean may(Role role) {
        return roles.stream().anyMatch(one -> one.includes(role));
    }
}
