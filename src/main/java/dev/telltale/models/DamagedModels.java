package dev.telltale.models;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The versions whose files were found damaged when they were read last. The one place from which damage is
/// told: to the log, the meter and the listeners, once for each finding however often somebody asks.
final class DamagedModels {

    private static final Logger LOG = LoggerFactory.getLogger(DamagedModels.class);

    private final Supplier<Stream<DamageListener>> listeners;
    /// By the ids of versions.
    private final Set<Long> damaged = ConcurrentHashMap.newKeySet();

    DamagedModels(Supplier<Stream<DamageListener>> listeners) {
        this.listeners = listeners;
    }

    void found(StoredModel model, String reason, Exception cause) {
        if (damaged.add(model.id())) {
            LOG.error("The file of model {} version {} is damaged: {}", model.name(), model.version(), reason, cause);
            listeners.get().forEach(listener -> tell(listener, model, reason));
        }
    }

    /// Its file was read whole.
    void sound(StoredModel model) {
        if (damaged.remove(model.id())) {
            LOG.info("The file of model {} version {} is whole again", model.name(), model.version());
        }
    }

    /// It was deleted.
    void forget(StoredModel model) {
        forget(model.id());
    }

    /// @param id of the version
    void forget(long id) {
        damaged.remove(id);
    }

    int count() {
        return damaged.size();
    }

    private static void tell(DamageListener listener, StoredModel model, String reason) {
        try {
            listener.damaged(model.name(), model.version(), reason);
        } catch (RuntimeException e) { // whoever asked for the model hears of the damage all the same
            LOG.warn("Damage of model {} version {} was not noted", model.name(), model.version(), e);
        }
    }
}
