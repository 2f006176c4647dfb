package dev.telltale.database;

import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The room on the disk of the data directory. While less than a bound is free new data is refused, and what lies
/// below the bound is a reserve for works that make room or end what has begun.
///
/// Whoever asks looks, but not more often than once a second: it costs a system call.
final class FreeSpace {

    private static final Logger LOG = LoggerFactory.getLogger(FreeSpace.class);
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Disk disk;
    private final Bound bound;
    private final LongSupplier nanoTime;
    private final AtomicLong nextLook;
    private volatile long free;
    private volatile long needed;
    private volatile boolean enough = true;

    /// A disk as it is now, in bytes.
    interface Disk {

        long size();

        /// What this user may still write.
        long free();

        /// The one on which a file or directory lies.
        static Disk of(Path path) {
            return new Disk() {
                @Override
                public long size() {
                    return path.toFile().getTotalSpace();
                }

                @Override
                public long free() {
                    return path.toFile().getUsableSpace();
                }
            };
        }
    }

    /// How much is to stay free: the larger of the two.
    ///
    /// @param share of the size of the disk
    record Bound(long bytes, double share) {

        static final Bound NONE = new Bound(0, 0);

        long of(long size) {
            return Math.max(bytes, (long) (share * size));
        }
    }

    FreeSpace(Disk disk, Bound bound) {
        this(disk, bound, System::nanoTime);
    }

    FreeSpace(Disk disk, Bound bound, LongSupplier nanoTime) {
        this.disk = disk;
        this.bound = bound;
        this.nanoTime = nanoTime;
        this.nextLook = new AtomicLong(nanoTime.getAsLong());
        look();
    }

    /// @throws dev.telltale.problem.Problem `STORAGE_FULL` if less is free than has to be
    void require() {
        if (!isEnough()) {
            throw DatabaseProblem.STORAGE_FULL.because("%s; nothing of this request was stored", reason());
        }
    }

    /// @param bytes that are about to be written at once; 0 asks no more than `require()`
    /// @throws dev.telltale.problem.Problem `STORAGE_FULL` if less than has to be would be free then
    void require(long bytes) {
        require();
        if (bytes > 0 && disk.free() - bytes < needed) {
            throw DatabaseProblem.STORAGE_FULL
                    .because(
                            "%d bytes more would leave less than %d free on the disk of the data directory"
                                    + " (telltale.storage.min-free, min-free-share); nothing of this request was stored;"
                                    + " free some space",
                            bytes, needed)
                    .with("neededBytes", bytes);
        }
    }

    boolean isEnough() {
        long now = nanoTime.getAsLong();
        long due = nextLook.get();
        if (now - due >= 0 && nextLook.compareAndSet(due, now + LOOK_NANOS)) {
            look();
        }
        return enough;
    }

    /// Bytes that were free at the last look.
    long free() {
        isEnough();
        return free;
    }

    /// Bytes that had to be then.
    long needed() {
        isEnough();
        return needed;
    }

    /// Why nothing new is taken.
    String reason() {
        return String.format(
                Locale.ROOT,
                "%d bytes are free on the disk of the data directory, which is less than the %d that stay free"
                        + " (telltale.storage.min-free, min-free-share); free some space",
                free,
                needed);
    }

    /// Looks now.
    void look() {
        free = disk.free();
        needed = bound.of(disk.size());
        boolean isEnough = free >= needed;
        if (isEnough == enough) {
            return;
        }
        enough = isEnough;
        if (isEnough) {
            LOG.info("{} bytes are free on the disk of the data directory: new data is taken again", free);
        } else {
            LOG.error("Nothing new is stored: {}", reason());
        }
    }
}
