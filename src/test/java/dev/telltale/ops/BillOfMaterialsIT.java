package dev.telltale.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.telltale.http.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/// What the packed jar says it is made of, against what is in it.
class BillOfMaterialsIT {

    /// The file name without its folder, and the SHA-256 of its bytes, of each library in the jar.
    private static final Map<String, String> LIBRARIES = new HashMap<>();

    private static JsonNode bill = MissingNode.getInstance();

    @BeforeAll
    static void readJar() throws IOException {
        String jar = System.getProperty("packed.jar");
        assumeTrue(jar != null, "the jar is packed by ./mvnw verify, which names it");
        try (ZipFile archive = new ZipFile(Path.of(jar).toFile())) {
            bill = JsonMapper.shared()
                    .readTree(archive.getInputStream(archive.getEntry("META-INF/sbom/application.cdx.json")));
            archive.stream()
                    .filter(entry -> entry.getName().matches("BOOT-INF/lib/.+\\.jar"))
                    .forEach(entry -> {
                        try (InputStream bytes = archive.getInputStream(entry)) {
                            LIBRARIES.put(Path.of(entry.getName()).getFileName().toString(), sha256(bytes));
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    });
        }
    }

    @Test
    void itListsEveryLibraryWithTheHashOfItsBytes() {
        Set<String> listed = new TreeSet<>();
        for (JsonNode component : bill.get("components")) {
            for (JsonNode hash : component.get("hashes")) {
                if (hash.get("alg").asString().equals("SHA-256")) {
                    listed.add(hash.get("content").asString());
                }
            }
        }
        assertThat(LIBRARIES).hasSizeGreaterThan(50);
        Map<String, String> dependencies = new HashMap<>(LIBRARIES);
        // Packing itself adds it, of Spring Boot's own version.
        dependencies.keySet().removeIf(name -> name.startsWith("spring-boot-jarmode-tools-"));
        assertThat(listed).containsAll(dependencies.values());
    }

    /// Native code runs outside all checks of the language, so its files are those that were tried.
    @Test
    void nativeCodeIsTheCodeThatWasTried() throws IOException {
        Map<String, String> tried = new HashMap<>();
        try (InputStream list =
                Objects.requireNonNull(BillOfMaterialsIT.class.getResourceAsStream("native-code.sha256"))) {
            new String(list.readAllBytes(), StandardCharsets.UTF_8).lines().forEach(line -> {
                String[] parts = line.split(" +", 2);
                tried.put(parts[1], parts[0]);
            });
        }
        Map<String, String> packed = new HashMap<>(LIBRARIES);
        packed.keySet()
                .removeIf(name ->
                        !name.matches("(pytorch-jni|pytorch-native|sqlite-jdbc|jna|snappy-java|zstd-jni|lz4-java).*"));
        assertThat(packed).hasSizeGreaterThanOrEqualTo(7);
        assertThat(tried).containsAllEntriesOf(packed);
    }

    private static String sha256(InputStream bytes) throws IOException {
        MessageDigest digest = Sha256.digest();
        try (DigestInputStream hashed = new DigestInputStream(bytes, digest)) {
            hashed.transferTo(OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
