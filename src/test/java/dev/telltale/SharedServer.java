package dev.telltale;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/// A server of which this process has one for all tests: in a container where there is an engine for it, else as a
/// process of this machine; it says which.
///
/// @param <S> how it is reached
public final class SharedServer<S> {

    private final String name;
    private final String image;
    private final Function<String, S> container;
    private final Function<Path, S> process;
    private Optional<S> running = Optional.empty(); // guarded by this

    /// @param container starts a container of the image; whoever made that possible ends it with this process
    /// @param process starts it as a process whose data lie in a directory, which is empty
    public SharedServer(String name, String image, Function<String, S> container, Function<Path, S> process) {
        this.name = name;
        this.image = image;
        this.container = container;
        this.process = process;
    }

    /// Starts it the first time.
    public synchronized S get() {
        S server = running.orElseGet(this::start);
        running = Optional.of(server);
        return server;
    }

    private S start() {
        String reason = "there is no Docker API here";
        if (System.getenv("DOCKER_HOST") != null || Files.exists(Path.of("/var/run/docker.sock"))) {
            try {
                S server = container.apply(image);
                System.out.println(name + " for tests: container of " + image);
                return server;
            } catch (RuntimeException e) {
                reason = "no container of " + image + " could be started: " + e.getMessage();
            }
        }
        try {
            S server = process.apply(Files.createTempDirectory("telltale-" + name.toLowerCase(Locale.ROOT)));
            System.out.println(name + " for tests: embedded, since " + reason);
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
