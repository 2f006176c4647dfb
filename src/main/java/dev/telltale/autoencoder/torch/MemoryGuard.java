package dev.telltale.autoencoder.torch;

import ai.djl.engine.EngineException;
import dev.telltale.autoencoder.AutoencoderProblem;
import dev.telltale.problem.Problem;
import dev.telltale.torch.NativeMemory;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// Ends a training that takes far more native memory than was estimated for all of it, before the machine ends the
/// process. Estimates are held to what trainings take by tests: this is for what nobody thought of.
final class MemoryGuard {

    /// Of the estimate; trainings stay below by test.
    private static final double TOLERANCE = 1.3;

    /// What the rest of the process may take meanwhile beside what it is known to hold: its compilers, the database,
    /// bodies of requests.
    private static final long REST = 128L << 20;

    /// Asking costs as much as some batches of a small network.
    private static final long NANOS_BETWEEN_LOOKS = 100_000_000;

    private final long estimate;
    private final long limit;
    private final Supplier<OptionalLong> inUse;
    private final LongSupplier nanoTime;
    private final long before;
    private long lookedAt;

    /// @param estimate bytes of the training
    /// @param limit bytes by which the memory may grow from now on
    /// @param inUse bytes of native memory, empty where nobody counts them: then nothing is guarded
    /// @param nanoTime as of `System`
    MemoryGuard(long estimate, long limit, Supplier<OptionalLong> inUse, LongSupplier nanoTime) {
        this.estimate = estimate;
        this.limit = limit;
        this.inUse = inUse;
        this.nanoTime = nanoTime;
        this.before = inUse.get().orElse(0);
        this.lookedAt = nanoTime.getAsLong() - NANOS_BETWEEN_LOOKS;
    }

    /// @param estimate bytes of the training
    /// @param others bytes that are held elsewhere meanwhile, at most
    static MemoryGuard of(long estimate, long others) {
        return new MemoryGuard(estimate, limit(estimate, others), NativeMemory::inUse, System::nanoTime);
    }

    /// Bytes by which the memory of the process may grow: nobody can tell whose they are.
    static long limit(long estimate, long others) {
        return (long) (TOLERANCE * estimate + others + REST);
    }

    /// Looks now and then, the first time always; to be called for every batch.
    ///
    /// @throws Problem TRAINING_OVER_MEMORY
    void check() {
        long now = nanoTime.getAsLong();
        if (now - lookedAt < NANOS_BETWEEN_LOOKS) {
            return;
        }
        lookedAt = now;
        long taken = inUse.get().orElse(before) - before;
        if (taken > limit) {
            throw AutoencoderProblem.TRAINING_OVER_MEMORY.because(
                    "the training was estimated to need %d bytes, and the process took %d since it began, which counts"
                            + " what models that score and requests took meanwhile; a smaller batch, fewer units or a"
                            + " shorter window would help",
                    estimate, taken);
        }
    }

    /// What to say where there was no more to be had.
    Problem outOfMemory() {
        return AutoencoderProblem.TRAINING_OVER_MEMORY.because(
                "the service has no memory left for the training, which was estimated to need %d bytes; a smaller batch,"
                        + " fewer units or a shorter window would help, or more memory for the service",
                estimate);
    }

    /// Whether the engine failed for want of memory, which it says in words only.
    static boolean isOutOfMemory(EngineException failure) {
        String said = String.valueOf(failure.getMessage());
        return said.contains("can't allocate memory") || said.contains("bad_alloc") || said.contains("bad alloc");
    }
}
