package dev.telltale.series;

import java.sql.SQLException;

/// A look at chunks that failed in the middle of a transaction, on its way to who runs that.
final class FailedLook extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final SQLException failure;

    FailedLook(SQLException failure) {
        super(failure);
        this.failure = failure;
    }

    SQLException failure() {
        return failure;
    }
}
