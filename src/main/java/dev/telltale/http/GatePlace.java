package dev.telltale.http;

import org.jspecify.annotations.Nullable;

/// The place that the request of this thread has among those that are worked on.
public final class GatePlace {

    private static final ThreadLocal<Gate.@Nullable Place> MINE = new ThreadLocal<>();

    private GatePlace() {}

    /// Lets others have it. For requests that only wait from now on, as for the end of a job.
    public static void leave() {
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
