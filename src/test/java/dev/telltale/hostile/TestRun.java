package dev.telltale.hostile;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/// Runs one test by its class and its method, for scripts that run it longer than the build does. Ends with 1 if it
/// fails or is not found.
final class TestRun {

    private TestRun() {}

    public static void main(String[] arguments) {
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(selectMethod(arguments[0], arguments[1], parameters(arguments[0])))
                .build();
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        Launcher launcher = LauncherFactory.create();
        launcher.execute(request, listener);
        listener.getSummary().printFailuresTo(new PrintWriter(System.out, true, StandardCharsets.UTF_8), 20);
        boolean isWell = listener.getSummary().getTotalFailureCount() == 0
                && listener.getSummary().getTestsFoundCount() > 0;
        System.exit(isWell ? 0 : 1);
    }

    /// What the method takes: bytes where it is fuzzed, else a directory.
    private static String parameters(String type) {
        return type.endsWith("FuzzTest") ? "byte[]" : "java.nio.file.Path";
    }
}
