package dev.telltale;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The pages that name a test for each promise name tests and scripts that are there.
class ProofsTest {

    private static final Pattern TEST = Pattern.compile("`([A-Z]\\w+(?:Test|IT))(?:#(\\w+))?`");
    private static final Pattern SCRIPT = Pattern.compile("`(bench/[a-z/-]+)");

    @ParameterizedTest
    @ValueSource(strings = {"security.md", "reliability.md"})
    void areThere(String page) throws IOException {
        String text = Files.readString(Path.of("docs", page));
        Map<String, String> tests = tests();

        List<String> missing = new ArrayList<>();
        List<MatchResult> named = TEST.matcher(text).results().toList();
        for (MatchResult name : named) {
            String source = tests.getOrDefault(name.group(1), "");
            if (source.isEmpty() || (name.group(2) != null && !source.contains("void " + name.group(2) + "("))) {
                missing.add(name.group());
            }
        }
        SCRIPT.matcher(text)
                .results()
                .map(script -> script.group(1))
                .filter(script -> !Files.isExecutable(Path.of(script)))
                .forEach(missing::add);
        assertThat(named).hasSizeGreaterThan(20);
        assertThat(missing).isEmpty();
    }

    /// Each test's source by its class.
    private static Map<String, String> tests() throws IOException {
        try (Stream<Path> sources = Files.walk(Path.of("src", "test", "java"))) {
            List<Path> files =
                    sources.filter(file -> file.toString().endsWith(".java")).toList();
            return files.stream()
                    .collect(Collectors.toMap(
                            file -> file.getFileName().toString().replace(".java", ""),
                            ProofsTest::read,
                            (one, other) -> one + other)); // rooms may have classes of one name
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
