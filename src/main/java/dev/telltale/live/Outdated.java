package dev.telltale.live;

/// A detector was specified anew or deleted: what was meant to be stored of it as it was is not stored.
final class Outdated extends RuntimeException {

    private static final long serialVersionUID = 1L;

    Outdated(long detector) {
        super("detector " + detector + " is another one now");
    }
}
