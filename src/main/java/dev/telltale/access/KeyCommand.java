package dev.telltale.access;

import dev.telltale.database.CommandSettings;
import dev.telltale.database.Database;
import dev.telltale.database.Databases;
import dev.telltale.database.StoreUnusable;
import dev.telltale.http.Json;
import dev.telltale.problem.Problem;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The command `keys`: makes, lists and revokes keys in the data directory, or in the database that several processes
/// share, whether a service runs on it or not. A key is all that stands on standard output, so that a script can keep
/// it.
public final class KeyCommand {

    public static final String NAME = "keys";

    static final int DONE = 0;
    static final int FAILED = 1;
    static final int MISUSED = 2;

    private static final String USAGE = """
            usage: java -jar telltale.jar keys create --name=<name> --roles=<role>,… [--expires=<time or duration>]
                   java -jar telltale.jar keys list
                   java -jar telltale.jar keys revoke <id>
                   java -jar telltale.jar keys generate

            roles:   reader, writer, trainer, metrics, admin
            expires: a time such as 2027-01-01T00:00:00Z, or from now as P90D or PT12H
            generate prints a key that no service knows, for the file of telltale.access.key-file.
            The data directory is that of the settings: --telltale.data-dir=… or TELLTALE_DATA_DIR, else ./data;
            where they give a telltale.database.url, the keys are in that database.
            """;
    private static final String BY = "command";
    private static final int PAGE = 1_000;

    private final PrintStream out;
    private final PrintStream err;

    public KeyCommand(PrintStream out, PrintStream err) {
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

    /// Where the keys are.
    ///
    /// @param directory of the data of a service of the same settings
    private record Place(Database database, Path directory) implements AutoCloseable {

        /// The log of changes, to add lines to: services alone remove old ones.
        AuditLog log() {
            AccessMeters meters = new AccessMeters(new SimpleMeterRegistry());
            return switch (database.dialect()) {
                case SQLITE ->
                    new AuditFileLog(AuditFiles.ofChanges(directory), AuditProperties.largest(), new Json(), meters);
                case POSTGRESQL -> AuditTable.ofChanges(database, Long.MAX_VALUE, new Json(), meters);
            };
        }

        @Override
        public void close() {
            database.close();
        }
    }

    /// Does what the arguments say.
    ///
    /// @param arguments what stands behind `keys`
    /// @return the exit code: 0, 1 if it cannot be done, 2 if the arguments do not say what to do
    public int run(List<String> arguments) {
        List<String> words =
                arguments.stream().filter(one -> !one.startsWith("--")).toList();
        List<String> options =
                arguments.stream().filter(one -> one.startsWith("--")).toList();
        try {
            String verb = words.isEmpty() ? "" : words.getFirst();
            return switch (verb) {
                case "create" -> create(words, options);
                case "list" -> list(words, options);
                case "revoke" -> revoke(words, options);
                case "generate" -> generate(words, options);
                case "" -> throw new Misuse("what shall be done with keys?");
                default -> throw new Misuse("'" + verb + "' is not known");
            };
        } catch (Misuse misuse) {
            err.println("keys: " + misuse.getMessage());
            err.print(USAGE);
            return MISUSED;
        } catch (StoreUnusable unusable) {
            err.println(unusable.getMessage() + " " + unusable.advice());
            return FAILED;
        } catch (Problem problem) {
            err.println("keys: " + problem.detail());
            return FAILED;
        }
    }

    private int create(List<String> words, List<String> options) {
        Map<String, String> given = given(words, 1, options, Set.of("name", "roles", "expires"));
        String name = required(given, "name");
        Set<Role> roles = roles(required(given, "roles"));
        Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        String expires = given.get("expires");
        @Nullable Instant end = expires == null ? null : end(expires, now);
        KeyText text = KeyText.fresh();
        try (Place place = place(options);
                AuditLog log = place.log()) {
            log.require();
            KeyTable table = new KeyTable(place.database());
            Key key = table.add(text, name, roles, now, end).orElseThrow();
            try {
                log.record(AuditEvent.ofKey(now, AuditEvent.Kind.KEY_CREATED, key, BY));
            } catch (Problem untold) {
                table.remove(key);
                log.recordOrLetWait(AuditEvent.ofKey(now, AuditEvent.Kind.KEY_REVOKED, key, BY));
                throw untold;
            }
        }
        out.println(text.written());
        err.println(
                "Key " + text.id() + " is made. It is not shown again; a running service takes it within 2 seconds.");
        return DONE;
    }

    private int list(List<String> words, List<String> options) {
        given(words, 1, options, Set.of());
        try (Place place = place(options)) {
            KeyTable table = new KeyTable(place.database());
            Instant now = Instant.now();
            row("ID", "CREATED", "EXPIRES", "STATE", "ROLES", "NAME");
            List<Key> keys = table.list(0, PAGE);
            while (!keys.isEmpty()) {
                keys.forEach(key -> row(
                        key.id(),
                        shown(key.created()),
                        shown(key.expires()),
                        state(key, now),
                        key.roles().stream().sorted().map(Role::word).collect(Collectors.joining(",")),
                        key.name()));
                keys = table.list(keys.getLast().number(), PAGE);
            }
        }
        return DONE;
    }

    private int revoke(List<String> words, List<String> options) {
        given(words, 2, options, Set.of());
        try (Place place = place(options);
                AuditLog log = place.log()) {
            Optional<Key> key = new KeyTable(place.database()).revoke(words.get(1), Instant.now());
            if (key.isEmpty()) {
                err.println("keys: no key has this id; `keys list` shows those there are");
                return FAILED;
            }
            try {
                log.record(AuditEvent.ofKey(Instant.now(), AuditEvent.Kind.KEY_REVOKED, key.get(), BY));
            } catch (Problem untold) { // a key that got out is revoked all the same
                err.println("keys: " + untold.detail());
            }
        }
        err.println("Key " + words.get(1) + " is revoked. A running service refuses it within 2 seconds.");
        return DONE;
    }

    private int generate(List<String> words, List<String> options) {
        given(words, 1, options, Set.of());
        out.println(KeyText.fresh().written());
        return DONE;
    }

    private void row(String id, String created, String expires, String state, String roles, String name) {
        out.println(String.format(
                        Locale.ROOT, "%-12s  %-20s  %-20s  %-7s  %-15s  %s", id, created, expires, state, roles, name)
                .stripTrailing());
    }

    private static String shown(@Nullable Instant time) {
        return time == null ? "never" : time.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private static String state(Key key, Instant now) {
        return key.isLive(now) ? "valid" : key.revoked() == null ? "expired" : "revoked";
    }

    /// The options of the command itself; settings of the service have a dot in their names and are left to it.
    private static Map<String, String> given(
            List<String> words, int expectedWords, List<String> options, Set<String> known) {
        if (words.size() != expectedWords) {
            throw new Misuse(
                    words.size() < expectedWords
                            ? "the id of a key is missing"
                            : "'" + words.getLast() + "' is too much");
        }
        Map<String, String> given = new LinkedHashMap<>();
        for (String option : options) {
            String[] parts = option.substring(2).split("=", 2);
            boolean isSetting = parts[0].indexOf('.') >= 0;
            if (!isSetting && !(known.contains(parts[0]) && parts.length == 2)) {
                throw new Misuse("--" + parts[0] + (known.contains(parts[0]) ? " needs a value" : " is not known"));
            }
            if (!isSetting && given.put(parts[0], parts[1]) != null) {
                throw new Misuse("--" + parts[0] + " stands twice");
            }
        }
        return given;
    }

    private static String required(Map<String, String> given, String option) {
        String value = given.get(option);
        if (value == null || value.isBlank()) {
            throw new Misuse("--" + option + " is missing");
        }
        return value;
    }

    private static Set<Role> roles(String words) {
        Set<Role> roles = new HashSet<>();
        for (String word : words.split(",", -1)) {
            roles.add(Role.of(word.strip()).orElseThrow(() -> new Misuse("'" + word + "' is not a role")));
        }
        return roles;
    }

    private static Instant end(String expires, Instant now) {
        try {
            return expires.startsWith("P") ? now.plus(Duration.parse(expires)) : Instant.parse(expires);
        } catch (DateTimeException | ArithmeticException e) {
            throw new Misuse("'" + expires + "' is neither a time nor a duration");
        }
    }

    /// Where the service itself would find its data: by its arguments, its environment and its files of settings.
    private static Place place(List<String> options) {
        List<String> settings =
                options.stream().filter(one -> one.contains(".")).toList();
        return CommandSettings.read(
                settings, found -> new Place(Databases.forCommand(found), Databases.dataDirectory(found)));
    }
}
