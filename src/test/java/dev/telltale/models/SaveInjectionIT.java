package dev.telltale.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.telltale.database.DataDirectory;
import dev.telltale.database.SqliteDatabase;
import dev.telltale.problem.Problem;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Saves of a model in a process of its own, in which strace lets system calls on the model's files fail, or ends
/// the process at one of them. `bench/release/save-kills` does it to the whole service, at every call.
class SaveInjectionIT {

    private static final ModelName NAME = new ModelName("cpu");
    private static final String CALLS = "openat,mkdir,write,pwrite64,fsync,fdatasync,rename,unlink,close";
    /// The process is killed at each call of a save whose number is a multiple of this, about.
    private static final int STEP = Integer.getInteger("kills.step", 6);
    private static final int SAVES = 12;
    private static final int MOST_ATTEMPTS = 100;
    /// A line of strace: the thread, and the name of the call.
    private static final Pattern CALL = Pattern.compile("([0-9]+ +)([a-z0-9]+)\\(");

    @TempDir
    private Path directory;

    @BeforeEach
    void needsStrace() {
        assumeTrue(
                Arrays.stream(System.getenv("PATH").split(File.pathSeparator, -1))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "strace"))),
                "strace is not installed: nothing can be injected");
    }

    /// The process: once told to, saves version after version, and says of each what became of it.
    static final class Child {

        private Child() {}

        public static void main(String[] arguments) throws IOException {
            int last = Integer.parseInt(arguments[1]);
            try (DataDirectory directory = DataDirectory.open(Path.of(arguments[0]));
                    SqliteDatabase database = SqliteDatabase.open(directory)) {
                DirectoryModelStore store =
                        new DirectoryModelStore(directory.path(), database, new DamagedModels(Stream::empty));
                int version = store.newest(NAME) + 1;
                System.out.println("ready");
                System.in.read();
                for (int attempts = 0; version <= last && attempts < MOST_ATTEMPTS; attempts++) {
                    try {
                        store.save(version(version), true);
                        System.out.println("saved " + version);
                        version++;
                    } catch (Problem problem) {
                        System.out.println("refused " + version + " " + problem.type());
                    }
                }
            }
        }
    }

    @Test
    void servesTheOldOrTheNewVersionAfterAKillAtAnyCall() throws Exception {
        Path before = directory.resolve("before");
        inOpen(before, store -> store.save(version(1)));
        assertThat(run(copy(before, "watched"), 2)).containsExactly("saved 2");
        List<String> calls = injectionsAtEachCall();
        assertThat(calls).hasSizeGreaterThan(20);
        int old = 0;
        int kills = 0;
        for (int i = STEP / 2; i < calls.size(); i += STEP) {
            String call = calls.get(i);
            Path data = copy(before, "killed-" + i);
            List<String> said = run(data, 2, call);
            StoredModel[] active = new StoredModel[1];
            inOpen(data, store -> {
                active[0] = store.get(NAME);
                int version = active[0].version();
                assertThat(version)
                        .as("killed at %s", call)
                        .isIn(said.contains("saved 2") ? List.of(2) : List.of(1, 2));
                assertThat(store.load(active[0]).manifest().version()).isEqualTo(version);
                assertThat(files(data)).as("killed at %s", call).isEqualTo(expected(version));
                if (version == 1) {
                    assertThat(store.save(version(2), true).version()).isEqualTo(2);
                }
            });
            old += active[0].version() == 1 ? 1 : 0;
            kills++;
        }
        System.out.printf(
                "%d kills at %d calls: the old version served after %d, the new after %d%n",
                kills, calls.size(), old, kills - old);
        assertThat(old).isBetween(1, kills);
    }

    /// A save writes ten times, syncs five times and renames once: in turn each of them fails.
    @ParameterizedTest
    @ValueSource(strings = {"EIO", "ENOSPC"})
    void refusesASaveWhoseCallFailsAndLosesNoneThatWasAcknowledged(String error) throws Exception {
        Path data = directory.resolve("failing");
        inOpen(data, store -> store.save(version(1)));

        List<String> said = run(
                data,
                SAVES,
                "inject=write:error=" + error + ":when=5+13",
                "inject=fsync:error=" + error + ":when=4+7",
                "inject=rename:error=" + error + ":when=2+3");

        assertThat(said).as("%s", said).last().isEqualTo("saved " + SAVES);
        assertThat(said).allMatch(line -> line.startsWith("saved") || line.endsWith("MODEL_NOT_SAVED"));
        assertThat(said).filteredOn(line -> line.startsWith("refused")).hasSizeGreaterThan(SAVES / 2);
        inOpen(data, store -> {
            for (int version = 1; version <= SAVES; version++) {
                StoredModel model = store.get(NAME, version);
                assertThat(store.load(model).manifest().version()).isEqualTo(version);
            }
            assertThat(files(data)).isEqualTo(expected(SAVES));
        });
    }

    /// From the calls that were watched, by thread and name, since strace counts them so.
    private List<String> injectionsAtEachCall() throws IOException {
        Map<String, Integer> counts = new HashMap<>();
        List<String> injections = new ArrayList<>();
        for (String line : Files.readAllLines(directory.resolve("calls"))) {
            Matcher call = CALL.matcher(line);
            if (call.lookingAt()) {
                int count = counts.merge(call.group(1) + call.group(2), 1, Integer::sum);
                injections.add("inject=%s:signal=SIGKILL:when=%d".formatted(call.group(2), count));
            }
        }
        return injections.stream().distinct().toList();
    }

    @FunctionalInterface
    private interface Work {
        void with(DirectoryModelStore store) throws IOException;
    }

    /// As the next start finds it.
    private static void inOpen(Path data, Work work) throws IOException {
        try (DataDirectory held = DataDirectory.open(data);
                SqliteDatabase database = SqliteDatabase.open(held)) {
            work.with(new DirectoryModelStore(held.path(), database, new DamagedModels(Stream::empty)));
        }
    }

    private static SavedModel version(int version) {
        return TestModels.saved(TestModels.specification(NAME.value(), 4), version, version);
    }

    /// Lets the process save, with an injection into its calls on the model's files and the journal of the database.
    ///
    /// @return what it said
    private List<String> run(Path data, int last, String... injections) throws Exception {
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Child.class.getName(),
                        data.toString(),
                        "" + last)
                .redirectError(directory.resolve("errors").toFile())
                .start();
        try (BufferedReader said = child.inputReader()) {
            assertThat(said.lines().anyMatch("ready"::equals)).isTrue();
            Process strace = new ProcessBuilder(strace(child.pid(), data, last, injections))
                    .redirectErrorStream(true)
                    .start();
            try (BufferedReader attached = strace.inputReader();
                    OutputStream told = child.getOutputStream()) {
                assumeTrue(
                        attached.lines().anyMatch(line -> line.contains(" attached")),
                        "strace may not attach to other processes here");
                told.write('\n');
                told.flush();
                List<String> lines = said.lines()
                        .filter(line -> line.startsWith("saved") || line.startsWith("refused"))
                        .toList();
                assertThat(child.waitFor(1, TimeUnit.MINUTES)).isTrue();
                attached.lines().forEach(line -> {});
                assertThat(strace.waitFor(1, TimeUnit.MINUTES)).isTrue();
                return lines;
            }
        } finally {
            child.destroyForcibly();
        }
    }

    private List<String> strace(long process, Path data, int last, String... injections) {
        List<String> command = new ArrayList<>(List.of(
                "strace",
                "-f",
                "-o",
                directory.resolve("calls").toString(),
                "-p",
                "" + process,
                "-e",
                "trace=" + CALLS));
        for (String injection : injections) {
            command.addAll(List.of("-e", injection));
        }
        Path models = data.resolve("models");
        Stream<Path> files = IntStream.rangeClosed(2, last)
                .mapToObj(version -> models.resolve("cpu/" + version))
                .flatMap(
                        version -> Stream.of("", "model.safetensors", "model.safetensors.unfinished", "model.signature")
                                .map(version::resolve));
        if (injections.length <= 1) { // what becomes of the database is for tests of its own
            command.addAll(List.of("-P", data.resolve("telltale.db-wal").toString()));
        }
        Stream.concat(Stream.of(models, models.resolve("cpu")), files)
                .forEach(path -> command.addAll(List.of("-P", path.toString())));
        return command;
    }

    private static List<String> files(Path data) throws IOException {
        Path models = data.resolve("models");
        try (Stream<Path> tree = Files.walk(models)) {
            return tree.filter(entry -> !entry.equals(models))
                    .map(entry -> models.relativize(entry).toString())
                    .sorted()
                    .toList();
        }
    }

    private static List<String> expected(int versions) {
        return Stream.concat(
                        Stream.of("cpu"),
                        IntStream.rangeClosed(1, versions)
                                .mapToObj(version -> "cpu/" + version)
                                .flatMap(version -> Stream.of(
                                        version, version + "/model.safetensors", version + "/model.signature")))
                .sorted()
                .toList();
    }

    private Path copy(Path from, String name) throws IOException {
        Path to = directory.resolve(name);
        try (Stream<Path> tree = Files.walk(from)) {
            for (Path entry : tree.toList()) {
                Files.copy(entry, to.resolve(from.relativize(entry).toString()));
            }
        }
        return to;
    }
}
