package dev.telltale.database;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.logging.LoggingSystemProperty;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Environment;

/// The settings that a service would start with, for commands beside it: of its arguments, its environment and its
/// files.
public final class CommandSettings {

    private CommandSettings() {}

    /// What the application consists of that only looks for the settings.
    static final class Nothing {}

    /// Shows the settings to `reader`. Nothing is logged: standard output is for what a command says.
    ///
    /// @param arguments such as `--telltale.data-dir=…`
    public static <T> T read(List<String> arguments, Function<Environment, T> reader) {
        List<String> all = new ArrayList<>(arguments);
        all.add("--logging.threshold.console=off");
        SpringApplicationBuilder application = new SpringApplicationBuilder(Nothing.class)
                .web(WebApplicationType.NONE)
                .bannerMode(Banner.Mode.OFF)
                .logStartupInfo(false)
                .registerShutdownHook(false);
        try (ConfigurableApplicationContext context = application.run(all.toArray(String[]::new))) {
            return reader.apply(context.getEnvironment());
        } finally {
            // Else a service that is started in this process after the command would log nothing either.
            System.clearProperty(LoggingSystemProperty.CONSOLE_THRESHOLD.getEnvironmentVariableName());
        }
    }

    /// The settings that a record declares.
    ///
    /// @param prefix of their names, such as `telltale.store`
    /// @throws DatabaseUnusable if one of them has a value that it cannot have
    public static <T> T bind(Environment settings, String prefix, Class<T> type) {
        try {
            return Binder.get(settings).bindOrCreate(prefix, type);
        } catch (BindException e) {
            Throwable cause = e;
            while (cause.getCause() != null) {
                cause = cause.getCause();
            }
            throw new DatabaseUnusable(
                    "The settings " + prefix + ".… cannot be used (" + cause.getMessage() + ").", "Correct them.");
        }
    }
}
