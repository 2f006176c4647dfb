package dev.telltale.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

class DashboardTest {

    private static final Pattern VARIABLE = Pattern.compile("\\$\\{?(\\w+)");
    private static final int COLUMNS = 24;

    static Iterable<Dashboard> all() throws IOException {
        return Dashboard.all();
    }

    @ParameterizedTest
    @MethodSource("all")
    void eachPanelSaysWhatItShowsAndInWhichUnit(Dashboard dashboard) {
        assertThat(dashboard.panels()).isNotEmpty();
        for (JsonNode panel : dashboard.panels()) {
            String title = panel.get("title").asString();
            assertThat(panel.get("description").asString()).as(title).endsWith(".");
            assertThat(panel.at("/fieldConfig/defaults/unit").asString())
                    .as(title)
                    .isNotBlank();
            assertThat(panel.get("targets")).as(title).isNotEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void namesAreUniqueAndNoPanelLiesOnAnother(Dashboard dashboard) {
        Set<Integer> ids = new HashSet<>();
        Set<String> titles = new HashSet<>();
        Set<String> cells = new HashSet<>();
        for (JsonNode panel : dashboard.root().get("panels")) {
            assertThat(ids.add(panel.get("id").asInt())).isTrue();
            assertThat(titles.add(panel.get("title").asString())).isTrue();
            JsonNode place = panel.get("gridPos");
            int left = place.get("x").asInt();
            int top = place.get("y").asInt();
            int right = left + place.get("w").asInt();
            assertThat(right).isLessThanOrEqualTo(COLUMNS);
            for (int x = left; x < right; x++) {
                for (int y = top; y < top + place.get("h").asInt(); y++) {
                    assertThat(cells.add(x + "," + y))
                            .as(panel.get("title").asString())
                            .isTrue();
                }
            }
        }
    }

    /// So that they can be imported beside any data source and name of the job.
    @ParameterizedTest
    @MethodSource("all")
    void queriesUseTheVariablesOfTheDashboardAndNoOthers(Dashboard dashboard) {
        Set<String> variables = dashboard.variables().stream()
                .map(variable -> variable.get("name").asString())
                .collect(Collectors.toSet());
        Set<String> used = VARIABLE.matcher(dashboard.root().toString())
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toSet());
        used.removeAll(Set.of("__rate_interval", "__all"));
        assertThat(used).isEqualTo(variables);
        for (JsonNode panel : dashboard.panels()) {
            assertThat(panel.at("/datasource/uid").asString()).isEqualTo("${datasource}");
        }
    }
}
