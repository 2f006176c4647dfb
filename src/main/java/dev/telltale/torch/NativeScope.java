package dev.telltale.torch;

import ai.djl.ndarray.NDManager;
import java.lang.foreign.Arena;

/// Native memory that is freed together: arrays of the engine and memory that they share with Java. One
/// owner closes it, so that nothing is left of what could only be made in part.
@SuppressWarnings("MustBeClosedChecker") // the arena lives as long as the scope, which closes it
public final class NativeScope implements AutoCloseable {

    private final NDManager manager;
    private final Arena arena;

    /// A scope that any thread may use and close.
    NativeScope(NDManager manager) {
        this.manager = manager;
        this.arena = Arena.ofShared();
    }

    /// The manager of the arrays of this scope.
    public NDManager manager() {
        return manager;
    }

    /// Zeros of this shape, for as long as the scope is open.
    public SharedTensor zeros(long... shape) {
        return new SharedTensor(manager, arena, shape);
    }

    @Override
    public void close() {
        try (arena) {
            manager.close(); // first: its arrays look at the arena's memory
        }
    }
}
