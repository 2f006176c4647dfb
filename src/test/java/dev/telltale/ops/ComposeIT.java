package dev.telltale.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// What Prometheus of `docker-compose.yml` knows of the service after its main job: two models trained, two
/// detectors that watch three machines each, and one of the machines running wild.
class ComposeIT {

    private static final Pattern LABEL_VALUES = Pattern.compile("label_values\\((.+), (\\w+)\\)");

    /// Queries that rightly find nothing here, and why.
    private static final Map<String, String> EMPTY = Map.of(
            "Alerts that fire A",
            "an alert fires after its rule has held for a minute or longer, and tests do not wait so long");

    @TempDir
    static Path directory;

    private static ComposeStack stack;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        for (String program : List.of("prometheus", "python3")) {
            assumeTrue(ComposeStack.isOnPath(program), program + " is not on the PATH; install Debian's package");
        }
        stack = new ComposeStack(directory);
        assertThat(stack.await(
                        () -> stack.query("telltale_score{job=\"telltale\"}").size() == 6))
                .as(stack.log("prometheus"))
                .isTrue();
        stack.beginIncident("web-2");
        assertThat(stack.await(() -> !stack.query("telltale_open_incidents > 0").isEmpty()))
                .as("%s", stack.query("telltale_score"))
                .isTrue();
    }

    @AfterAll
    static void stop() {
        if (stack != null) {
            stack.close();
        }
    }

    @Test
    void allTargetsAreScraped() throws IOException, InterruptedException {
        Map<String, String> up = new LinkedHashMap<>();
        for (JsonNode target : stack.query("sort_desc(sum by (job) (up))")) {
            up.put(target.at("/metric/job").asString(), target.at("/value/1").asString());
        }
        assertThat(up).isEqualTo(Map.of("node", "3", "telltale", "1", "prometheus", "1"));
    }

    @Test
    void eachQueryOfEachPanelFindsSeries() throws IOException, InterruptedException {
        Set<String> listed = new TreeSet<>(EMPTY.keySet());
        for (Dashboard dashboard : Dashboard.all()) {
            Map<String, String> values = chosen(dashboard);
            List<Dashboard.Query> left = new ArrayList<>(dashboard.queries());
            left.removeIf(query -> listed.remove(query.panel()));
            stack.await(() -> {
                for (Dashboard.Query query : List.copyOf(left)) {
                    if (!stack.query(filledIn(query.expression(), values)).isEmpty()) {
                        left.remove(query);
                    }
                }
                return left.isEmpty();
            });
            assertThat(left).as(dashboard.name()).isEmpty();
            for (Dashboard.Query query : dashboard.queries()) {
                stack.query(filledIn(query.expression(), values)); // fails where Prometheus refuses it
            }
        }
        assertThat(listed).as("panels that are not there any more").isEmpty();
    }

    @Test
    void theWildMachineIsTheOneAboveTheLine() throws IOException, InterruptedException {
        Set<String> machines = new TreeSet<>();
        for (JsonNode score : stack.query("telltale_score{job=\"telltale\"} > 1")) {
            machines.add(score.at("/metric/exported_instance").asString());
        }
        assertThat(machines).contains("web-2");
    }

    @Test
    void prometheusEvaluatesEachRule() throws IOException, InterruptedException {
        stack.await(() -> stack.rules().stream()
                .allMatch(rule -> !rule.get("health").asString().equals("unknown")));
        assertThat(stack.rules()).hasSizeGreaterThan(20);
        for (JsonNode rule : stack.rules()) {
            assertThat(rule.get("health").asString()).as(rule.toString()).isEqualTo("ok");
        }
    }

    /// Nobody listens where Alertmanager would be, and how full the disk is is not the test's to say.
    @Test
    void noOtherRuleIsAboutToFire() throws IOException, InterruptedException {
        Set<String> alerting = stack.rules().stream()
                .filter(rule -> !rule.get("state").asString().equals("inactive"))
                .map(rule -> rule.get("name").asString())
                .collect(Collectors.toSet());
        assertThat(alerting)
                .isSubsetOf(
                        "TelltaleScoreAboveLine",
                        "TelltaleIncidentLasts",
                        "TelltaleAlertsDelayed",
                        "TelltaleDiskFills");
    }

    /// What a person would choose of each variable: all where that can be, else the first.
    private static Map<String, String> chosen(Dashboard dashboard) throws IOException, InterruptedException {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("__rate_interval", "15s");
        for (JsonNode variable : dashboard.variables()) {
            String name = variable.get("name").asString();
            if (variable.get("type").asString().equals("query")) {
                Matcher query = LABEL_VALUES.matcher(variable.get("query").asString());
                assertThat(query.matches()).as(name).isTrue();
                List<String> found = stack.values(filledIn(query.group(1), values), query.group(2));
                assertThat(found).as(name).isNotEmpty();
                values.put(name, variable.path("includeAll").asBoolean(false) ? ".*" : found.getFirst());
            }
        }
        return values;
    }

    private static String filledIn(String expression, Map<String, String> values) {
        return Pattern.compile("\\$(\\w+)")
                .matcher(expression)
                .replaceAll(match -> Matcher.quoteReplacement(values.get(match.group(1))));
    }
}
