package dev.telltale.live;

import java.util.OptionalLong;

/// The later of two times of which either may be absent.
final class Later {

    private Later() {}

    static OptionalLong of(OptionalLong one, OptionalLong other) {
        if (one.isEmpty() || other.isEmpty()) {
            return one.isPresent() ? one : other;
        }
        return OptionalLong.of(Math.max(one.getAsLong(), other.getAsLong()));
    }
}
