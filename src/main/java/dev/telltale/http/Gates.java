package dev.telltale.http;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// The gate of each kind of work.
final class Gates {

    private final Map<Work, Gate> gates;
    private final Gate always = Gate.open();

    Gates(Map<Work, Gate> gates) {
        this.gates = new EnumMap<>(gates);
    }

    /// The one for this kind of work, or for none.
    Gate of(Optional<Work> work) {
        return work.map(kind -> Objects.requireNonNull(gates.get(kind))).orElse(always);
    }

    /// One that lets all in.
    Gate always() {
        return always;
    }

    void watch(HttpMeters meters) {
        gates.forEach(meters::watch);
    }
}
