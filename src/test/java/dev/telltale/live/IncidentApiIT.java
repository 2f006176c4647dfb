package dev.telltale.live;

import static dev.telltale.live.TestFindings.DISK;
import static dev.telltale.live.TestFindings.anomaly;
import static dev.telltale.live.TestFindings.by;
import static dev.telltale.live.TestFindings.ended;
import static dev.telltale.live.TestFindings.minute;
import static dev.telltale.live.TestFindings.suppressed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.live.FindingService.Answer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class IncidentApiIT {

    private static final String ANOMALIES = "/api/v1/anomalies";
    private static final String INCIDENTS = "/api/v1/incidents";

    @TempDir
    static Path directory;

    private static FindingService service;
    /// Two of one incident, one of the other detector, one that is silenced.
    private static List<Anomaly> stored;

    @BeforeAll
    static void start() {
        service = new FindingService(directory);
        stored = service.store(
                anomaly(service.nextId(), 101, 0, 10, 2.5),
                ended(anomaly(service.nextId(), 102, 12, 20, 7.5)),
                by(DISK, ended(anomaly(service.nextId(), 101, 100, 110, 3))),
                suppressed(Anomaly.Suppression.SILENCE, ended(anomaly(service.nextId(), 103, 200, 201, 4))));
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @Test
    void anAnomalyIsAnsweredWhole() throws IOException, InterruptedException {
        JsonNode one = service.get(ANOMALIES + "/" + id(0)).node();

        assertThat(one.get("id").stringValue()).isEqualTo(id(0));
        assertThat(one.get("detector").stringValue()).isEqualTo("cpu-watch");
        assertThat(one.get("kind").stringValue()).isEqualTo("score");
        JsonNode series = one.get("series").get(0);
        assertThat(series.get("id").stringValue()).isEqualTo("101");
        assertThat(series.get("name").stringValue()).isEqualTo("cpu");
        assertThat(series.at("/labels/instance").stringValue()).isEqualTo("i-101");
        assertThat(series.get("contribution").doubleValue()).isEqualTo(1);
        assertThat(one.get("start").stringValue()).isEqualTo(time(0));
        assertThat(one.get("end").stringValue()).isEqualTo(time(10));
        assertThat(one.get("open").booleanValue()).isTrue();
        assertThat(one.at("/peak/timestamp").stringValue()).isEqualTo(time(10));
        assertThat(one.at("/peak/score").doubleValue()).isEqualTo(2.5);
        assertThat(one.at("/peak/value").doubleValue()).isEqualTo(99.5);
        assertThat(one.at("/peak/expected").doubleValue()).isEqualTo(12.25);
        assertThat(one.get("suppressed").isNull()).isTrue();
        assertThat(one.get("feedback").isNull()).isTrue();
        assertThat(one.get("incident").stringValue()).isEqualTo(incident(0));
        JsonNode silent = service.get(ANOMALIES + "/" + id(3)).node();
        assertThat(silent.get("suppressed").stringValue()).isEqualTo("silence");
        assertThat(silent.get("incident").isNull()).isTrue();
    }

    @Test
    void anIncidentIsAnsweredWhole() throws IOException, InterruptedException {
        JsonNode one = service.get(INCIDENTS + "/" + incident(0)).node();

        assertThat(one.get("detector").stringValue()).isEqualTo("cpu-watch");
        assertThat(one.get("open").booleanValue()).isTrue();
        assertThat(one.get("start").stringValue()).isEqualTo(time(0));
        assertThat(one.get("end").stringValue()).isEqualTo(time(20));
        assertThat(one.at("/peak/timestamp").stringValue()).isEqualTo(time(20));
        assertThat(one.at("/peak/score").doubleValue()).isEqualTo(7.5);
        assertThat(one.get("anomalies").intValue()).isEqualTo(2);
        assertThat(one.get("seriesCount").intValue()).isEqualTo(2);
        assertThat(one.at("/series/0/id").stringValue()).isEqualTo("102");
        assertThat(one.at("/series/0/peakScore").doubleValue()).isEqualTo(7.5);
        assertThat(one.at("/series/0/contribution").doubleValue()).isEqualTo(0.75);
        assertThat(one.at("/series/1/labels/instance").stringValue()).isEqualTo("i-101");
        assertThat(one.at("/receivers/0").stringValue()).isEqualTo("pager");
    }

    @Test
    void anomaliesAreFiltered() throws IOException, InterruptedException {
        assertThat(anomalies("")).containsExactly(id(3), id(2), id(1), id(0));
        assertThat(anomalies("?series=101")).containsExactly(id(2), id(0));
        assertThat(anomalies("?series=cpu")).hasSize(4);
        assertThat(anomalies("?series=cpu{instance=~\"i-10[23]\"}")).containsExactly(id(3), id(1));
        assertThat(anomalies("?series=memory")).isEmpty();
        assertThat(anomalies("?series=99999999999999999999")).isEmpty();
        assertThat(anomalies("?detector=disk-watch")).containsExactly(id(2));
        assertThat(anomalies("?detector=unknown")).isEmpty();
        assertThat(anomalies("?start=" + time(20))).containsExactly(id(3), id(2), id(1));
        assertThat(anomalies("?end=" + minute(12))).containsExactly(id(1), id(0));
        assertThat(anomalies("?start=" + time(21) + "&end=" + time(99))).isEmpty();
        assertThat(anomalies("?minScore=3")).containsExactly(id(3), id(2), id(1));
        assertThat(anomalies("?minScore=3.01e0")).containsExactly(id(3), id(1));
        assertThat(anomalies("?open=true")).containsExactly(id(0));
        assertThat(anomalies("?open=false")).containsExactly(id(3), id(2), id(1));
        assertThat(anomalies("?incident=" + incident(0))).containsExactly(id(1), id(0));
        assertThat(anomalies("?incident=999")).isEmpty();
        assertThat(anomalies("?series=101&detector=cpu-watch&open=true&minScore=2"))
                .containsExactly(id(0));
    }

    @Test
    void incidentsAreFiltered() throws IOException, InterruptedException {
        assertThat(incidents("")).containsExactly(incident(2), incident(0));
        assertThat(incidents("?series=102")).containsExactly(incident(0));
        assertThat(incidents("?series=cpu{instance=\"i-101\"}")).containsExactly(incident(2), incident(0));
        assertThat(incidents("?series=103")).as("it was suppressed").isEmpty();
        assertThat(incidents("?detector=disk-watch")).containsExactly(incident(2));
        assertThat(incidents("?start=" + time(21))).containsExactly(incident(2));
        assertThat(incidents("?end=" + time(99))).containsExactly(incident(0));
        assertThat(incidents("?minScore=7.5")).containsExactly(incident(0));
        assertThat(incidents("?open=true&detector=cpu-watch")).containsExactly(incident(0));
    }

    @Test
    void listsComeInPages() throws IOException, InterruptedException {
        List<String> all = new ArrayList<>();
        String next = "";
        do {
            JsonNode page = service.get(ANOMALIES + "?limit=1" + next).node();
            all.add(page.at("/items/0/id").stringValue());
            next = page.get("next").isNull()
                    ? ""
                    : "&cursor=" + page.get("next").stringValue();
        } while (!next.isEmpty());
        assertThat(all).containsExactly(id(3), id(2), id(1), id(0));

        JsonNode first = service.get(INCIDENTS + "?limit=1").node();
        JsonNode second = service.get(
                        INCIDENTS + "?limit=1&cursor=" + first.get("next").stringValue())
                .node();
        assertThat(second.at("/items/0/id").stringValue()).isEqualTo(incident(0));
        assertThat(second.get("next").isNull()).isTrue();
    }

    @Test
    void badFiltersAreRefused() throws IOException, InterruptedException {
        for (String list : new String[] {ANOMALIES, INCIDENTS, INCIDENTS + "/events"}) {
            for (String query : new String[] {
                "series=cpu{",
                "series=",
                "detector=Not%20One",
                "detector=",
                "start=yesterday",
                "end=2026-02-30T00:00:00Z",
                "minScore=NaN",
                "minScore=-1",
                "minScore=1d",
                "minScore=0x1p3",
                "minScore=1e999",
                "minScore=",
                "colour=red"
            }) {
                Answer answer = service.get(list + "?" + query);
                assertThat(answer.status()).as(list + "?" + query).isEqualTo(400);
                assertThat(answer.problem()).startsWith("/problems/");
            }
        }
        for (String list : new String[] {ANOMALIES, INCIDENTS}) {
            String other = list.equals(ANOMALIES) ? INCIDENTS : ANOMALIES;
            String foreign = service.get(other + "?limit=1").node().get("next").asString();
            for (String query : new String[] {
                "open=perhaps",
                "limit=0",
                "limit=1001",
                "limit=x",
                "cursor=x",
                "cursor=" + foreign,
                "cursor=YW5vbWFsaWVzOng",
                "cursor=aW5jaWRlbnRzOng"
            }) {
                assertThat(service.get(list + "?" + query).status())
                        .as(list + "?" + query)
                        .isEqualTo(400);
            }
        }
        assertThat(service.get(ANOMALIES + "?incident=x").status()).isEqualTo(400);
        assertThat(service.get(INCIDENTS + "?incident=1").problem()).isEqualTo("/problems/unknown-parameter");
    }

    @Test
    void whatIsNotThereIsNotFound() throws IOException, InterruptedException {
        for (String id : new String[] {"999999", "abc", "-1", "99999999999999999999", "1.0"}) {
            Answer anomaly = service.get(ANOMALIES + "/" + id);
            assertThat(anomaly.status()).as(id).isEqualTo(404);
            assertThat(anomaly.problem()).isEqualTo("/problems/anomaly-not-found");
            Answer feedback = service.post(ANOMALIES + "/" + id + "/feedback", "{\"verdict\":\"true\"}");
            assertThat(feedback.problem()).as(id).isEqualTo("/problems/anomaly-not-found");
            Answer incident = service.get(INCIDENTS + "/" + id);
            assertThat(incident.status()).as(id).isEqualTo(404);
            assertThat(incident.problem()).isEqualTo("/problems/incident-not-found");
        }
    }

    @Test
    void findingsAreReadOnly() throws IOException, InterruptedException {
        for (String method : Set.of("PUT", "DELETE", "PATCH")) {
            assertThat(service.send(method, ANOMALIES + "/" + id(0), "{}").status())
                    .isEqualTo(405);
            assertThat(service.send(method, INCIDENTS + "/" + incident(0), "{}").status())
                    .isEqualTo(405);
        }
    }

    private static List<String> anomalies(String query) throws IOException, InterruptedException {
        return service.get(ANOMALIES + query).ids();
    }

    private static List<String> incidents(String query) throws IOException, InterruptedException {
        return service.get(INCIDENTS + query).ids();
    }

    private static String id(int number) {
        return Long.toString(stored.get(number).id());
    }

    private static String incident(int number) {
        return Long.toString(stored.get(number).incident().orElseThrow());
    }

    private static String time(int minute) {
        return Instant.ofEpochMilli(minute(minute)).toString();
    }
}
