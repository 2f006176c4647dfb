package dev.telltale;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/// Runs every command of the README's tour against a fresh service and compares the answers with what
/// is printed there. Words must be equal; numbers may differ by 2 %, since engines round differently on
/// other processors; `…` stands for anything.
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
abstract class ReadmeTour {

    private static final Pattern BLOCK = Pattern.compile("```console\n(.*?)```", Pattern.DOTALL);
    private static final Pattern TOKEN = Pattern.compile("-?\\d+(?:\\.\\d+)?(?:[eE][-+]?\\d+)?|\\p{L}+|\\S");
    private static final double TOLERANCE = 0.02;

    @TempDir
    static Path data;

    @TempDir
    Path folder;

    @LocalServerPort
    int port;

    @DynamicPropertySource
    static void demo(DynamicPropertyRegistry registry) {
        registry.add("telltale.data-dir", data::toString);
        registry.add("telltale.demo", () -> true);
    }

    /// A command with the answer that the README prints below it.
    private record Step(String command, String answer) {}

    @Test
    void answersAsTheReadmePrints() throws Exception {
        List<Step> steps = steps(Files.readString(Path.of("README.md")));
        assertThat(steps).isNotEmpty();
        awaitDemo();
        for (Step step : steps) {
            String answer = run(step.command().replace("localhost:8080", "127.0.0.1:" + port));
            assertAlike(step, answer);
        }
    }

    private void awaitDemo() throws Exception {
        String models = "";
        for (int i = 0; i < 600 && !(models.contains("demo-cpu") && models.contains("demo-disk-writes")); i++) {
            TimeUnit.MILLISECONDS.sleep(100);
            models = run("curl -s 127.0.0.1:" + port + "/api/v1/models");
        }
        assertThat(models).contains("demo-cpu", "demo-disk-writes");
    }

    private static List<Step> steps(String readme) {
        List<Step> steps = new ArrayList<>();
        Matcher block = BLOCK.matcher(readme);
        while (block.find()) {
            StringBuilder command = new StringBuilder();
            StringBuilder answer = new StringBuilder();
            // Lines of a command after its first are indented.
            boolean inCommand = false;
            for (String line : block.group(1).lines().toList()) {
                if (line.startsWith("$ ")) {
                    if (!command.isEmpty()) {
                        steps.add(new Step(command.toString(), answer.toString()));
                        command.setLength(0);
                        answer.setLength(0);
                    }
                    command.append(line.substring(2)).append('\n');
                    inCommand = true;
                } else if (inCommand && line.startsWith("    ")) {
                    command.append(line).append('\n');
                } else {
                    inCommand = false;
                    answer.append(line).append('\n');
                }
            }
            steps.add(new Step(command.toString(), answer.toString()));
        }
        return steps;
    }

    private String run(String command) throws IOException, InterruptedException {
        Process shell = new ProcessBuilder("bash", "-c", command)
                .directory(folder.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String answer = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(shell.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return answer;
    }

    private static void assertAlike(Step step, String answer) {
        assertThat(alike(tokens(step.answer()), tokens(answer)))
                .as("%sis printed with the answer%n%sbut answered%n%s", step.command(), step.answer(), answer)
                .isTrue();
    }

    private static boolean alike(List<String> printed, List<String> answered) {
        if (printed.isEmpty()) {
            return answered.isEmpty();
        }
        List<String> rest = printed.subList(1, printed.size());
        if (printed.getFirst().equals("…")) {
            return IntStream.rangeClosed(0, answered.size())
                    .anyMatch(skipped -> alike(rest, answered.subList(skipped, answered.size())));
        }
        return !answered.isEmpty()
                && isAlike(printed.getFirst(), answered.getFirst())
                && alike(rest, answered.subList(1, answered.size()));
    }

    private static boolean isAlike(String printed, String answered) {
        if (isNumber(printed) && isNumber(answered)) {
            double number = Double.parseDouble(printed);
            return Math.abs(Double.parseDouble(answered) - number) <= Math.abs(number) * TOLERANCE;
        }
        return printed.equals(answered);
    }

    private static List<String> tokens(String text) {
        return TOKEN.matcher(text).results().map(result -> result.group()).toList();
    }

    private static boolean isNumber(String token) {
        return Character.isDigit(token.charAt(token.length() - 1));
    }
}
