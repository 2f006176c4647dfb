package dev.telltale.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The command, before the first start and beside a running service.
class KeyCommandIT {

    @TempDir
    private Path directory;

    private record Outcome(int code, String out, String err) {}

    @Test
    void makesListsAndRevokesKeysBeforeAndWhileTheServiceRuns() throws Exception {
        Outcome first = run("create", "--name=operator", "--roles=admin");
        assertThat(first.code()).as(first.err()).isZero();
        assertThat(first.out()).matches("tt_[a-z0-9]{12}_[A-Za-z0-9_-]{43}\n");
        assertThat(first.err()).contains("It is not shown again");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("data"))))
                .isEqualTo("rwx------");

        try (RunningService service = new RunningService(directory.resolve("data"))) {
            assertThat(status(service, first)).isEqualTo(200);
            assertThat(service.get("/api/v1/series").statusCode()).isEqualTo(401);

            Outcome second = run("create", "--name=prometheus", "--roles=writer,metrics", "--expires=P90D");
            assertThat(second.code()).as(second.err()).isZero();
            awaitStatus(service, second, 200);
            String id = second.out().substring(3, 15);
            assertThat(run("list").out())
                    .containsPattern("(?m)^" + id + "  \\S+Z  \\S+Z  valid    writer,metrics   prometheus$")
                    .containsPattern("(?m)^\\w{12}  \\S+Z  never                 valid    admin            operator$")
                    .doesNotContain(second.out().strip());

            assertThat(run("revoke", id).code()).isZero();
            awaitStatus(service, second, 401);
            assertThat(run("list").out()).containsPattern("(?m)^" + id + ".* revoked  writer,metrics");
        }
    }

    @Test
    void tellsTheLogOfChangesItself() throws Exception {
        EventsOnDisk onDisk = new EventsOnDisk(directory.resolve("data"));
        Outcome made = run("create", "--name=operator", "--roles=admin");
        String id = made.out().substring(3, 15);
        assertThat(onDisk.news()).singleElement().satisfies(event -> {
            assertThat(event.get("event").asString()).isEqualTo("key-created");
            assertThat(event.get("who").asString()).isEqualTo("command");
            assertThat(event.get("object").asString()).isEqualTo("/api/v1/keys/" + id);
        });
        try (RunningService service = new RunningService(directory.resolve("data"))) {
            Outcome second = run("create", "--name=second", "--roles=reader");
            awaitStatus(service, second, 200);
            assertThat(run("revoke", id).code()).isZero();
            awaitStatus(service, made, 401);
            assertThat(onDisk.news())
                    .as("once, though the service saw it too")
                    .extracting(event -> event.get("event").asString())
                    .filteredOn(event -> event.startsWith("key-"))
                    .containsExactly("key-created", "key-revoked");
        }
    }

    @Test
    void theKeyOfAFileIsTakenInAfterAStartThatCouldNotTellOfIt() throws Exception {
        Outcome generated = run("generate");
        Path file = Files.writeString(directory.resolve("key"), generated.out());
        String setting = "--telltale.access.key-file=" + file;
        Path audit = Files.createFile(
                Files.createDirectory(directory.resolve("data")).resolve("audit"));
        assertThatThrownBy(() -> new RunningService(directory.resolve("data"), setting).close())
                .hasStackTraceContaining("the log of changes");
        Files.delete(audit);
        try (RunningService service = new RunningService(directory.resolve("data"), setting)) {
            assertThat(status(service, generated)).isEqualTo(200);
        }
    }

    @Test
    void aGeneratedKeyInAFileIsTheFirstKeyOfAService() throws Exception {
        Outcome generated = run("generate");
        assertThat(generated.err()).isEmpty();
        assertThat(directory.resolve("data")).doesNotExist();
        Path file = Files.writeString(directory.resolve("key"), generated.out());
        String setting = "--telltale.access.key-file=" + file;

        for (int start = 0; start < 2; start++) {
            try (RunningService service = new RunningService(directory.resolve("data"), setting)) {
                assertThat(status(service, generated)).isEqualTo(200);
                assertThat(service.bean(Keys.class).list(0, 10))
                        .singleElement()
                        .matches(key ->
                                key.name().equals("key-file") && key.roles().contains(Role.ADMIN));
            }
        }
    }

    @Test
    void saysWhatItNeeds() {
        for (List<String> arguments : List.of(
                List.<String>of(),
                List.of("make"),
                List.of("create"),
                List.of("create", "--name=x"),
                List.of("create", "--roles=admin"),
                List.of("create", "--name=x", "--roles=root"),
                List.of("create", "--name=x", "--roles=admin,"),
                List.of("create", "--name=x", "--roles=admin", "--expires=tomorrow"),
                List.of("create", "--name=x", "--roles=admin", "--expires=P9999999999999D"),
                List.of("create", "--name=x", "--role=admin"),
                List.of("create", "--name", "x", "--roles=admin"),
                List.of("create", "--name=x", "--name=y", "--roles=admin"),
                List.of("list", "all"),
                List.of("revoke"),
                List.of("generate", "--name=x"))) {
            Outcome outcome = run(arguments.toArray(String[]::new));
            assertThat(outcome.code()).as("%s", arguments).isEqualTo(KeyCommand.MISUSED);
            assertThat(outcome.err()).as("%s", arguments).startsWith("keys: ").contains("usage: java -jar");
            assertThat(outcome.out()).isEmpty();
        }
        assertThat(directory.resolve("data")).doesNotExist();
    }

    @Test
    void makesNoKeyThatTheLogOfChangesCannotTellOfAndRevokesAllTheSame() throws Exception {
        Outcome made = run("create", "--name=operator", "--roles=admin");
        String id = made.out().substring(3, 15);
        Path audit = directory.resolve("data").resolve("audit");
        Files.move(audit, directory.resolve("away"));
        Files.createFile(audit);

        Outcome untold = run("create", "--name=second", "--roles=reader");
        assertThat(untold.code()).isEqualTo(KeyCommand.FAILED);
        assertThat(untold.out()).isEmpty();
        assertThat(untold.err()).startsWith("keys: ").contains("log of changes");
        assertThat(run("list").out()).doesNotContain("second");

        Outcome revoked = run("revoke", id);
        assertThat(revoked.code()).isZero();
        assertThat(revoked.err()).startsWith("keys: ").contains("is revoked");
        assertThat(run("list").out()).containsPattern("(?m)^" + id + ".* revoked  ");
    }

    @Test
    void showsWhichKeysHaveExpired() {
        assertThat(run("create", "--name=old", "--roles=reader", "--expires=2020-01-01T00:00:00Z")
                        .code())
                .isEqualTo(KeyCommand.FAILED);
        assertThat(run("create", "--name=short", "--roles=reader", "--expires=PT0.001S")
                        .code())
                .isZero();
        assertThat(run("list").out()).containsPattern("expired +reader +short");
    }

    @ParameterizedTest
    @ValueSource(strings = {"zzzzzzzzzzzz", "' OR 1=1 --", "../x"})
    void cannotRevokeWhatIsNotThere(String id) {
        Outcome outcome = run("revoke", id);
        assertThat(outcome.code()).isEqualTo(KeyCommand.FAILED);
        assertThat(outcome.err()).startsWith("keys: no key has this id");
    }

    @Test
    void saysInASentenceWhyTheDirectoryCannotBeUsed() throws Exception {
        Files.writeString(directory.resolve("data"), "a file");
        Outcome outcome = run("list");
        assertThat(outcome.code()).isEqualTo(KeyCommand.FAILED);
        assertThat(outcome.err()).contains("The data directory").doesNotContain("\tat ");
    }

    private Outcome run(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("--telltale.data-dir=" + directory.resolve("data"));
        int code = new KeyCommand(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8))
                .run(all);
        return new Outcome(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private static int status(RunningService service, Outcome made) throws Exception {
        return service.get(
                        "/api/v1/series", "Authorization: Bearer " + made.out().strip())
                .statusCode();
    }

    private static void awaitStatus(RunningService service, Outcome made, int expected) throws Exception {
        Instant begin = Instant.now();
        while (status(service, made) != expected) {
            assertThat(Instant.now()).isBefore(begin.plusSeconds(5));
            Thread.sleep(50);
        }
    }
}
