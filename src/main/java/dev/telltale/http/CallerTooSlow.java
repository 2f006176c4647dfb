package dev.telltale.http;

import java.net.SocketTimeoutException;

/// A body comes so slowly that it is not waited for any longer; answered as one that does not come at all.
final class CallerTooSlow extends SocketTimeoutException {

    private static final long serialVersionUID = 1;

    CallerTooSlow() {
        super("the body comes too slowly");
    }
}
