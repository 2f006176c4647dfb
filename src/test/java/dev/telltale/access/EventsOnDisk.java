package dev.telltale.access;

import dev.telltale.http.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// The events in the logs of a data directory, as others read them.
final class EventsOnDisk {

    private final Path directory;
    private final Map<String, Integer> told = new HashMap<>();

    EventsOnDisk(Path dataDirectory) {
        directory = dataDirectory.resolve("audit");
    }

    /// Those since this was asked last, changes first.
    List<JsonNode> news() throws IOException {
        List<JsonNode> events = new ArrayList<>();
        for (String file : List.of("audit.jsonl", "refusals.jsonl")) {
            List<String> lines =
                    Files.exists(directory.resolve(file)) ? Files.readAllLines(directory.resolve(file)) : List.of();
            lines.subList(told.getOrDefault(file, 0), lines.size()).stream()
                    .map(line -> new Json().mapper().readTree(line))
                    .forEach(events::add);
            told.put(file, lines.size());
        }
        return events;
    }
}
