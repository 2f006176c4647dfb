package dev.telltale.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.StartedRooms;
import dev.telltale.database.Postgres;
import dev.telltale.http.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.RouterFunctions;
import org.springframework.web.servlet.function.ServerResponse;
import tools.jackson.databind.JsonNode;

/// Keys and the log of changes of services on one database, and of the command beside them.
class SharedAccessIT {

    private static final Json JSON = new Json();
    private static final RouterFunction<ServerResponse> CHANGE = RouterFunctions.route()
            .PUT("/api/v1/series/{name}", request -> ServerResponse.ok().build())
            .build();

    @TempDir
    private Path directory;

    private final Postgres postgres = Postgres.fresh();
    private final HttpClient client = HttpClient.newHttpClient();
    private final List<StartedRooms> services = Collections.synchronizedList(new ArrayList<>());

    @AfterEach
    void stop() {
        services.forEach(StartedRooms::close);
        client.close();
    }

    @Test
    void eachActionIsOneLineInOneLogThatAllOfThemShow() throws Exception {
        StartedRooms one = start("one");
        StartedRooms other = start("other");
        HttpResponse<String> made = send(
                one,
                "POST",
                "/api/v1/keys",
                "{\"name\":\"operator\",\"roles\":[\"admin\"]}",
                "Content-Type: application/json");
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        String key = "Authorization: Bearer "
                + JSON.mapper().readTree(made.body()).get("key").asString();
        // Until it knows of a key it takes whoever calls from its own machine.
        while (send(other, "GET", "/api/v1/keys", "").statusCode() != 401) {
            Thread.sleep(50);
        }
        assertThat(send(other, "PUT", "/api/v1/series/a", "", key).statusCode()).isEqualTo(200);
        assertThat(send(one, "PUT", "/api/v1/series/b", "", key).statusCode()).isEqualTo(200);
        String id = JSON.mapper().readTree(made.body()).get("id").asString();
        assertThat(send(one, "GET", "/api/v1/keys", "").statusCode()).isEqualTo(401);
        assertThat(send(other, "GET", "/api/v1/keys", "").statusCode()).isEqualTo(401);

        for (StartedRooms service : services) {
            assertThat(events(service, "changes", key))
                    .extracting(event -> event.get("event").asString() + " "
                            + event.get("object").asString() + " "
                            + event.get("who").asString())
                    .containsExactly(
                            "change /api/v1/series/b key:" + id,
                            "change /api/v1/series/a key:" + id,
                            "key-created /api/v1/keys/" + id + " anonymous");
            assertThat(events(service, "refusals", key))
                    .as("each tells of the first that it refused")
                    .hasSize(2)
                    .allMatch(event -> event.get("event").asString().equals("unauthenticated"));
        }
        JsonNode part = JSON.mapper()
                .readTree(send(other, "GET", "/api/v1/audit?limit=2", "", key).body());
        JsonNode rest = JSON.mapper()
                .readTree(send(
                                one,
                                "GET",
                                "/api/v1/audit?limit=2&cursor="
                                        + part.get("next").asString(),
                                "",
                                key)
                        .body());
        assertThat(rest.get("items").size()).isEqualTo(1);
        assertThat(rest.get("next").isNull()).isTrue();
        assertThat(send(one, "GET", "/api/v1/audit?cursor=eA", "", key).statusCode())
                .isEqualTo(400);

        assertThat(send(other, "DELETE", "/api/v1/keys/" + id, "", key).statusCode())
                .isEqualTo(204);
        awaitStatus(one, key, 401);
        assertThat(lines("changes"))
                .extracting(event -> event.get("event").asString())
                .containsExactly("key-created", "change", "change", "key-revoked");
        assertThat(directory.resolve("one").resolve("audit")).doesNotExist();
    }

    @Test
    void theKeyOfAFileIsTakenInOnceThoughManyStartAtATime() throws Exception {
        KeyText text = KeyText.fresh();
        Path file = Files.writeString(directory.resolve("key"), text.written());
        try (ExecutorService starts = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<StartedRooms>> started = Stream.of("one", "two", "three")
                    .map(name -> starts.submit(() -> start(name, "--telltale.access.key-file=" + file)))
                    .toList();
            for (Future<StartedRooms> service : started) {
                assertThat(status(service.get(), "Authorization: Bearer " + text.written()))
                        .isEqualTo(200);
            }
        }
        assertThat(services.getFirst().bean(Keys.class).list(0, 10)).hasSize(1);
        assertThat(lines("changes"))
                .extracting(event -> event.get("event").asString())
                .containsExactly("key-created");
    }

    @Test
    void theCommandWorksBeforeTheFirstServiceAndBesideThem() throws Exception {
        String first = command("create", "--name=operator", "--roles=admin");
        assertThat(first).matches("tt_[a-z0-9]{12}_[A-Za-z0-9_-]{43}\n");
        StartedRooms one = start("one");
        StartedRooms other = start("other");
        String key = "Authorization: Bearer " + first.strip();
        assertThat(status(one, key)).isEqualTo(200);
        assertThat(status(other, key)).isEqualTo(200);
        String second = command("create", "--name=second", "--roles=admin");
        awaitStatus(one, "Authorization: Bearer " + second.strip(), 200);
        awaitStatus(other, "Authorization: Bearer " + second.strip(), 200);
        assertThat(command("list")).contains("operator", "second").doesNotContain(second.strip());
        command("revoke", first.substring(3, 15));
        awaitStatus(one, key, 401);
        awaitStatus(other, key, 401);
        assertThat(lines("changes"))
                .as("nobody else tells of it")
                .extracting(event ->
                        event.get("event").asString() + " " + event.get("who").asString())
                .containsExactly("key-created command", "key-created command", "key-revoked command");
        assertThat(directory.resolve("command").resolve("telltale.db")).doesNotExist();
    }

    @Test
    void theCommandSaysWhatKeepsItFromTheDatabase() throws Exception {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Files.createDirectories(directory.resolve("command"));
        List<String> settings = new ArrayList<>(StartedRooms.settings(directory.resolve("command"), postgres));
        Files.writeString(directory.resolve("command").resolve("password"), "wrong");
        settings.addFirst("list");
        assertThat(new KeyCommand(System.out, new PrintStream(err, true, StandardCharsets.UTF_8)).run(settings))
                .isEqualTo(KeyCommand.FAILED);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("does not let the user 'telltale' in")
                .contains("telltale.database.password-file");
        err.reset();
        assertThat(new KeyCommand(System.out, new PrintStream(err, true, StandardCharsets.UTF_8))
                        .run(List.of("list", "--telltale.database.url=jdbc:other:db")))
                .isEqualTo(KeyCommand.FAILED);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("telltale.database.url must begin with");
    }

    private StartedRooms start(String name, String... settings) throws IOException {
        StartedRooms service = new StartedRooms(directory.resolve(name), postgres, CHANGE, settings);
        services.add(service);
        return service;
    }

    /// What the command prints.
    private String command(String... words) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(words));
        arguments.addAll(StartedRooms.settings(Files.createDirectories(directory.resolve("command")), postgres));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = new KeyCommand(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8))
                .run(arguments);
        assertThat(code).as(err.toString(StandardCharsets.UTF_8)).isZero();
        return out.toString(StandardCharsets.UTF_8);
    }

    private HttpResponse<String> send(StartedRooms service, String method, String path, String body, String... headers)
            throws Exception {
        return client.send(
                service.request(path, headers)
                        .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    private int status(StartedRooms service, String key) throws Exception {
        return send(service, "GET", "/api/v1/keys", "", key).statusCode();
    }

    private void awaitStatus(StartedRooms service, String key, int status) throws Exception {
        while (status(service, key) != status) {
            Thread.sleep(50);
        }
    }

    private List<JsonNode> events(StartedRooms service, String log, String key) throws Exception {
        HttpResponse<String> answer = send(service, "GET", "/api/v1/audit?log=" + log, "", key);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        List<JsonNode> events = new ArrayList<>();
        JSON.mapper().readTree(answer.body()).get("items").forEach(events::add);
        return events;
    }

    /// The lines of a log as the database has them, the oldest first.
    private List<JsonNode> lines(String log) throws Exception {
        List<JsonNode> events = new ArrayList<>();
        try (var admin = postgres.admin();
                var select = admin.prepareStatement("SELECT line FROM audit WHERE log = ? ORDER BY id")) {
            select.setString(1, log);
            try (var row = select.executeQuery()) {
                while (row.next()) {
                    events.add(JSON.mapper().readTree(row.getString(1)));
                }
            }
        }
        return events;
    }
}
