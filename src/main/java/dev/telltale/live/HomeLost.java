package dev.telltale.live;

/// Another process scores the series of a partition by now, or has meanwhile: what this one meant to store of them is
/// not stored.
final class HomeLost extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Home home;

    HomeLost(Home home, RuntimeException cause) {
        super("partition " + home.partition() + " is no longer scored here", cause);
        this.home = home;
    }

    Home home() {
        return home;
    }
}
