package dev.telltale.access;

import jakarta.servlet.http.HttpServletRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes into the log who made and revoked keys.
final class LoggedEvents implements AccessEvents {

    private static final Logger LOG = LoggerFactory.getLogger(LoggedEvents.class);

    @Override
    public void unauthenticated(HttpServletRequest request, boolean showed) {
        LOG.debug("A caller showed {}", showed ? "a credential that is not valid" : "no credential");
    }

    @Override
    public void forbidden(HttpServletRequest request) {
        LOG.debug("{} asked for what it may not do", request.getRemoteUser());
    }

    @Override
    public void keyCreated(Key key, String by) {
        LOG.info("Key {} was made by {} with the roles {}", key.id(), by, key.roles());
    }

    @Override
    public void keyRevoked(Key key, String by) {
        LOG.info("Key {} was revoked by {}", key.id(), by);
    }
}
