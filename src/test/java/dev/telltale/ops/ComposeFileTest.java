package dev.telltale.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.type.filter.AnnotationTypeFilter;
import org.springframework.util.ClassUtils;
import org.yaml.snakeyaml.Yaml;

/// `docker-compose.yml`: nothing leaves this machine, nothing secret is written down, and all that it names is there.
class ComposeFileTest {

    private static final Map<String, Object> FILE = read();
    private static final Map<String, Map<String, Object>> SERVICES = map(FILE.get("services"));

    private static Map<String, Object> read() {
        try {
            return new Yaml().load(Files.readString(Path.of("docker-compose.yml")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @SuppressWarnings("unchecked")
    private static <T> Map<String, T> map(@Nullable Object value) {
        return (Map<String, T>) Objects.requireNonNull(value);
    }

    private static List<String> list(@Nullable Object value) {
        List<String> texts = new ArrayList<>();
        if (value != null) {
            ((List<?>) value).forEach(one -> texts.add(String.valueOf(one)));
        }
        return texts;
    }

    private static void each(BiConsumer<String, Map<String, Object>> check) {
        assertThat(SERVICES).isNotEmpty();
        SERVICES.forEach(check);
    }

    private static Set<String> inProfile(String profile) {
        return SERVICES.entrySet().stream()
                .filter(service -> list(service.getValue().get("profiles")).contains(profile))
                .map(Map.Entry::getKey)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void oneServiceOrElseTwoReplicasOverPostgresqlAndKafka() throws IOException {
        assertThat(inProfile("single")).containsExactly("telltale");
        assertThat(inProfile("replicas")).containsExactly("database", "kafka", "telltale-1", "telltale-2");
        assertThat(Files.readAllLines(Path.of(".env"))).contains("COMPOSE_PROFILES=single");
    }

    /// Compose 1.29, which Debian has, knows no name of the whole and takes no version for a newer form.
    @Test
    void olderComposeReadsItToo() {
        assertThat(FILE).doesNotContainKeys("name", "version");
    }

    @Test
    void portsArePublishedOnThisMachinesOwnAddressOnly() {
        Set<String> published = new HashSet<>();
        each((name, service) -> {
            for (String port : list(service.get("ports"))) {
                assertThat(port).as(name).matches("127\\.0\\.0\\.1:\\d+:\\d+");
                published.add(port.split(":", -1)[1]);
            }
            assertThat(service).as(name).doesNotContainKey("network_mode");
        });
        assertThat(published).contains("8080", "8081", "3000", "9090", "9093");
    }

    @Test
    void imagesOfOthersArePinnedByTagAndDigestAndCanBeReplaced() {
        each((name, service) -> {
            String image = String.valueOf(service.get("image"));
            if (service.containsKey("build")) {
                assertThat(image).as(name).isEqualTo("${TELLTALE_IMAGE:-telltale:latest}");
            } else {
                assertThat(image)
                        .as(name)
                        .matches(
                                "\\$\\{[A-Z]+_IMAGE:-docker\\.io/[a-z]+/[a-z]+:v?[0-9][0-9a-z.-]+@sha256:[0-9a-f]{64}}");
            }
        });
    }

    @Test
    void containersHaveNoRightsThatTheyDoNotNeed() {
        each((name, service) -> {
            assertThat(list(service.get("cap_drop"))).as(name).containsExactly("ALL");
            assertThat(list(service.get("security_opt"))).as(name).containsExactly("no-new-privileges:true");
            assertThat(service).as(name).doesNotContainKey("privileged");
            boolean writesToItsRoot = Set.of("database", "kafka").contains(name);
            assertThat(service.get("read_only")).as(name).isEqualTo(writesToItsRoot ? null : Boolean.TRUE);
        });
    }

    @Test
    void secretsComeFromFilesThatAreNotKept() throws IOException {
        Map<String, Map<String, String>> secrets = map(FILE.get("secrets"));
        secrets.forEach(
                (name, secret) -> assertThat(secret.get("file")).as(name).startsWith("./deploy/compose/secrets/"));
        assertThat(Files.readAllLines(Path.of(".gitignore"))).contains("/deploy/compose/secrets/");
        each((name, service) -> {
            assertThat(secrets.keySet()).as(name).containsAll(list(service.get("secrets")));
            variables(service).forEach((variable, value) -> {
                if (variable.matches(".*(PASSWORD|SECRET|KEY|TOKEN).*")) {
                    assertThat(variable).as(name).endsWith("FILE");
                    assertThat(value).as(name).startsWith("/run/secrets/");
                }
            });
        });
    }

    private static Map<String, String> variables(Map<String, Object> service) {
        Map<String, Object> given = service.containsKey("environment") ? map(service.get("environment")) : Map.of();
        return given.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, one -> String.valueOf(one.getValue())));
    }

    /// An unknown variable is only warned of when the service starts.
    @Test
    void settingsOfTheServiceAreKnownToIt() {
        KnownSettings known = KnownSettings.of(settings());
        Set<String> given = new TreeSet<>();
        each((name, service) -> variables(service).keySet().stream()
                .filter(variable -> variable.startsWith("TELLTALE_"))
                .forEach(given::add));
        assertThat(given).isNotEmpty().allMatch(known::contains);
    }

    private static List<Class<?>> settings() {
        ClassPathScanningCandidateComponentProvider scanner = new ClassPathScanningCandidateComponentProvider(false);
        scanner.addIncludeFilter(new AnnotationTypeFilter(ConfigurationProperties.class));
        List<Class<?>> records = new ArrayList<>();
        scanner.findCandidateComponents("dev.telltale")
                .forEach(found -> records.add(ClassUtils.resolveClassName(
                        String.valueOf(found.getBeanClassName()), ComposeFileTest.class.getClassLoader())));
        return records;
    }

    @Test
    void mountedFilesAreThereAndCannotBeWrittenTo() {
        Map<String, Object> volumes = map(FILE.get("volumes"));
        each((name, service) -> {
            for (String volume : list(service.get("volumes"))) {
                String[] parts = volume.split(":", -1);
                if (parts[0].startsWith("./")) {
                    assertThat(Path.of(parts[0])).as(name).exists();
                    assertThat(parts).as(name).hasSize(3).endsWith("ro");
                } else {
                    assertThat(volumes).as(name).containsKey(parts[0]);
                }
            }
        });
    }

    @Test
    void secretsAreMadeOnceAndCanBeReadByContainersAndNobodyElseHere(@TempDir Path directory)
            throws IOException, InterruptedException {
        Path secrets = directory.resolve("secrets");
        run("deploy/compose/make-secrets", secrets.toString());
        Map<String, String> made = contents(secrets);
        assertThat(made).containsOnlyKeys("admin.key", "grafana.password", "database.password");
        assertThat(made.get("admin.key")).matches("tt_[a-z0-9]{12}_[A-Za-z0-9_-]{43}");
        assertThat(made.get("grafana.password"))
                .matches("[A-Za-z0-9_-]{43}")
                .isNotEqualTo(made.get("database.password"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secrets)))
                .isEqualTo("rwx------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secrets.resolve("admin.key"))))
                .isEqualTo("r--r--r--");

        run("deploy/compose/make-secrets", secrets.toString());
        assertThat(contents(secrets)).isEqualTo(made);
    }

    private static Map<String, String> contents(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.collect(Collectors.toMap(file -> file.getFileName().toString(), ComposeFileTest::content));
        }
    }

    private static String content(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"single", "replicas"})
    void composeReadsIt(String profile) throws IOException, InterruptedException {
        assumeTrue(
                ComposeStack.isOnPath("docker-compose"), "docker-compose is not on the PATH; Debian's package has it");
        String read = run("docker-compose", "--profile", profile, "config");
        assertThat(read.lines().filter(line -> line.matches("(?i).*(warn|error).*")))
                .isEmpty();
        Map<String, Object> services = map(map(new Yaml().load(read)).get("services"));
        Set<String> expected = new TreeSet<>(inProfile(profile));
        expected.addAll(List.of("begin", "nodes", "prometheus", "alertmanager", "grafana"));
        assertThat(services.keySet()).containsAll(expected);
    }

    private static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
