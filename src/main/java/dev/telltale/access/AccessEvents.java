package dev.telltale.access;

import jakarta.servlet.http.HttpServletRequest;

/// Hears what happens at the door. Nothing that is told holds a secret.
///
/// Where `keyCreated` throws, the key that was just made is gone again; a revoked key stays revoked whatever happens.
public interface AccessEvents {

    /// A request is answered with 401.
    ///
    /// @param showed whether it showed a credential, which was not valid
    void unauthenticated(HttpServletRequest request, boolean showed);

    /// A request of a known caller, `request.getRemoteUser()`, or of another site's page, is answered with 403.
    void forbidden(HttpServletRequest request);

    /// A request with an address that could be read in two ways is answered with 400.
    void badAddress(HttpServletRequest request);

    /// A request that would have been refused is answered with this status, since its caller sends too many.
    void limited(HttpServletRequest request, int status);

    /// A key was made.
    ///
    /// @param by who made it: the name of a caller, `anonymous`, `key-file`, or `another-process`, which is the
    ///     command `keys`; of processes that share a database nobody hears of what the others do
    void keyCreated(Key key, String by);

    /// A key was revoked.
    ///
    /// @param by who revoked it: the name of a caller, `anonymous`, or `another-process`
    void keyRevoked(Key key, String by);
}
