package dev.telltale.ops;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A dashboard for Grafana, as it lies in the tree.
///
/// @param name of its file
record Dashboard(String name, JsonNode root) {

    private static final JsonMapper JSON = new JsonMapper();

    /// One query of one panel.
    ///
    /// @param panel its title, and which of its queries this is
    record Query(String panel, String expression) {}

    static List<Dashboard> all() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("examples", "grafana"))) {
            return files.sorted().map(Dashboard::read).toList();
        }
    }

    private static Dashboard read(Path file) {
        try {
            return new Dashboard(file.getFileName().toString(), JSON.readTree(Files.readString(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// All but the headings of rows.
    List<JsonNode> panels() {
        List<JsonNode> panels = new ArrayList<>();
        for (JsonNode panel : root.get("panels")) {
            if (!panel.get("type").asString().equals("row")) {
                panels.add(panel);
            }
        }
        return panels;
    }

    List<Query> queries() {
        List<Query> queries = new ArrayList<>();
        for (JsonNode panel : panels()) {
            for (JsonNode target : panel.get("targets")) {
                queries.add(new Query(
                        panel.get("title").asString() + " "
                                + target.get("refId").asString(),
                        target.get("expr").asString()));
            }
        }
        return queries;
    }

    List<JsonNode> variables() {
        List<JsonNode> variables = new ArrayList<>();
        root.at("/templating/list").forEach(variables::add);
        return variables;
    }

    @Override
    public String toString() {
        return name;
    }
}
