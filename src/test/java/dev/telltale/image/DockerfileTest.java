package dev.telltale.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What can be said of the image without building it.
class DockerfileTest {

    /// One instruction with its continued lines joined and comments left out.
    private record Instruction(String name, String rest) {}

    private static List<Instruction> instructions() throws IOException {
        List<String> lines = new ArrayList<>();
        StringBuilder open = new StringBuilder();
        for (String line : Files.readAllLines(Path.of("Dockerfile"))) {
            if (line.isBlank() || line.strip().startsWith("#")) {
                continue;
            }
            if (line.endsWith("\\")) {
                open.append(line, 0, line.length() - 1);
            } else {
                lines.add(open.append(line).toString());
                open.setLength(0);
            }
        }
        assertThat(open).as("a line that is continued by none").isEmpty();
        return lines.stream()
                .map(line -> line.strip().split("\\s+", 2))
                .map(parts -> new Instruction(parts[0], parts[1]))
                .toList();
    }

    /// What the image itself consists of: all that follows the last `FROM`.
    private static List<Instruction> lastStage() throws IOException {
        List<Instruction> all = instructions();
        int begin = 0;
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).name().equals("FROM")) {
                begin = i;
            }
        }
        return all.subList(begin, all.size());
    }

    private static List<String> all(List<Instruction> instructions, String name) {
        return instructions.stream()
                .filter(instruction -> instruction.name().equals(name))
                .map(Instruction::rest)
                .toList();
    }

    @Test
    void itsBasesCanBePinnedByArguments() throws IOException {
        assertThat(all(instructions(), "FROM"))
                .hasSizeGreaterThan(1)
                .allSatisfy(base -> assertThat(base).matches("\\$\\{(JDK|BASE)}( AS \\w+)?|scratch"));
        assertThat(all(instructions(), "ARG"))
                .anySatisfy(argument -> assertThat(argument).startsWith("JDK=docker.io/library/eclipse-temurin:25"))
                .anySatisfy(argument -> assertThat(argument).startsWith("BASE=docker.io/library/debian:"));
    }

    @Test
    void itRunsAsAUserByNumberWithoutAShell() throws IOException {
        List<Instruction> stage = lastStage();
        assertThat(all(stage, "USER")).containsExactly("10001:10001");
        assertThat(all(stage, "ENTRYPOINT"))
                .singleElement()
                .satisfies(entry -> assertThat(entry).startsWith("[\"/opt/jre/bin/java\""));
        assertThat(all(stage, "HEALTHCHECK"))
                .singleElement()
                .satisfies(check -> assertThat(check).contains("CMD [\"/opt/jre/bin/java\"", "\"health\"]"));
        assertThat(all(stage, "CMD")).isEmpty();
        // After this line nothing is done as root.
        List<String> names = stage.stream().map(Instruction::name).toList();
        assertThat(names.subList(names.indexOf("USER"), names.size())).doesNotContain("RUN", "COPY", "ADD");
    }

    @Test
    void nothingInItBelongsToItsUserButTheData() throws IOException {
        List<Instruction> stage = lastStage();
        assertThat(all(stage, "COPY")).isNotEmpty().noneMatch(copy -> copy.contains("--chown"));
        assertThat(all(stage, "ADD")).isEmpty();
        assertThat(all(stage, "VOLUME")).containsExactly("/data");
        assertThat(String.join("\n", all(stage, "ENV")).split("\\s+"))
                .contains("DJL_OFFLINE=true", "OPT_OUT_TRACKING=true", "MALLOC_ARENA_MAX=2")
                .noneMatch(variable -> variable.matches("(?i).*(key|secret|password|token)=.*"));
    }

    @Test
    void theJvmIsClosedAndBounded() throws IOException {
        List<String> options = Files.readAllLines(Path.of("container", "jvm.options"));
        assertThat(options)
                .contains("-XX:+DisableAttachMechanism", "-XX:+ExitOnOutOfMemoryError")
                .anyMatch(option -> option.startsWith("-XX:MaxRAMPercentage="))
                .anyMatch(option -> option.startsWith("-XX:MaxDirectMemorySize="))
                .anyMatch(option -> option.startsWith("-XX:ErrorFile=/tmp/"))
                .noneMatch(option -> option.contains("agentlib") || option.contains("jmxremote"));
    }

    /// What the builder is sent: no data, no keys, no history, no tests.
    @Test
    void onlyWhatTheImageIsMadeOfGoesToTheBuilder() throws IOException {
        List<String> patterns = Files.readAllLines(Path.of(".dockerignore")).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .toList();
        assertThat(patterns.getFirst()).isEqualTo("*");
        assertThat(patterns).noneMatch(pattern -> pattern.startsWith("!data") || pattern.startsWith("!.git"));
    }
}
