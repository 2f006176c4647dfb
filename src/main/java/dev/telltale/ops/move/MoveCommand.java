package dev.telltale.ops.move;

import dev.telltale.access.AuditMove;
import dev.telltale.database.CommandSettings;
import dev.telltale.database.DataDirectory;
import dev.telltale.database.Database;
import dev.telltale.database.Databases;
import dev.telltale.database.StoreUnusable;
import dev.telltale.models.ModelsMove;
import dev.telltale.problem.Problem;
import dev.telltale.series.SeriesMove;
import dev.telltale.series.SeriesStoreProperties;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.springframework.core.env.Environment;

/// The command `move`: moves all that a service keeps in its data directory to a PostgreSQL database. The directory
/// stays as it is.
public final class MoveCommand {

    public static final String NAME = "move";

    static final int DONE = 0;
    static final int FAILED = 1;
    static final int MISUSED = 2;

    private static final String USAGE = """
            usage: java -jar telltale.jar move --to=jdbc:postgresql://<host>:5432/<database> [--user=<name>]
                       [--password-file=<file>]

            Moves all data from the data directory of the settings, --telltale.data-dir=… or TELLTALE_DATA_DIR, else
            ./data, to an empty PostgreSQL database. No service may run on either. The directory stays as it is.
            Without these options the settings telltale.database.url, telltale.database.user and
            telltale.database.password-file say where to. telltale.store.partitions and telltale.store.group-label are
            those that the service will have there.
            """;

    private static final String AGAIN =
            "Give the command again: it begins anew, since all comes at once or nothing. Should it say then that the"
                    + " database is not empty, all had come.";

    /// What the options of the command are to the service.
    private static final Map<String, String> SETTINGS = Map.of(
            "to", "telltale.database.url",
            "user", "telltale.database.user",
            "password-file", "telltale.database.password-file");

    private final PrintStream out;
    private final PrintStream err;

    public MoveCommand(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /// The arguments do not say what to do.
    private static final class Misuse extends RuntimeException {

        private static final long serialVersionUID = 1;

        Misuse(String message) {
            super(message);
        }
    }

    /// Does what the arguments say.
    ///
    /// @param arguments what stands behind `move`
    /// @return the exit code: 0, 1 if it cannot be done, 2 if the arguments do not say what to do
    public int run(List<String> arguments) {
        try {
            return CommandSettings.read(settings(arguments), this::move);
        } catch (Misuse misuse) {
            err.println(NAME + ": " + misuse.getMessage());
            err.print(USAGE);
            return MISUSED;
        } catch (StoreUnusable unusable) {
            err.println(NAME + ": " + unusable.getMessage() + " " + unusable.advice());
            err.println("--to, --user and --password-file stand for the settings telltale.database.url, user and"
                    + " password-file.");
        } catch (MoveRefused refused) {
            err.println(NAME + ": " + refused.getMessage());
        } catch (Problem problem) {
            err.println(NAME + ": " + problem.detail());
            err.println(AGAIN);
        } catch (UncheckedIOException unreadable) {
            err.println(NAME + ": a file of the data directory cannot be read (" + unreadable.getCause() + ").");
            err.println(AGAIN);
        }
        return FAILED;
    }

    private int move(Environment settings) {
        if (settings.getProperty("telltale.database.url", "").isEmpty()) {
            throw new Misuse("--to is missing");
        }
        Path directory = Databases.dataDirectory(settings);
        if (!Databases.isThere(directory)) {
            throw new MoveRefused("There is no database in the data directory "
                    + directory.toAbsolutePath().normalize() + ". Name the right one with --telltale.data-dir=….");
        }
        Progress progress = new Progress(out, err);
        try (DataDirectory held = DataDirectory.open(directory);
                Database source = Databases.toMove(held);
                Database target = Databases.forMove(settings, held)) {
            out.println("Moving " + held.path() + " to " + settings.getProperty("telltale.database.url"));
            SeriesStoreProperties store = CommandSettings.bind(settings, "telltale.store", SeriesStoreProperties.class);
            new Move(
                            source,
                            target,
                            new SeriesMove(source, held.path(), store),
                            new ModelsMove(held.path()),
                            new AuditMove(held.path()),
                            progress)
                    .run();
            progress.summarize();
            tellWhatNext(settings, store, held.path());
        }
        return DONE;
    }

    private void tellWhatNext(Environment settings, SeriesStoreProperties store, Path directory) {
        out.println("All is moved. Start the service with these settings, and a data directory of its own:");
        SETTINGS.values().stream()
                .sorted()
                .filter(key -> settings.containsProperty(key))
                .forEach(key -> out.println("  " + key + "=" + settings.getProperty(key)));
        out.println("  telltale.store.partitions=" + store.partitions());
        out.println("  telltale.store.group-label=" + store.groupLabel());
        out.println("Then compare what it shows. " + directory + " is as it was: keep it until you are sure, and start"
                + " nothing on it meanwhile.");
    }

    /// The arguments as the service would be given them.
    private static List<String> settings(List<String> arguments) {
        List<String> settings = new ArrayList<>();
        List<String> seen = new ArrayList<>();
        for (String argument : arguments) {
            if (!argument.startsWith("--")) {
                throw new Misuse("'" + argument + "' is too much");
            }
            String[] parts = argument.substring(2).split("=", 2);
            if (parts[0].indexOf('.') >= 0) {
                settings.add(argument);
                continue;
            }
            String setting = SETTINGS.get(parts[0]);
            if (setting == null || parts.length < 2 || parts[1].isBlank()) {
                throw new Misuse("--" + parts[0] + (setting == null ? " is not known" : " needs a value"));
            }
            if (seen.contains(parts[0])) {
                throw new Misuse("--" + parts[0] + " stands twice");
            }
            seen.add(parts[0]);
            settings.add("--" + setting + "=" + parts[1]);
        }
        return settings;
    }
}
