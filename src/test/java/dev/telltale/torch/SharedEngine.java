package dev.telltale.torch;

import java.nio.file.Path;
import java.util.Map;

/// The engine of all tests in this process, started by the first that asks.
public final class SharedEngine {

    static final Path LIBRARIES = LibraryDirectory.find(
            System.getenv(),
            Path.of(System.getProperty("user.home")),
            Path.of(System.getProperty("java.io.tmpdir")),
            System.getProperty("user.name"));

    public static final TorchEngine ENGINE = TorchEngine.start(1, LIBRARIES, Map.of());

    private SharedEngine() {}
}
