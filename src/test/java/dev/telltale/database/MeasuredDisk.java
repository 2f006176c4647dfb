package dev.telltale.database;

import java.util.function.LongSupplier;

/// A disk of which a test says how much is free.
public final class MeasuredDisk {

    private MeasuredDisk() {}

    /// The database of a directory on such a disk.
    ///
    /// @param least bytes that stay free
    /// @param free bytes that are
    public static SqliteDatabase open(DataDirectory directory, long least, LongSupplier free) {
        FreeSpace.Disk disk = new FreeSpace.Disk() {

            @Override
            public long size() {
                return Long.MAX_VALUE;
            }

            @Override
            public long free() {
                return free.getAsLong();
            }
        };
        return SqliteDatabase.open(directory, new FreeSpace(disk, new FreeSpace.Bound(least, 0)));
    }
}
