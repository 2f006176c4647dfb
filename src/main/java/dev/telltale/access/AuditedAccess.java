package dev.telltale.access;

import jakarta.servlet.http.HttpServletRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells the log of changes what happens at the door, and the service's own log of keys.
final class AuditedAccess implements AccessEvents {

    private static final Logger LOG = LoggerFactory.getLogger(AuditedAccess.class);

    private final Audit audit;

    AuditedAccess(Audit audit) {
        this.audit = audit;
    }

    @Override
    public void unauthenticated(HttpServletRequest request, boolean showed) {
        audit.unauthenticated(request, showed);
    }

    @Override
    public void forbidden(HttpServletRequest request) {
        audit.forbidden(request);
    }

    @Override
    public void badAddress(HttpServletRequest request) {
        audit.badAddress(request);
    }

    @Override
    public void limited(HttpServletRequest request, int status) {
        audit.limited(request, status);
    }

    @Override
    public void keyCreated(Key key, String by) {
        if (!by.equals(Keys.ANOTHER_PROCESS)) { // which is the command, and tells of it itself
            audit.keyCreated(key, by);
        }
        LOG.info("Key {} was made by {} with the roles {}", key.id(), by, key.roles());
    }

    @Override
    public void keyRevoked(Key key, String by) {
        LOG.info("Key {} was revoked by {}", key.id(), by);
        if (!by.equals(Keys.ANOTHER_PROCESS)) {
            audit.keyRevoked(key, by);
        }
    }
}
