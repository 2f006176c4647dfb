package dev.telltale.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The script `k8s/deploy`, with a kubectl that has no cluster: it notes what it is told and keeps the Secret.
class DeployTest {

    private static final String KUBECTL = """
            #!/bin/sh
            cd "$(dirname "$0")"
            echo "$*" >> calls
            case "$*" in
              *"get secret"*) [ ! -e admin.key ] || echo secret/telltale-key ;;
              *"create secret"*) cat > admin.key ;;
              kustomize*) echo 'kind: StatefulSet' ;;
            esac
            """;

    @TempDir
    private Path directory;

    @BeforeEach
    void putKubectlOnThePath() throws IOException {
        Path kubectl = Files.writeString(directory.resolve("kubectl"), KUBECTL);
        Files.setPosixFilePermissions(kubectl, PosixFilePermissions.fromString("rwx------"));
    }

    @Test
    void makesAKeyThatTheServiceTakesBeforeItDeploys() throws Exception {
        deploy();
        assertThat(KeyFile.read(directory.resolve("admin.key")).id()).hasSize(12);
        assertThat(calls())
                .containsExactly(
                        "apply -f k8s/base/namespace.yaml",
                        "-n telltale get secret telltale-key --ignore-not-found -o name",
                        "-n telltale create secret generic telltale-key --from-file=admin.key=/dev/stdin",
                        "apply -k k8s/base",
                        "kustomize k8s/base",
                        "-n telltale rollout status statefulset/telltale --timeout=5m");
    }

    @Test
    void leavesAKeyThatIsThere() throws Exception {
        deploy();
        String key = Files.readString(directory.resolve("admin.key"));
        deploy("k8s/overlays/replicated");
        assertThat(Files.readString(directory.resolve("admin.key"))).isEqualTo(key);
        assertThat(calls())
                .contains("apply -k k8s/overlays/replicated")
                .filteredOn(call -> call.contains("create"))
                .hasSize(1);
    }

    @Test
    void noTwoKeysAreTheSame() throws Exception {
        deploy();
        String first = Files.readString(directory.resolve("admin.key"));
        Files.delete(directory.resolve("admin.key"));
        deploy();
        assertThat(Files.readString(directory.resolve("admin.key"))).isNotEqualTo(first);
    }

    private List<String> calls() throws IOException {
        return Files.readAllLines(directory.resolve("calls"));
    }

    private void deploy(String... folder) throws IOException, InterruptedException {
        ProcessBuilder script = new ProcessBuilder("k8s/deploy").redirectErrorStream(true);
        script.command().addAll(List.of(folder));
        script.environment().merge("PATH", directory.toString(), (path, first) -> first + ":" + path);
        Process process = script.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
    }
}
