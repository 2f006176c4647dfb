package dev.telltale.torch;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Settings of the engine.
///
/// @param threads native threads that one operation of a training may use; one makes results repeatable everywhere
/// @param workers scorings that may run at once besides a training; by default as many as the cores allow
/// @param queueCapacity scorings that may wait for a worker
/// @param libraryDir where the native libraries are unpacked; by default in the user's cache directory
@ConfigurationProperties(prefix = "telltale.torch", ignoreUnknownFields = false)
record TorchProperties(
        @DefaultValue("1") int threads,
        @Nullable Integer workers,
        @DefaultValue("64") int queueCapacity,
        @Nullable Path libraryDir) {

    TorchProperties {
        int cores = Runtime.getRuntime().availableProcessors();
        if (threads < 1 || threads > cores) {
            throw new IllegalArgumentException(
                    "telltale.torch.threads must be from 1 to the " + cores + " cores, was " + threads);
        }
        if (workers != null && (workers < 1 || workers > cores / threads)) {
            throw new IllegalArgumentException("telltale.torch.workers × telltale.torch.threads must be from 1 to the "
                    + cores + " cores, was " + workers + " × " + threads);
        }
        if (queueCapacity < 1 || queueCapacity > 10_000) {
            throw new IllegalArgumentException(
                    "telltale.torch.queue-capacity must be from 1 to 10000, was " + queueCapacity);
        }
    }

    int workersOrDefault() {
        return workers != null ? workers : Runtime.getRuntime().availableProcessors() / threads;
    }

    Path libraries(Map<String, String> environment) {
        return libraryDir != null
                ? libraryDir.toAbsolutePath()
                : LibraryDirectory.find(
                        environment,
                        Path.of(System.getProperty("user.home")),
                        Path.of(System.getProperty("java.io.tmpdir")),
                        System.getProperty("user.name"));
    }
}
