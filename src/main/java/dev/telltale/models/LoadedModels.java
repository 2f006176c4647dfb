package dev.telltale.models;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import dev.telltale.autoencoder.Reconstructor;
import dev.telltale.autoencoder.ReconstructorLoader;
import dev.telltale.database.ChangeListener;
import dev.telltale.problem.Problem;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The models held in memory. A model is loaded when it is first asked for, and let go when others need
/// its room; who has borrowed it keeps it until then.
final class LoadedModels implements AutoCloseable {

    private final ModelStore store;
    private final ReconstructorLoader loader;
    private final Cache<Long, LoadedModel> cache;

    /// By the ids of versions.
    private final KeyedLocks<Long> loading = new KeyedLocks<>();

    /// @param mostBytes of models held at once
    LoadedModels(ModelStore store, ReconstructorLoader loader, long mostBytes, ModelMeters meters) {
        this.store = store;
        this.loader = loader;
        this.cache = Caffeine.newBuilder()
                .maximumWeight(mostBytes)
                .weigher((Long id, LoadedModel model) -> Math.toIntExact(model.weight()))
                .executor(Runnable::run)
                .removalListener(LoadedModels::letGo)
                .build();
        meters.watchLoaded(cache::estimatedSize);
    }

    /// The active version of a model; whoever borrows it closes it.
    ///
    /// @throws dev.telltale.problem.Problem if there is none of this name or its file is damaged
    LoadedModel borrow(ModelName name) {
        StoredModel stored = store.lately(name);
        while (true) {
            try {
                return borrow(stored);
            } catch (Problem problem) {
                StoredModel now = store.get(name);
                if (now.id() == stored.id()) {
                    throw problem;
                }
                stored = now; // another was activated and this one deleted, so that its file was gone
            }
        }
    }

    /// A version of a model, as `borrow(name)`.
    LoadedModel borrow(ModelName name, int version) {
        return borrow(store.get(name, version));
    }

    private LoadedModel borrow(StoredModel stored) {
        return held(stored)
                .orElseGet(() ->
                        loading.locked(stored.id(), () -> held(stored).orElseGet(() -> hold(stored, load(stored)))));
    }

    private Optional<LoadedModel> held(StoredModel stored) {
        return Optional.ofNullable(cache.asMap().computeIfPresent(stored.id(), (id, model) -> model.borrow()));
    }

    /// Borrowed before the cache can let it go, which for a model larger than its room is at once.
    private LoadedModel hold(StoredModel stored, LoadedModel model) {
        model.borrow();
        cache.put(stored.id(), model);
        if (store.find(stored.name(), stored.version()).isEmpty()) {
            forget(stored); // deleted while it was loaded
        }
        return model;
    }

    /// Lets a deleted model go.
    void forget(StoredModel model) {
        cache.invalidate(model.id());
    }

    /// Hears of models that other processes deleted.
    ChangeListener follower() {
        return new ChangeListener() {

            @Override
            public void changed(String subject) {
                cache.invalidate(ModelTable.Gone.parse(subject).id());
            }

            @Override
            public void all() {
                cache.invalidateAll();
            }
        };
    }

    @Override
    public void close() {
        cache.invalidateAll();
        cache.cleanUp();
    }

    private LoadedModel load(StoredModel stored) {
        SavedModel saved = store.load(stored);
        ModelSpecification specification = saved.manifest().specification();
        Reconstructor network = loader.load(
                specification.architecture(),
                specification.windowing().length(),
                specification.channels(),
                saved.network());
        return new LoadedModel(
                saved.manifest().forScoring(), network, specification.partner().map(kind -> Hybrid.of(kind, saved)));
    }

    private static void letGo(@Nullable Long id, @Nullable LoadedModel model, RemovalCause cause) {
        if (model != null) {
            model.close();
        }
    }
}
