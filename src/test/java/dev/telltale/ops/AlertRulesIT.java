package dev.telltale.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.telltale.database.Postgres;
import dev.telltale.kafka.Kafka;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The rules by which a Prometheus tells operators of Telltale's own failures.
class AlertRulesIT {

    private static final Path FOLDER = Path.of("examples", "prometheus");
    private static final Pattern METER = Pattern.compile("\\b(?:telltale|process|http|jvm)_[a-z_]+");

    @TempDir
    private Path directory;

    /// The file beside each file of rules has for each of them a case in which it fires and one in which it is silent.
    @Test
    void eachRuleFiresWhereItShouldAndIsSilentWhereAllIsWell() throws Exception {
        assumeTrue(
                Arrays.stream(System.getenv("PATH").split(":", -1))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "promtool"))),
                "promtool is not on the PATH; install Debian's package prometheus");
        for (String name : List.of("telltale-rules", "telltale-anomaly-rules")) {
            String cases = Files.readString(FOLDER.resolve(name + "-test.yml"));
            for (String rule : matches(Pattern.compile("(?<=- alert: )\\w+"), rules(name))) {
                assertThat(cases).contains("- name: " + rule + " fires\n", "- name: " + rule + " is silent\n");
            }
        }

        Process promtool = new ProcessBuilder(
                        "promtool", "test", "rules", "telltale-rules-test.yml", "telltale-anomaly-rules-test.yml")
                .directory(FOLDER.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(promtool.waitFor()).as(output).isZero();
    }

    @Test
    void rulesAskOnlyForMetersOfARunningService() throws Exception {
        Postgres postgres = Postgres.fresh();
        String scraped = scraped("alone")
                + scraped(
                        "shared",
                        "--telltale.database.url=" + postgres.url(),
                        "--telltale.database.user=" + postgres.user(),
                        "--telltale.database.password-file=" + postgres.passwordFile(directory),
                        "--telltale.kafka.bootstrap-servers=" + Kafka.shared().servers(),
                        "--telltale.kafka.topics.samples=rules.samples");
        assertThat(matches(METER, rules("telltale-rules").replaceAll("(?m)^ +(summary|description): .*$", "")))
                .isNotEmpty()
                .isSubsetOf(matches(Pattern.compile("(?m)^[a-z_]+"), scraped));
    }

    private String scraped(String name, String... settings) throws Exception {
        try (Service service = new Service(directory.resolve(name), settings)) {
            service.get("/actuator/health/liveness"); // requests are metered from the first one on
            return service.get("/actuator/prometheus").body();
        }
    }

    private static String rules(String name) throws IOException {
        return Files.readString(FOLDER.resolve(name + ".yml"));
    }

    private static Set<String> matches(Pattern pattern, String text) {
        Set<String> found = new TreeSet<>();
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            found.add(matcher.group());
        }
        return found;
    }
}
