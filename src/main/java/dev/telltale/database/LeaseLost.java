package dev.telltale.database;

/// A lease is not this process's any more: what it was about to do, another does.
public final class LeaseLost extends RuntimeException {

    private static final long serialVersionUID = 1;

    LeaseLost(String name) {
        super("the lease '" + name + "' is not held by this process");
    }
}
