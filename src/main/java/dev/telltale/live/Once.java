package dev.telltale.live;

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

/// Something that is done in the background, once for all who asked before it began.
final class Once {

    private final Executor background;
    private final Runnable work;
    private final AtomicBoolean waits = new AtomicBoolean();

    Once(Executor background, Runnable work) {
        this.background = background;
        this.work = work;
    }

    void ask() {
        if (waits.compareAndSet(false, true)) {
            background.execute(() -> {
                waits.set(false);
                work.run();
            });
        }
    }
}
