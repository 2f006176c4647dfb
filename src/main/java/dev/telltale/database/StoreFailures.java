package dev.telltale.database;

/// How often something could not be written.
///
/// @param full because there was no room
/// @param broken because the disk, or the server, did not work
record StoreFailures(long full, long broken) {

    static final StoreFailures NONE = new StoreFailures(0, 0);

    StoreFailures withFull() {
        return new StoreFailures(full + 1, broken);
    }

    StoreFailures withBroken() {
        return new StoreFailures(full, broken + 1);
    }
}
