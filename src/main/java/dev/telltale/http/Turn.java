package dev.telltale.http;

import org.jspecify.annotations.Nullable;

/// The turn that the request of this thread has at the work of its kind.
public final class Turn {

    private static final ThreadLocal<Gate.@Nullable Place> MINE = new ThreadLocal<>();

    private Turn() {}

    /// Lets others have it. For requests that only wait from now on, as for the end of a job.
    public static void end() {
        Gate.Place mine = MINE.get();
        if (mine != null) {
            mine.leave();
        }
    }

    static void begin(Gate.Place place) {
        MINE.set(place);
    }

    static void clear() {
        MINE.remove();
    }
}
