package dev.telltale.models;

import static dev.telltale.models.TestRequests.ROWS;
import static dev.telltale.models.TestRequests.START;
import static dev.telltale.models.TestRequests.STEP;
import static dev.telltale.models.TestRequests.csv;
import static dev.telltale.models.TestRequests.range;
import static dev.telltale.models.TestRequests.specification;
import static dev.telltale.models.TestRequests.waves;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.telltale.http.Json;
import dev.telltale.models.RunningService.Answer;
import dev.telltale.problem.Problem;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// Export and import of models over HTTP.
class ArtifactApiIT {

    private static final String MODELS = "/api/v1/models/";
    private static final String BYTES = "Content-Type: application/octet-stream";
    private static final String ALL_ROWS = range("waves", START, START + ROWS * STEP);

    @TempDir
    private static Path data;

    private static RunningService service;

    /// The exported file of model `source`.
    private static byte[] exported;

    @BeforeAll
    static void start() {
        service = new RunningService(data);
        service.postCsv("/api/v1/series/waves/samples", csv(0, ROWS, waves(1)));
        service.train(specification("source", "waves", 8, 2));
        exported = export("source", "").body();
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @Test
    void givesTheSameScoresAfterExportDeleteAndImport() {
        service.train(specification("moved", "waves", 8, 2));
        String before = score("moved").body();
        byte[] file = export("moved", "").body();
        assertThat(service.delete(MODELS + "moved").status()).isEqualTo(204);

        Answer imported = put("moved", file);

        assertThat(imported.status()).as(imported.body()).isEqualTo(201);
        assertThat(imported.header("Location")).isEqualTo("/api/v1/models/moved");
        assertThat(imported.node()).isEqualTo(service.get(MODELS + "moved").node());
        assertThat(score("moved").body()).isEqualTo(before);
        assertThat(service.get(MODELS + "moved/evaluation")
                        .node()
                        .get("history")
                        .size())
                .isEqualTo(2);
    }

    @Test
    void namesTheFileAndItsVersionAndTellsWhetherItChanged() {
        HttpResponse<byte[]> answer = export("source", "");

        assertThat(answer.headers().firstValue("Content-Type")).contains("application/octet-stream");
        assertThat(answer.headers().firstValue("Content-Disposition"))
                .contains("attachment; filename=\"source-1.safetensors\"");
        assertThat(answer.headers().firstValue("Telltale-Model-Version")).contains("1");
        assertThat(answer.headers().firstValueAsLong("Content-Length")).hasValue(answer.body().length);
        String tag = answer.headers().firstValue("ETag").orElseThrow();
        assertThat(new String(answer.body(), StandardCharsets.ISO_8859_1)).contains(tag.replace("\"", ""));
        Answer again = service.send("GET", MODELS + "source/artifact", "", "If-None-Match: " + tag);
        assertThat(again.status()).isEqualTo(304);
        Answer head = service.send("HEAD", MODELS + "source/artifact", "");
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.header("ETag")).isEqualTo(tag);
        assertThat(head.header("Content-Length")).isEqualTo(Integer.toString(exported.length));
    }

    @Test
    void importsUnderANameThatThereIsAsAVersionThatWaits() {
        service.train(specification("target", "waves", 8, 1));
        String before = score("target").body();

        Answer imported = put("target", exported);

        assertThat(imported.header("Location")).isEqualTo("/api/v1/models/target/versions/2");
        JsonNode model = imported.node();
        assertThat(model.get("name").asString()).isEqualTo("target");
        assertThat(model.at("/specification/name").asString()).isEqualTo("target");
        assertThat(model.get("version").asInt()).isEqualTo(2);
        assertThat(model.at("/imported/name").asString()).isEqualTo("source");
        assertThat(model.at("/imported/version").asInt()).isEqualTo(1);
        assertThat(model.get("created"))
                .isEqualTo(service.get(MODELS + "source").node().get("created"));
        assertThat(score("target").body()).isEqualTo(before);

        send("target?activate=true", exported, BYTES);
        assertThat(score("target").node().get("rows"))
                .isEqualTo(score("source").node().get("rows"));
        assertThat(score("target").node().get("version").asInt()).isEqualTo(3);
        assertThat(export("target", "?version=1").body()).isNotEqualTo(exported);
    }

    @Test
    void importsOnlyUnderTheConditionsOfTheCaller() {
        assertThat(send("source", exported, BYTES, "If-None-Match: *").statusCode())
                .isEqualTo(412);
        assertThat(send("source", exported, BYTES, "If-Match: \"another\"").statusCode())
                .isEqualTo(412);
        assertThat(send("fresh", exported, BYTES, "If-Match: *").statusCode()).isEqualTo(412);
        assertThat(send("fresh", exported, BYTES, "If-None-Match: *").statusCode())
                .isEqualTo(201);
        assertThat(service.get(MODELS + "source/versions").node().get("items").size())
                .isEqualTo(1);
    }

    @Test
    void importsNothingWhileATrainingOfTheNameRuns() {
        String job = service.submit(specification("busy", "waves", 8, 10_000));

        assertThat(put("busy", exported).status()).isEqualTo(409);

        service.delete(job);
        service.awaitEnd(job);
        assertThat(put("busy", exported).status()).isEqualTo(201);
    }

    @Test
    void importsAFileOfTheFirstRelease() throws IOException {
        Answer imported = put("first", resource("format-1.safetensors"));

        assertThat(imported.status()).as(imported.body()).isEqualTo(201);
        assertThat(imported.node().at("/imported/name").asString()).isEqualTo("first-release");
        assertThat(score("first").status()).isEqualTo(200);
        assertThat(new String(export("first", "").body(), StandardCharsets.ISO_8859_1))
                .contains("\\\"formatVersion\\\":3");
    }

    @ParameterizedTest
    @CsvSource({
        "504b030414000000, zip",
        "8002634f530a, pickle",
        "80028a0a6cfc9c46f920, pickle",
        "636f730a73797374656d0a, pickle",
        "1f8b0800000000000003, gzip"
    })
    void refusesFilesOfOtherFormatsUnread(String beginning, String named) throws IOException {
        byte[] file = Arrays.copyOf(HexFormat.of().parseHex(beginning), 2_000);

        assertRefused(put("refused", file), 415, "unsupported-model-format", named);
    }

    @ParameterizedTest
    @CsvSource({
        "empty,                 0 bytes",
        "text,                  its header claims",
        "truncated,             the file holds",
        "trailing,              the file holds",
        "polyglot,              the file holds",
        "header of 2 GiB,       its header claims 2147483648 bytes",
        "changed weight,        the hash differs",
        "changed manifest,      the hash differs",
        "not a number,          holds NaN",
        "other shape,           is not well-formed",
        "other type,            is not well-formed",
        "unknown version,       format version 9",
        "another's safetensors, not those of a model"
    })
    void refusesAFileThatIsNotWholeAndSaysWhy(String fault, String reason) throws IOException {
        assertRefused(put("refused", faulty(fault)), 422, "invalid-model", reason);
    }

    private static byte[] faulty(String fault) {
        String text = new String(exported, StandardCharsets.ISO_8859_1);
        byte[] bytes = exported.clone();
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        return switch (fault) {
            case "empty" -> new byte[0];
            case "text" -> "timestamp,value\n1,2\n".getBytes(StandardCharsets.US_ASCII);
            case "truncated" -> Arrays.copyOf(bytes, bytes.length - 4);
            case "trailing" -> Arrays.copyOf(bytes, bytes.length + 1);
            case "polyglot" -> (text + "PK\u0005\u0006" + "\0".repeat(18)).getBytes(StandardCharsets.ISO_8859_1);
            case "header of 2 GiB" -> buffer.putLong(0, 1L << 31).array();
            case "changed weight" -> buffer.putFloat(bytes.length - 4, 1).array();
            case "changed manifest" -> replaced(text, "\\\"seed\\\":42", "\\\"seed\\\":43");
            case "not a number" -> buffer.putFloat(bytes.length - 4, Float.NaN).array();
            case "other shape" -> replaced(text, "\"shape\":[32]", "\"shape\":[31]");
            case "other type" -> replaced(text, "F32", "F16");
            case "unknown version" -> rehashed(text, "\\\"formatVersion\\\":3", "\\\"formatVersion\\\":9");
            case "another's safetensors" -> {
                String header = "{\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}";
                yield ByteBuffer.allocate(8 + header.length() + 4)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(header.length())
                        .put(header.getBytes(StandardCharsets.US_ASCII))
                        .array();
            }
            default -> throw new IllegalArgumentException(fault);
        };
    }

    private static byte[] replaced(String text, String before, String after) {
        assertThat(text).contains(before);
        return text.replace(before, after).getBytes(StandardCharsets.ISO_8859_1);
    }

    /// As `replaced`, with the hash that fits.
    private static byte[] rehashed(String text, String before, String after) {
        byte[] bytes = replaced(text, before, after);
        String changed = new String(bytes, StandardCharsets.ISO_8859_1);
        int header = (int) ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(0);
        JsonNode metadata =
                new Json().mapper().readTree(changed.substring(8, 8 + header)).get("__metadata__");
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(metadata.get("manifest").asString().getBytes(StandardCharsets.UTF_8));
            digest.update(bytes, 8 + header, bytes.length - 8 - header);
            return replaced(
                    changed, metadata.get("sha256").asString(), HexFormat.of().formatHex(digest.digest()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void refusesARequestThatIsNotServed() throws IOException {
        assertThat(send("refused", exported, "Content-Type: application/zip").statusCode())
                .isEqualTo(415);
        assertThat(send("refused", exported, "Content-Type: multipart/form-data;boundary=x")
                        .statusCode())
                .isEqualTo(415);
        assertThat(send("..%2Frefused", exported, BYTES).statusCode()).isEqualTo(400);
        assertThat(send("refused", exported, BYTES, "Accept: text/html").statusCode())
                .isEqualTo(406);
        assertThat(service.get(MODELS + "nobody/artifact").status()).isEqualTo(404);
        assertThat(service.get(MODELS + "source/artifact?version=9").status()).isEqualTo(404);
        assertNothingKept();
    }

    @Test
    void readsNoFurtherThanAModelCanGo() throws IOException {
        InputStream endless = new InputStream() {

            @Override
            public int read() {
                return 1;
            }

            @Override
            public int read(byte[] buffer, int offset, int length) {
                return length;
            }
        };

        assertThatThrownBy(() ->
                        service.bean(ModelImport.class).take(new ModelName("refused"), endless, false, name -> {}))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.type()).isEqualTo(ModelsProblem.MODEL_TOO_LARGE));
        assertNothingKept();
    }

    /// The whole data directory of the first release, with a model trained and scored by it.
    @Test
    void goesOnWithTheModelsOfTheFirstRelease(@TempDir Path older) throws IOException {
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(resource("first-release.zip")))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Path file = older.resolve(entry.getName());
                Files.createDirectories(file.getParent());
                Files.write(file, zip.readAllBytes());
            }
        }
        JsonNode before = new Json().mapper().readTree(resource("first-release-scores.json"));
        try (RunningService upgraded = new RunningService(older)) {
            Answer scores = upgraded.postJson(MODELS + "first-release/score", range("waves", START, START + 5 * STEP));

            assertThat(scores.status()).as(scores.body()).isEqualTo(200);
            for (int row = 1; row <= 5; row++) {
                assertThat(scores.node().at("/rows/" + row + "/score").asDouble())
                        .isCloseTo(before.at("/rows/" + row + "/score").asDouble(), within(1e-5));
            }
            Answer next = upgraded.send(
                    "POST",
                    MODELS + "first-release/versions",
                    "{}",
                    "Content-Type: application/json",
                    "Prefer: wait=60");
            assertThat(next.status()).as(next.body()).isEqualTo(201);
        }
    }

    private static Answer put(String name, byte[] file) {
        return service.answer(send(name, file, BYTES));
    }

    private static HttpResponse<byte[]> send(String nameAndQuery, byte[] file, String... headers) {
        List<String> parts = List.of(nameAndQuery.split("\\?", 2));
        String query = parts.size() == 1 ? "" : "?" + parts.getLast();
        return service.sendBytes("PUT", MODELS + parts.getFirst() + "/artifact" + query, file, headers);
    }

    private static HttpResponse<byte[]> export(String name, String query) {
        HttpResponse<byte[]> answer = service.sendBytes("GET", MODELS + name + "/artifact" + query, new byte[0]);
        assertThat(answer.statusCode()).isEqualTo(200);
        return answer;
    }

    private static Answer score(String model) {
        return service.postJson(MODELS + model + "/score", ALL_ROWS);
    }

    private static void assertRefused(Answer answer, int status, String type, String detail) throws IOException {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.node().get("type").asString()).isEqualTo("/problems/" + type);
        assertThat(answer.node().get("detail").asString()).contains(detail).doesNotContain("Exception");
        assertNothingKept();
    }

    private static void assertNothingKept() throws IOException {
        assertThat(service.get(MODELS + "refused").status()).isEqualTo(404);
        assertThat(data.resolve("models/refused")).doesNotExist();
        try (Stream<Path> coming = Files.list(data.resolve("models/.importing"))) {
            assertThat(coming).isEmpty();
        }
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(ArtifactApiIT.class.getResourceAsStream(name))) {
            return in.readAllBytes();
        }
    }
}
