package dev.telltale.access;

import jakarta.servlet.http.HttpServletRequest;

/// Tells of requests that were refused for who sent them.
final class RefusalAudit {

    private final AccessMeters meters;

    RefusalAudit(AccessMeters meters) {
        this.meters = meters;
    }

    /// Of a caller who asks for more than its share.
    void limited(Peer peer, HttpServletRequest request) {
        meters.limited();
    }

    /// Of an address whose credentials were too often wrong.
    void limitedFailures(Peer peer, HttpServletRequest request) {
        meters.limitedFailures();
    }
}
