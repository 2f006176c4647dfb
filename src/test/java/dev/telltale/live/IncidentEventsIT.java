package dev.telltale.live;

import static dev.telltale.live.TestFindings.CPU;
import static dev.telltale.live.TestFindings.DISK;
import static dev.telltale.live.TestFindings.anomaly;
import static dev.telltale.live.TestFindings.by;
import static dev.telltale.live.TestFindings.ended;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class IncidentEventsIT {

    private static final String EVENTS = "/api/v1/incidents/events";

    @TempDir
    Path directory;

    private FindingService service;

    @BeforeEach
    void start() {
        service = new FindingService(directory);
    }

    @AfterEach
    void stop() {
        service.close();
    }

    @Test
    void eachChangeOfAnIncidentIsToldWhole() throws IOException, InterruptedException {
        Anomaly before = store(anomaly(service.nextId(), 1, 0, 1, 2));
        try (Events events = new Events("", "")) {
            Event first = events.next();
            assertThat(first.name()).isEqualTo("changed");
            assertThat(first.data())
                    .isEqualTo(
                            service.get("/api/v1/incidents/" + before.incident().orElseThrow())
                                    .node());

            store(anomaly(before.id(), 1, 0, 2, 8));
            Event grown = events.next();
            assertThat(grown.data().at("/peak/score").doubleValue()).isEqualTo(8);
            assertThat(grown.number()).isGreaterThan(first.number());

            service.store(Duration.ZERO, ended(anomaly(before.id(), 1, 0, 3, 8)));
            Event over = events.nextNamed("closed");
            assertThat(over.data().get("open").booleanValue()).isFalse();
            assertThat(over.data().get("id").asString())
                    .isEqualTo(first.data().get("id").asString());
        }
    }

    @Test
    void whoComesWithoutAnIdHearsOfWhatIsOpenOnly() throws IOException, InterruptedException {
        service.store(Duration.ZERO, ended(anomaly(service.nextId(), 1, 0, 1, 2)));
        try (Events events = new Events("", "")) {
            events.nextNamed("closed");
        }
        Anomaly open = store(anomaly(service.nextId(), 1, 500, 501, 2));
        try (Events events = new Events("", "")) {
            assertThat(events.next().incident())
                    .isEqualTo(Long.toString(open.incident().orElseThrow()));
        }
    }

    @Test
    void whoComesBackLacksNothing() throws IOException, InterruptedException {
        store(anomaly(service.nextId(), 1, 0, 1, 2));
        String lastId;
        try (Events events = new Events("", "")) {
            lastId = events.next().id();
        }
        Set<String> missed = new HashSet<>();
        for (int i = 1; i <= 250; i++) {
            Anomaly one = store(ended(anomaly(service.nextId(), 1, i * 1_000, i * 1_000, 2)));
            missed.add(Long.toString(one.incident().orElseThrow()));
        }
        service.store(Duration.ZERO, ended(anomaly(service.nextId(), 1, 999_000, 999_000, 2)));
        try (Events events = new Events("", "")) {
            events.nextNamed("closed"); // that one is over when the reader comes back
        }
        List<Event> heard = new ArrayList<>();
        try (Events events = new Events("", lastId)) {
            while (heard.size() < 251) {
                heard.add(events.next());
            }
        }
        assertThat(heard).extracting(Event::number).isSorted().doesNotHaveDuplicates();
        assertThat(heard.getLast().name()).isEqualTo("closed");
        assertThat(heard.subList(0, 250)).extracting(Event::incident).containsExactlyInAnyOrderElementsOf(missed);
    }

    @Test
    void whoComesBackAfterARestartLacksNothingEither() throws IOException, InterruptedException {
        store(anomaly(service.nextId(), 1, 0, 1, 2));
        String lastId;
        try (Events events = new Events("", "")) {
            lastId = events.next().id();
        }
        Anomaly missed = store(anomaly(service.nextId(), 1, 500, 501, 2));
        service.close();
        service = new FindingService(directory);
        Anomaly later = store(anomaly(service.nextId(), 1, 1_000, 1_001, 2));
        try (Events events = new Events("", lastId)) {
            assertThat(events.next().incident()).isEqualTo(id(missed));
            assertThat(events.next().incident()).isEqualTo(id(later));
        }
    }

    @Test
    void anIdThatIsNoneOfOursCountsAsNone() throws IOException, InterruptedException {
        Anomaly open = store(anomaly(service.nextId(), 1, 0, 1, 2));
        for (String id : new String[] {"abc", "-1", "999999", "99999999999999999999"}) {
            try (Events events = new Events("", id)) {
                assertThat(events.next().incident()).as(id).isEqualTo(id(open));
            }
        }
    }

    @Test
    void aFilterLeavesOthersOut() throws IOException, InterruptedException {
        try (Events disk = new Events("?detector=disk-watch", "");
                Events second = new Events("?series=cpu{instance=\"i-2\"}&minScore=3", "")) {
            store(anomaly(service.nextId(), 1, 0, 1, 9));
            Anomaly other = store(by(DISK, anomaly(service.nextId(), 1, 0, 1, 2)));
            Anomaly far = store(anomaly(service.nextId(), 2, 500, 501, 4));

            assertThat(disk.next().incident()).isEqualTo(id(other));
            assertThat(second.next().incident()).isEqualTo(id(far));
        }
    }

    @Test
    void streamsAreCountedAndEndWithTheService() throws IOException, InterruptedException {
        store(anomaly(service.nextId(), 1, 0, 1, 2));
        List<InputStream> open = new ArrayList<>();
        HttpResponse<InputStream> answer = service.follow(EVENTS, "");
        while (answer.statusCode() == 200 && open.size() < 1_000) {
            open.add(answer.body());
            answer = service.follow(EVENTS, "");
        }
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).contains("10");
        assertThat(new String(answer.body().readAllBytes(), StandardCharsets.UTF_8))
                .contains("/problems/too-many-followers");
        assertThat(open).hasSize(64);

        Thread stopping = Thread.ofPlatform().start(service::close);
        for (InputStream stream : open) {
            assertThat(new String(stream.readAllBytes(), StandardCharsets.UTF_8))
                    .contains("event: changed");
        }
        stopping.join();
    }

    @Test
    void aDeletedDetectorsIncidentIsToldAsClosed() throws IOException, InterruptedException {
        store(anomaly(service.nextId(), 1, 0, 1, 2));
        try (Events events = new Events("", "")) {
            events.next();
            FindingStore store = service.bean(FindingStore.class);
            service.bean(dev.telltale.database.Database.class).write(connection -> {
                store.forget(connection, CPU);
                return null;
            });
            store.announceStored();
            assertThat(events.next().name()).isEqualTo("closed");
        }
    }

    private Anomaly store(Anomaly anomaly) {
        return service.store(anomaly).getFirst();
    }

    private static String id(Anomaly anomaly) {
        return Long.toString(anomaly.incident().orElseThrow());
    }

    private record Event(String id, String name, JsonNode data) {

        long number() {
            return Long.parseLong(id);
        }

        String incident() {
            return data.get("id").asString();
        }
    }

    /// A stream that is read.
    private final class Events implements AutoCloseable {

        private final InputStream body;
        private final BufferedReader lines;

        private Events(String query, String lastId) throws IOException, InterruptedException {
            HttpResponse<InputStream> answer = service.follow(EVENTS + query, lastId);
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("Content-Type")).contains("text/event-stream;charset=UTF-8");
            body = answer.body();
            lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
        }

        private Event next() throws IOException {
            Map<String, String> fields = new HashMap<>();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.isEmpty() && fields.containsKey("data")) {
                    return new Event(
                            fields.getOrDefault("id", ""),
                            fields.getOrDefault("event", ""),
                            JsonMapper.shared().readTree(fields.get("data")));
                }
                String[] parts = line.split(": ", 2);
                if (parts.length == 2) {
                    fields.put(parts[0], parts[1]);
                }
            }
            throw new AssertionError("the stream has ended");
        }

        private Event nextNamed(String name) throws IOException {
            Event event = next();
            while (!event.name().equals(name)) {
                event = next();
            }
            return event;
        }

        @Override
        public void close() throws IOException {
            body.close();
        }
    }
}
