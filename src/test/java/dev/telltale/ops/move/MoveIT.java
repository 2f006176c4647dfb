package dev.telltale.ops.move;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.telltale.StartedRooms;
import dev.telltale.StartedService;
import dev.telltale.access.AuditMove;
import dev.telltale.database.DataDirectory;
import dev.telltale.database.Database;
import dev.telltale.database.DatabaseUnusable;
import dev.telltale.database.Databases;
import dev.telltale.database.MoveListener;
import dev.telltale.database.Postgres;
import dev.telltale.models.ModelsMove;
import dev.telltale.problem.Problem;
import dev.telltale.series.Intake;
import dev.telltale.series.PushedSamples;
import dev.telltale.series.SeriesKey;
import dev.telltale.series.SeriesMove;
import dev.telltale.series.SeriesStoreProperties;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.core.env.Environment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.util.unit.DataSize;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class MoveIT {

    private static final JsonMapper JSON = new JsonMapper();

    /// Routes that have no JSON to compare: they follow what goes on.
    private static final Set<String> STREAMS = Set.of("/api/v1/incidents/events", "/api/v1/jobs/{id}/events");

    @TempDir
    private static Path seeded;

    private static Installation installation;

    @TempDir
    private Path directory;

    private final Postgres postgres = Postgres.fresh();

    /// What a command said.
    private record Outcome(int code, String out, String err) {}

    @BeforeAll
    static void seed() {
        installation = new Installation(seeded.resolve("data"));
    }

    @BeforeEach
    void copy() throws IOException {
        try (Stream<Path> tree = Files.walk(seeded)) {
            for (Path path : tree.toList()) {
                Path to = directory.resolve(seeded.relativize(path).toString());
                if (!Files.exists(to)) {
                    Files.copy(path, to);
                }
            }
        }
    }

    @Test
    void everythingThatTheServiceShowsIsTheSameAfterwards() throws Exception {
        Map<String, String> before;
        try (StartedService service = new StartedService(source(), Installation.WARM_UP)) {
            before = shown(service);
        }
        Map<String, String> files = files(source());
        Outcome outcome = move();
        assertThat(outcome.code()).as(outcome.err()).isZero();
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.out())
                .contains("Moving " + source() + " to " + postgres.url())
                .containsPattern("(?m)^  series +\\d+ rows")
                .containsPattern("(?m)^  chunk +" + postgres.number("SELECT count(*) FROM chunk") + " rows")
                .contains("All is moved.")
                .contains("telltale.store.partitions=16");
        assertThat(files(source())).as("nothing in the source is changed").isEqualTo(files);
        assertThat(rowsThere()).isEqualTo(rowsHere());
        assertThat(postgres.number("SELECT value FROM counter WHERE name = 'series'"))
                .as("by which the limit of series is held")
                .isEqualTo(postgres.number("SELECT count(*) FROM series"));
        assertThat(postgres.number("SELECT value FROM counter WHERE name = 'series_id'"))
                .isGreaterThanOrEqualTo(postgres.number("SELECT max(id) FROM series"));

        try (StartedService service = moved()) {
            Map<String, String> after = shown(service);
            assertThat(after.keySet()).isEqualTo(before.keySet());
            before.forEach(
                    (path, answer) -> assertThat(after.get(path)).as(path).isEqualTo(answer));
            worksOn(service);
        }
        try (StartedService service = moved()) { // what was stored there is there
            assertThat(installation.get(service, "/api/v1/models/m/versions").get("items"))
                    .hasSize(3);
        }
    }

    /// New rows beside those that came.
    private void worksOn(StartedService service) {
        Set<String> known = ids(service, "/api/v1/anomalies?limit=1000");
        Set<String> series = ids(service, "/api/v1/series?limit=1000");
        double[] more = Installation.wave(40, 9, 1);
        more[25] = 900;
        push(service, Installation.CPU, installation.time(660), more);
        await(() -> !ids(service, "/api/v1/anomalies?limit=1000").equals(known));
        Set<String> now = ids(service, "/api/v1/anomalies?limit=1000");
        assertThat(now).containsAll(known);
        now.removeAll(known);
        long highest = known.stream().mapToLong(Long::parseLong).max().orElseThrow();
        assertThat(now).allMatch(id -> Long.parseLong(id) > highest);

        HttpResponse<byte[]> made = installation.ask(service, "PUT", "/api/v1/series/fresh", "{}");
        assertThat(made.statusCode()).isEqualTo(201);
        long id = JSON.readTree(made.body()).get("id").asLong();
        assertThat(series).noneMatch(old -> Long.parseLong(old) >= id);
        assertThat(installation
                        .ask(service, "POST", "/api/v1/series/disk/samples", "timestamp,value\n1704067200000,5\n")
                        .statusCode())
                .as("another value for a time that came")
                .isEqualTo(409);
        HttpResponse<byte[]> version =
                installation.ask(service, "POST", "/api/v1/models/m/versions", "{\"training\":{\"epochs\":1}}");
        assertThat(version.statusCode())
                .as(new String(version.body(), StandardCharsets.UTF_8))
                .isEqualTo(201);
        assertThat(installation.get(service, "/api/v1/models/m").get("version").asInt())
                .isIn(1, 3);
        assertThat(installation
                        .ask(
                                service,
                                "POST",
                                "/api/v1/series/disk/annotations",
                                "{\"start\":\"2024-01-01T00:30:00Z\",\"end\":\"2024-01-01T00:40:00Z\",\"verdict\":\"normal\"}")
                        .statusCode())
                .isEqualTo(201);
        assertThat(installation
                        .ask(service, "POST", "/api/v1/keys", "{\"name\":\"second\",\"roles\":[\"reader\"]}")
                        .statusCode())
                .isEqualTo(201);
    }

    @Test
    void jobsThatWaitedAreDoneThere() throws Exception {
        String body = "11111111-2222-3333-4444-555555555555";
        change("INSERT INTO job (kind, subject, payload, state, created, started, progress) SELECT kind, 'later',"
                + " replace(payload, '\"m\"', '\"later\"'), 'running', created, started, progress FROM job"
                + " WHERE kind = 'training' ORDER BY id LIMIT 1");
        change("INSERT INTO job (kind, subject, payload, state, created) SELECT kind, '" + body
                + "', payload, 'queued', created FROM job WHERE kind = 'upload' LIMIT 1");
        change("INSERT INTO job (kind, subject, payload, state, cancel_requested, created) SELECT kind, 'unwanted',"
                + " payload, 'running', 1, created FROM job WHERE kind = 'training' ORDER BY id LIMIT 1");
        Files.createDirectories(source().resolve("uploads"));
        Files.writeString(
                source().resolve("uploads").resolve(body), "timestamp,reads,writes\n2024-02-01T00:00:00Z,7,8\n");
        Outcome outcome = move();
        assertThat(outcome.code()).as(outcome.err()).isZero();

        try (StartedService service = moved()) {
            await(() -> Stream.of("queued", "running")
                    .allMatch(
                            state -> ids(service, "/api/v1/jobs?state=" + state).isEmpty()));
            List<String> ends = new ArrayList<>();
            installation
                    .get(service, "/api/v1/jobs?limit=3")
                    .get("items")
                    .forEach(job -> ends.add(job.get("state").asString()));
            assertThat(ends).as("the newest first").containsExactly("cancelled", "succeeded", "succeeded");
            assertThat(installation
                            .get(service, "/api/v1/models/later")
                            .get("version")
                            .asInt())
                    .isEqualTo(1);
            assertThat(installation.get(service, "/api/v1/series/reads/samples").get("samples"))
                    .hasSize(2);
        }
    }

    /// Two series, one in the journal alone, an annotation, a model, a job that was running and one that was queued
    /// when that release was killed.
    @Test
    void whatTheFirstReleaseLeftMovesAtOnce() throws Exception {
        Path old = directory.resolve("old");
        try (ZipInputStream zip = new ZipInputStream(Objects.requireNonNull(
                MoveIT.class.getResourceAsStream("/dev/telltale/ops/first-release.zip"), "the fixture"))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Path file = old.resolve(entry.getName());
                Files.createDirectories(Objects.requireNonNull(file.getParent()));
                Files.write(file, zip.readAllBytes());
            }
        }
        Outcome outcome = move("--telltale.data-dir=" + old.resolve("data"));
        assertThat(outcome.code()).as(outcome.err()).isZero();
        try (StartedService service = moved()) {
            assertThat(JSON.readTree(installation
                            .ask(service, "GET", "/api/v1/series/requests", "")
                            .body()))
                    .isEqualTo(JSON.readTree(Files.readString(old.resolve("series.json"))));
            assertThat(installation
                            .get(service, "/api/v1/series/errors")
                            .at("/summary/count")
                            .asInt())
                    .isEqualTo(50);
            assertThat(installation
                            .get(service, "/api/v1/models/requests/evaluation")
                            .isObject())
                    .isTrue();
            assertThat(installation.ask(service, "DELETE", "/api/v1/jobs/2", "").statusCode())
                    .isBetween(200, 202);
            await(() -> installation
                    .get(service, "/api/v1/jobs/3")
                    .get("state")
                    .asString()
                    .equals("succeeded"));
        }
    }

    @Test
    void whatPostgresqlCannotHoldIsReplacedAndToldOf() throws Exception {
        change("UPDATE annotation SET note = 'a' || char(0) || 'b' WHERE label_set = 'mine'");
        Outcome outcome = move();
        assertThat(outcome.code()).as(outcome.err()).isZero();
        assertThat(outcome.err()).contains("1 texts of the table annotation held the character NUL");
        assertThat(postgres.number("SELECT count(*) FROM annotation WHERE note = 'a\ufffdb'"))
                .isEqualTo(1);
    }

    @Test
    void aDamagedFileOfAModelStaysBehindAndIsToldOf() throws Exception {
        Path file = source().resolve("models/m/2/model.safetensors");
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 1] ^= 1;
        Files.write(file, bytes);
        Outcome outcome = move();
        assertThat(outcome.code()).isZero();
        assertThat(outcome.err())
                .contains("The file of version 2 of model 'm' stays behind")
                .contains("hash differs");
        try (StartedService service = moved()) {
            assertThat(installation.ask(service, "GET", "/api/v1/models/m", "").statusCode())
                    .isEqualTo(200);
            String version = "/api/v1/models/m/versions/2";
            assertThat(new String(installation.ask(service, "GET", version, "").body(), StandardCharsets.UTF_8))
                    .contains("/problems/model-corrupt");
            assertThat(installation.ask(service, "DELETE", version, "").statusCode())
                    .isEqualTo(204);
        }
    }

    @Test
    void aServiceThatRunsIsNotMoved() throws Exception {
        try (StartedService _ = new StartedService(source())) {
            Outcome outcome = move();
            assertThat(outcome.code()).isEqualTo(MoveCommand.FAILED);
            assertThat(outcome.err())
                    .contains("Another process already works on the data directory " + source())
                    .doesNotContain("\tat ");
        }
        assertThat(move().code()).isZero();
    }

    @Test
    void nothingIsMovedToWhereSomethingIs() throws Exception {
        assertThat(move().code()).isZero();
        Outcome again = move();
        assertThat(again.code()).isEqualTo(MoveCommand.FAILED);
        assertThat(again.err()).contains("The database is not empty: its table 'access_key' has rows.");
        postgres.open(DataDirectory.open(directory.resolve("other"))).close(); // no mark is left
    }

    @Test
    void nothingIsMovedBesideAServiceThatRunsThere() throws Exception {
        try (StartedService _ = moved()) {
            Outcome outcome = move();
            assertThat(outcome.code()).isEqualTo(MoveCommand.FAILED);
            assertThat(outcome.err()).contains("A service works on the database");
        }
        Outcome afterwards = move();
        assertThat(afterwards.code())
                .as("that service stored nothing; " + afterwards.err())
                .isZero();
    }

    @Test
    void aWrongPasswordIsToldWithItsSetting() throws Exception {
        Path password = Files.writeString(directory.resolve("wrong"), "guess\n");
        Outcome outcome = run("--to=" + postgres.url(), "--user=" + postgres.user(), "--password-file=" + password);
        assertThat(outcome.code()).isEqualTo(MoveCommand.FAILED);
        assertThat(outcome.err())
                .contains("The database server does not let the user 'telltale' in")
                .contains("telltale.database.password-file")
                .contains("--password-file")
                .doesNotContain("guess", "\tat ");
    }

    @Test
    void aMoveThatWasCutShortKeepsServicesOutAndIsDoneAgainFromTheBeginning() throws Exception {
        for (String table : List.of("chunk", "model_part", "anomaly_part", "audit")) {
            assertThatThrownBy(() -> moveAndCutAt(table)).as(table).isInstanceOf(Problem.class);
            assertThat(postgres.number("SELECT count(*) FROM series")).isZero();
            assertThatThrownBy(() -> postgres.open(DataDirectory.open(directory.resolve("of-" + table))))
                    .isInstanceOf(DatabaseUnusable.class)
                    .hasMessageContaining("its move was cut short");
        }
        assertThatThrownBy(() -> moved().close()).hasStackTraceContaining("its move was cut short");
        Outcome outcome = move();
        assertThat(outcome.code()).as(outcome.err()).isZero();
        assertThat(rowsThere()).isEqualTo(rowsHere());
        moved().close();
    }

    @Test
    void aBackupThatWaitsIsToEndFirst() throws Exception {
        change("INSERT INTO job (kind, subject, payload, state, created) VALUES ('backup', 'x', '{}', 'queued', 1)");
        Outcome outcome = move();
        assertThat(outcome.code()).isEqualTo(MoveCommand.FAILED);
        assertThat(outcome.err()).contains("a backup, has not ended").contains("Let the jobs end first");
        postgres.open(DataDirectory.open(directory.resolve("other"))).close(); // nothing was begun
    }

    @Test
    void anotherNumberOfPartitionsIsToldAndLeavesNoMark() throws Exception {
        moved().close(); // 16 of them
        Outcome outcome = move("--telltale.store.partitions=8");
        assertThat(outcome.code()).isEqualTo(MoveCommand.FAILED);
        assertThat(outcome.err()).contains("has 16 partitions, and telltale.store.partitions says 8");
        moved().close();
        assertThat(move().code()).isZero();
    }

    @Test
    void saysWhatItNeeds() {
        for (List<String> arguments : List.of(
                List.<String>of(),
                List.of("now"),
                List.of("--to"),
                List.of("--to="),
                List.of("--to=jdbc:postgresql://x/y", "--to=jdbc:postgresql://x/z"),
                List.of("--to=jdbc:postgresql://x/y", "--password=x"))) {
            Outcome outcome = run(arguments.toArray(String[]::new));
            assertThat(outcome.code()).as("%s", arguments).isEqualTo(MoveCommand.MISUSED);
            assertThat(outcome.err()).startsWith("move: ").contains("usage: java -jar telltale.jar move");
            assertThat(outcome.out()).isEmpty();
        }
        Outcome wrong = run("--to=jdbc:mysql://x/y");
        assertThat(wrong.code()).isEqualTo(MoveCommand.FAILED);
        assertThat(wrong.err()).contains("telltale.database.url must begin with 'jdbc:postgresql:'");
    }

    @Test
    void aDirectoryWithoutDataIsNotMade() {
        Outcome outcome = run("--to=" + postgres.url(), "--telltale.data-dir=" + directory.resolve("none"));
        assertThat(outcome.code()).isEqualTo(MoveCommand.FAILED);
        assertThat(outcome.err()).contains("There is no database in the data directory");
        assertThat(directory.resolve("none")).doesNotExist();
    }

    private Path source() {
        return directory.resolve("data");
    }

    private Outcome move(String... more) throws IOException {
        Path secrets = Files.createDirectories(directory.resolve("secrets"));
        List<String> arguments = new ArrayList<>(List.of(
                "--to=" + postgres.url(),
                "--user=" + postgres.user(),
                "--password-file=" + postgres.passwordFile(secrets)));
        arguments.addAll(List.of(more));
        return run(arguments.toArray(String[]::new));
    }

    private Outcome run(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        List<String> all = new ArrayList<>(List.of(arguments));
        if (all.stream().noneMatch(argument -> argument.startsWith("--telltale.data-dir="))) {
            all.add("--telltale.data-dir=" + source());
        }
        int code = new MoveCommand(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8))
                .run(all);
        return new Outcome(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /// The service on the database, with a new directory.
    private StartedService moved() throws IOException {
        Path own = Files.createDirectories(directory.resolve("own"));
        List<String> settings = new ArrayList<>(StartedRooms.settings(own, postgres));
        settings.add(Installation.WARM_UP);
        return new StartedService(own, settings.toArray(String[]::new));
    }

    /// Cuts the connections when rows have come to a table.
    private void moveAndCutAt(String cut) {
        try (DataDirectory held = DataDirectory.open(source());
                Database source = Databases.toMove(held);
                DataDirectory own = DataDirectory.open(directory.resolve("cutting"));
                Database target = Databases.forMove(settings(own.path()), own)) {
            MoveListener listener = new MoveListener() {
                @Override
                public void moved(String table, long rows, long bytes) {
                    if (table.equals(cut)) {
                        try {
                            postgres.cutConnections();
                        } catch (SQLException e) {
                            throw new IllegalStateException(e);
                        }
                    }
                }

                @Override
                public void warn(String sentence) {
                    throw new AssertionError(sentence);
                }
            };
            SeriesStoreProperties store = new SeriesStoreProperties(
                    1_000, DataSize.ofMegabytes(64), DataSize.ofMegabytes(64), 16, "instance");
            new Move(
                            source,
                            target,
                            new SeriesMove(source, held.path(), store),
                            new ModelsMove(held.path()),
                            new AuditMove(held.path()),
                            listener)
                    .run();
        }
    }

    private Environment settings(Path own) {
        StandardEnvironment environment = new StandardEnvironment();
        Map<String, Object> values = new TreeMap<>();
        for (String setting : StartedRooms.settings(own, postgres)) {
            String[] parts = setting.substring(2).split("=", 2);
            values.put(parts[0], parts[1]);
        }
        environment.getPropertySources().addFirst(new MapPropertySource("test", values));
        return environment;
    }

    private void change(String sql) {
        try (DataDirectory held = DataDirectory.open(source());
                Database database = Databases.toMove(held)) {
            database.write(connection -> {
                try (Statement statement = connection.createStatement()) {
                    return statement.executeUpdate(sql);
                }
            });
        }
    }

    /// The answers of all routes that show something, by their addresses.
    private static Map<String, String> shown(StartedService service) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        values.put("/api/v1/attention/graph.{suffix}", List.of("/api/v1/attention/graph.mmd"));
        values.put("/api/v1/audit", List.of("/api/v1/audit?limit=1000", "/api/v1/audit?log=refusals&limit=1000"));
        values.put("/api/v1/backups/{id}", List.of()); // these are SQLite's own
        each(service, values, "/api/v1/anomalies", "", "id");
        each(service, values, "/api/v1/incidents", "", "id");
        each(service, values, "/api/v1/jobs", "", "id");
        each(service, values, "/api/v1/keys", "", "id");
        each(service, values, "/api/v1/receivers", "", "name");
        each(service, values, "/api/v1/silences", "", "id");
        each(service, values, "/api/v1/series", "", "id");
        each(service, values, "/api/v1/series", "/annotations", "id");
        each(service, values, "/api/v1/series", "/samples", "id");
        each(service, values, "/api/v1/detectors", "", "name");
        each(service, values, "/api/v1/detectors", "/series", "name");
        for (String more : List.of("", "/active", "/artifact", "/evaluation", "/graph", "/versions")) {
            each(service, values, "/api/v1/models", more, "name");
        }
        values.put("/api/v1/models/{name}/graph.{suffix}", List.of("/api/v1/models/m/graph.dot"));
        values.put("/api/v1/models/{name}/plots/{plot}", List.of("/api/v1/models/m/plots/loss"));
        values.put(
                "/api/v1/models/{name}/versions/{version}",
                List.of("/api/v1/models/m/versions/1", "/api/v1/models/m/versions/2"));
        values.put(
                "/api/v1/models/{name}/versions/{version}/evaluation",
                List.of("/api/v1/models/m/versions/2/evaluation"));
        String disk = installation.get(service, "/api/v1/series/disk").get("id").asString();
        String annotation = installation
                .get(service, "/api/v1/series/disk/annotations")
                .at("/items/0/id")
                .asString();
        values.put(
                "/api/v1/series/{id}/annotations/{annotationId}",
                List.of("/api/v1/series/" + disk + "/annotations/" + annotation));
        String cpu = installation
                .get(service, "/api/v1/series?match=" + encoded("cpu{instance=\"i-2\"}"))
                .at("/items/0/id")
                .asString();
        values.merge(
                "/api/v1/series/{id}/samples",
                List.of(
                        "/api/v1/series/" + cpu + "/samples?with=score:d",
                        "/api/v1/series/" + disk + "/samples?maxPoints=50"),
                MoveIT::both);
        values.put("/api/v1/tuning/{id}", ended(service, "tuning", "/api/v1/tuning/"));
        values.put("/api/v1/uploads/{id}", ended(service, "upload", "/api/v1/uploads/"));

        Map<String, String> shown = new TreeMap<>();
        JsonNode routes = JSON.readTree(
                installation.ask(service, "GET", "/v3/api-docs", "").body());
        routes.get("paths").properties().forEach(route -> {
            if (route.getValue().has("get") && !STREAMS.contains(route.getKey())) {
                List<String> paths = values.getOrDefault(route.getKey(), List.of());
                if (!route.getKey().contains("{")) {
                    paths = both(paths, List.of(route.getKey()));
                }
                assertThat(paths.isEmpty() && !route.getKey().startsWith("/api/v1/backups"))
                        .as(route.getKey())
                        .isFalse();
                paths.forEach(path -> shown.put(path, answer(service, path)));
            }
        });
        return shown;
    }

    private static void each(
            StartedService service, Map<String, List<String>> values, String list, String more, String key) {
        List<String> paths = new ArrayList<>();
        installation
                .get(service, list + "?limit=1000")
                .get("items")
                .forEach(item -> paths.add(list + "/" + item.get(key).asString() + more));
        assertThat(paths).as(list).isNotEmpty();
        values.put(list + "/{" + key + "}" + more, paths);
    }

    private static List<String> ended(StartedService service, String kind, String path) {
        return ids(service, "/api/v1/jobs?kind=" + kind).stream()
                .map(path::concat)
                .toList();
    }

    private static List<String> both(List<String> some, List<String> others) {
        return Stream.concat(some.stream(), others.stream()).toList();
    }

    private static Set<String> ids(StartedService service, String path) {
        Set<String> ids = new TreeSet<>();
        installation
                .get(service, path)
                .get("items")
                .forEach(item -> ids.add(item.get("id").asString()));
        return ids;
    }

    private static String answer(StartedService service, String path) {
        HttpResponse<byte[]> answer = installation.ask(service, "GET", path, "");
        String type = answer.headers().firstValue("Content-Type").orElse("");
        String body = type.contains("json")
                ? JSON.readTree(answer.body()).toPrettyString()
                : HexFormat.of().formatHex(sha256(answer.body()));
        assertThat(answer.statusCode()).as(path + ": " + body).isEqualTo(200);
        return type + "\n" + body;
    }

    private static void push(StartedService service, SeriesKey series, long start, double... values) {
        PushedSamples samples = new PushedSamples();
        int number = samples.series(series);
        for (int i = 0; i < values.length; i++) {
            samples.add(number, start + i * 60_000L, values[i]);
        }
        service.bean(Intake.class).push(samples);
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + 60_000_000_000L;
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("patience").isLessThan(deadline);
            try {
                Thread.sleep(50);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /// The rows of the source, as they are to come.
    private Map<String, List<String>> rowsHere() {
        try (DataDirectory held = DataDirectory.open(source());
                Database database = Databases.toMove(held)) {
            return database.read(connection -> {
                Map<String, List<String>> rows = new TreeMap<>();
                for (Map.Entry<String, String> table : queries().entrySet()) {
                    rows.put(table.getKey(), rows(connection, table.getValue()));
                }
                return rows;
            });
        }
    }

    private Map<String, List<String>> rowsThere() throws SQLException {
        Map<String, List<String>> columns = new TreeMap<>();
        try (DataDirectory held = DataDirectory.open(source());
                Database database = Databases.toMove(held)) {
            database.read(connection -> {
                for (Map.Entry<String, String> table : queries().entrySet()) {
                    columns.put(table.getKey(), columns(connection, table.getValue()));
                }
                return columns;
            });
        }
        Map<String, List<String>> rows = new TreeMap<>();
        try (Connection connection = postgres.admin()) {
            for (Map.Entry<String, List<String>> table : columns.entrySet()) {
                rows.put(
                        table.getKey(),
                        rows(connection, "SELECT " + String.join(", ", table.getValue()) + " FROM " + table.getKey()));
            }
        }
        return rows;
    }

    private static Map<String, String> queries() {
        Map<String, String> queries = new TreeMap<>(Tables.plain());
        queries.put("annotation", "SELECT * FROM annotation");
        queries.put("model", "SELECT * FROM model");
        queries.put("active_model", "SELECT * FROM active_model");
        queries.put("series", "SELECT id, name, labels, unit, interval_ms FROM series");
        return queries;
    }

    private static List<String> columns(Connection connection, String query) throws SQLException {
        try (Statement select = connection.createStatement();
                ResultSet row = select.executeQuery(query)) {
            List<String> columns = new ArrayList<>();
            for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                columns.add(row.getMetaData().getColumnLabel(i));
            }
            return columns;
        }
    }

    /// In an order that both databases have.
    private static List<String> rows(Connection connection, String query) throws SQLException {
        try (Statement select = connection.createStatement();
                ResultSet row = select.executeQuery(query)) {
            List<String> rows = new ArrayList<>();
            while (row.next()) {
                List<String> values = new ArrayList<>();
                for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                    Object value = row.getObject(i);
                    values.add(value instanceof byte[] bytes ? HexFormat.of().formatHex(bytes) : String.valueOf(value));
                }
                rows.add(String.join("|", values));
            }
            assertThat(rows).as(query).isNotEmpty();
            return rows.stream().sorted().toList();
        }
    }

    /// The contents of all files of a data directory that are not SQLite's own bookkeeping.
    private static Map<String, String> files(Path root) throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> tree = Files.walk(root)) {
            tree.filter(Files::isRegularFile)
                    .filter(file -> !file.getFileName().toString().matches("telltale\\.db-(wal|shm)"))
                    .forEach(file -> {
                        try {
                            files.put(
                                    root.relativize(file).toString(),
                                    HexFormat.of().formatHex(sha256(Files.readAllBytes(file))));
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    });
        }
        return files;
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
