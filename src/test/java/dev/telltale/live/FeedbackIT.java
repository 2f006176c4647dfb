package dev.telltale.live;

import static dev.telltale.live.TestFindings.anomaly;
import static dev.telltale.live.TestFindings.by;
import static dev.telltale.live.TestFindings.ended;
import static dev.telltale.live.TestFindings.minute;
import static dev.telltale.live.TestFindings.suppressed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.live.FindingService.Answer;
import dev.telltale.series.Series;
import dev.telltale.series.SeriesLookup;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.JsonNode;

class FeedbackIT {

    private static final String TRUE = "{\"verdict\":\"true\"}";
    private static final String FALSE = "{\"verdict\":\"false\",\"note\":\"planned\"}";
    private static final int ROWS = 400;

    @TempDir
    static Path directory;

    private static FindingService service;
    private static Heard heard;
    private Series series = TestFindings.series(1);

    @BeforeAll
    static void start() {
        service = new FindingService(directory, List.of(Listening.class));
        heard = service.bean(Heard.class);
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    /// A series of its own, with a peak in rows 100 to 104.
    @BeforeEach
    void upload() throws IOException, InterruptedException {
        String name = "cpu_" + service.nextId();
        StringBuilder csv = new StringBuilder("timestamp,value\n");
        for (int i = 0; i < ROWS; i++) {
            csv.append(minute(i))
                    .append(',')
                    .append(i >= 100 && i <= 104 ? 1_000 : i % 24)
                    .append('\n');
        }
        assertThat(service.send("POST", "/api/v1/series/" + name + "/samples", csv.toString())
                        .status())
                .isEqualTo(200);
        series = service.bean(SeriesLookup.class).resolve(name);
        heard.feedback.clear();
        heard.incidents.clear();
    }

    @Test
    void aTrueOneBecomesAnAnnotationThatSaysSo() throws IOException, InterruptedException {
        Anomaly one = find(100, 104);
        Answer answer = judge(one, "{\"verdict\":\"true\",\"note\":\"disk filled up\"}");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.node().at("/feedback/verdict").stringValue()).isEqualTo("true");
        assertThat(answer.node().at("/feedback/note").stringValue()).isEqualTo("disk filled up");
        assertThat(answer.node().get("suppressed").isNull()).isTrue();
        assertThat(answer.node().get("incident").isNull()).isFalse();
        assertThat(service.get("/api/v1/anomalies/" + one.id()).body()).isEqualTo(answer.body());
        List<JsonNode> annotations = annotations();
        assertThat(annotations).hasSize(1);
        JsonNode annotation = annotations.getFirst();
        assertThat(annotation.get("start").stringValue()).isEqualTo(time(100));
        assertThat(annotation.get("end").stringValue()).isEqualTo(time(104));
        assertThat(annotation.get("verdict").stringValue()).isEqualTo("anomalous");
        assertThat(annotation.get("source").stringValue()).isEqualTo("feedback");
        assertThat(annotation.get("set").stringValue()).isEqualTo("default");
        assertThat(annotation.get("note").stringValue()).isEqualTo("disk filled up");
        assertThat(heard.feedback).containsExactly(one.id() + " true");
    }

    @Test
    void aFalseAlarmLeavesItsIncidentWhichIsClosedWithoutOthers() throws IOException, InterruptedException {
        Anomaly one = find(100, 104);
        heard.incidents.clear();
        JsonNode judged = judge(one, FALSE).node();

        assertThat(judged.get("suppressed").stringValue()).isEqualTo("feedback");
        assertThat(judged.get("incident").isNull()).isTrue();
        JsonNode incident = incident(one);
        assertThat(incident.get("open").booleanValue()).isFalse();
        assertThat(incident.get("anomalies").intValue()).isZero();
        assertThat(incident.at("/peak/score").doubleValue()).as("as it stood").isEqualTo(5);
        assertThat(heard.incidents).hasSize(1);
        assertThat(heard.incidents.getFirst().open()).isFalse();
        assertThat(annotations().getFirst().get("verdict").stringValue()).isEqualTo("normal");
        assertThat(heard.feedback).containsExactly(one.id() + " false");
    }

    @Test
    void anIncidentGoesOnWithoutAFalseAlarm() throws IOException, InterruptedException {
        Anomaly one = find(100, 104);
        Anomaly near = service.store(by(one.detector(), anomaly(service.nextId(), List.of(part()), 98, 99, 3)))
                .getFirst();
        assertThat(near.incident()).isEqualTo(one.incident());
        judge(one, FALSE);

        JsonNode incident = incident(one);
        assertThat(incident.get("open").booleanValue()).isTrue();
        assertThat(incident.get("anomalies").intValue()).isEqualTo(1);
        assertThat(incident.get("end").stringValue()).isEqualTo(time(99));
        assertThat(incident.at("/peak/score").doubleValue()).isEqualTo(3);
    }

    @Test
    void theLastVerdictCounts() throws IOException, InterruptedException {
        Anomaly one = find(100, 104);
        judge(one, FALSE);
        judge(one, FALSE);
        assertThat(annotations()).hasSize(1);
        JsonNode judged = judge(one, TRUE).node();

        assertThat(judged.get("suppressed").isNull()).isTrue();
        assertThat(judged.at("/feedback/verdict").stringValue()).isEqualTo("true");
        assertThat(judged.at("/feedback/note").isNull()).isTrue();
        assertThat(judged.get("incident").stringValue())
                .isEqualTo(Long.toString(one.incident().orElseThrow()));
        assertThat(incident(one).get("anomalies").intValue()).isEqualTo(1);
        assertThat(annotations()).hasSize(1);
        assertThat(annotations().getFirst().get("verdict").stringValue()).isEqualTo("anomalous");
        assertThat(heard.feedback).containsExactly(one.id() + " false", one.id() + " false", one.id() + " true");
    }

    @Test
    void whatBeganSuppressedStaysSo() throws IOException, InterruptedException {
        Anomaly one = service.store(suppressed(
                        Anomaly.Suppression.FEEDBACK, anomaly(service.nextId(), List.of(part()), 100, 104, 5)))
                .getFirst();
        JsonNode judged = judge(one, TRUE).node();

        assertThat(judged.get("suppressed").stringValue()).isEqualTo("feedback");
        assertThat(judged.get("incident").isNull()).isTrue();
        assertThat(judged.at("/feedback/verdict").stringValue()).isEqualTo("true");
    }

    @Test
    void aFalseAlarmThatGoesOnStaysOne() throws IOException, InterruptedException {
        Anomaly one = find(100, 102);
        judge(one, FALSE);
        heard.incidents.clear();
        Anomaly grown = service.store(ended(anomaly(one.id(), List.of(part()), 100, 104, 9)))
                .getFirst();

        assertThat(grown.suppressed()).contains(Anomaly.Suppression.FEEDBACK);
        assertThat(grown.feedback()).contains(false);
        assertThat(grown.incident()).isEmpty();
        assertThat(heard.incidents).isEmpty();
        assertThat(annotations().getFirst().get("end").stringValue()).isEqualTo(time(102));
        service.bean(Verdicts.class).run();
        assertThat(annotations()).hasSize(1);
        assertThat(annotations().getFirst().get("end").stringValue()).isEqualTo(time(104));
    }

    @Test
    void eachSeriesOfAnAnomalyIsAnnotatedUnlessItIsDeleted() throws IOException, InterruptedException {
        Series gone = TestFindings.series(987_654);
        Anomaly.Part missing = new Anomaly.Part(gone, OptionalDouble.of(0.5));
        Anomaly one = service.store(anomaly(service.nextId(), List.of(missing, part()), 100, 104, 5))
                .getFirst();

        assertThat(judge(one, TRUE).node().get("series").size()).isEqualTo(2);
        assertThat(annotations()).hasSize(1);
    }

    @Test
    void aTimeWithoutDataIsAnnotatedFromBehindTheLastSample() throws IOException, InterruptedException {
        Anomaly one = service.store(new Anomaly(
                        service.nextId(),
                        Optional.empty(),
                        TestFindings.CPU,
                        Anomaly.Kind.NO_DATA,
                        List.of(new Anomaly.Part(series, OptionalDouble.empty())),
                        minute(100),
                        minute(110),
                        false,
                        new Anomaly.Peak(minute(110), 1, OptionalDouble.empty(), OptionalDouble.empty()),
                        Optional.empty(),
                        Optional.empty()))
                .getFirst();
        JsonNode judged = judge(one, TRUE).node();

        assertThat(judged.get("kind").stringValue()).isEqualTo("no-data");
        assertThat(judged.at("/peak/value").isNull()).isTrue();
        assertThat(judged.at("/series/0/contribution").isNull()).isTrue();
        assertThat(annotations().getFirst().get("start").stringValue())
                .isEqualTo(Instant.ofEpochMilli(minute(100) + 1).toString());
    }

    @Test
    void trainingLeavesTheRowsOfATrueOneOut() throws IOException, InterruptedException {
        Anomaly one = find(100, 104);
        assertThat(rangeLearned("before")).isEqualTo(1_000);
        judge(one, TRUE);
        assertThat(rangeLearned("after")).isEqualTo(23);
    }

    @Test
    void badFeedbackIsRefusedAndChangesNothing() throws IOException, InterruptedException {
        Anomaly one = find(100, 104);
        for (String body : new String[] {
            "",
            "null",
            "[]",
            "{}",
            "{\"verdict\":null}",
            "{\"verdict\":true}",
            "{\"verdict\":\"yes\"}",
            "{\"verdict\":\"TRUE\"}",
            "{\"verdict\":1}",
            "{\"verdict\":\"true\",\"note\":7}",
            "{\"verdict\":\"true\",\"note\":\"\\u0000\"}",
            "{\"verdict\":\"true\",\"note\":\"" + "x".repeat(1_001) + "\"}",
            "{\"verdict\":\"true\",\"colour\":\"red\"}",
            "{\"verdict\":\"true\",\"verdict\":\"false\"}",
            "{\"verdict\":\"true\"",
        }) {
            assertThat(judge(one, body).status()).as(body).isEqualTo(400);
        }
        assertThat(service.send("POST", feedback(one), "timestamp,value\n").status())
                .isEqualTo(415);
        assertThat(service.get(feedback(one)).status()).isEqualTo(405);
        assertThat(annotations()).isEmpty();
        assertThat(heard.feedback).isEmpty();
        assertThat(service.get("/api/v1/anomalies/" + one.id())
                        .node()
                        .get("feedback")
                        .isNull())
                .isTrue();
        assertThat(judge(one, "{\"verdict\":\"true\",\"note\":\"" + "x".repeat(1_000) + "\"}")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void aSeriesWithAllTheAnnotationsItMayHaveTakesNoFeedback() throws IOException, InterruptedException {
        Anomaly one = find(100, 104);
        StringBuilder many = new StringBuilder("{\"annotations\":[");
        for (int i = 0; i < 10_000; i++) {
            many.append(i > 0 ? "," : "").append("{\"start\":1,\"end\":2,\"verdict\":\"normal\"}");
        }
        String path = "/api/v1/series/" + series.id() + "/annotations";
        assertThat(service.send("PUT", path + "?set=crowd", many + "]}").status())
                .isEqualTo(200);
        Answer answer = judge(one, FALSE);

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.problem()).isEqualTo("/problems/annotation-limit");
        JsonNode unchanged = service.get("/api/v1/anomalies/" + one.id()).node();
        assertThat(unchanged.get("feedback").isNull()).isTrue();
        assertThat(unchanged.get("suppressed").isNull()).isTrue();
    }

    @Test
    void verdictsAreCounted() throws IOException, InterruptedException {
        double before = counted();
        judge(find(100, 104), FALSE);
        assertThat(counted()).isEqualTo(before + 1);
    }

    private static double counted() {
        return service.bean(MeterRegistry.class)
                .get("telltale.feedback")
                .tag("verdict", "false")
                .counter()
                .count();
    }

    /// An anomaly of the series with a score of 5, in an incident of its own.
    private Anomaly find(int start, int end) {
        DetectorName detector = new DetectorName("of-" + series.id());
        return service.store(by(detector, anomaly(service.nextId(), List.of(part()), start, end, 5)))
                .getFirst();
    }

    private Anomaly.Part part() {
        return new Anomaly.Part(series, OptionalDouble.of(1));
    }

    private static Answer judge(Anomaly one, String body) throws IOException, InterruptedException {
        return service.post(feedback(one), body);
    }

    private static String feedback(Anomaly one) {
        return "/api/v1/anomalies/" + one.id() + "/feedback";
    }

    private List<JsonNode> annotations() throws IOException, InterruptedException {
        return service.get("/api/v1/series/" + series.id() + "/annotations?set=default")
                .node()
                .get("items")
                .valueStream()
                .toList();
    }

    private static JsonNode incident(Anomaly one) throws IOException, InterruptedException {
        return service.get("/api/v1/incidents/" + one.incident().orElseThrow()).node();
    }

    /// The range of values, from 0, in the rows that a model of the series learns from.
    private double rangeLearned(String prefix) throws IOException, InterruptedException {
        String name = prefix + "-" + series.id();
        Answer trained = service.post(
                "/api/v1/models",
                "{\"name\":\"%s\",\"series\":[\"%d\"],\"training\":{\"epochs\":1,\"annotated\":\"exclude\"}}"
                        .formatted(name, series.id()));
        assertThat(trained.status()).as(trained.body()).isEqualTo(201);
        return trained.node().at("/scaling/channels/0/scale").doubleValue();
    }

    private static String time(int minute) {
        return Instant.ofEpochMilli(minute(minute)).toString();
    }

    /// What was heard of feedback and incidents.
    static final class Heard implements FeedbackListener, IncidentListener {

        private final List<String> feedback = new CopyOnWriteArrayList<>();
        private final List<Incident> incidents = new CopyOnWriteArrayList<>();

        @Override
        public void given(Anomaly anomaly, boolean wasOne) {
            feedback.add(anomaly.id() + " " + wasOne);
        }

        @Override
        public void changed(Incident incident, Connection connection) {
            incidents.add(incident);
        }

        @Override
        public void stored() {}
    }

    @Configuration(proxyBeanMethods = false)
    static class Listening {

        @Bean
        Heard heard() {
            return new Heard();
        }
    }
}
