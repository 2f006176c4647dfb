package dev.telltale.hostile;

import static dev.telltale.hostile.JsonRows.SAMPLES;
import static dev.telltale.hostile.JsonRows.json;
import static dev.telltale.hostile.JsonRows.models;
import static dev.telltale.hostile.JsonRows.sample;
import static dev.telltale.hostile.JsonRows.samples;
import static dev.telltale.hostile.Pushes.pushed;
import static dev.telltale.hostile.Row.assertProblem;
import static dev.telltale.hostile.Row.failed;
import static dev.telltale.hostile.Row.refused;
import static dev.telltale.http.RawRequest.post;
import static dev.telltale.http.RawRequest.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.http.RawRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.function.IntToDoubleFunction;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// Rows 22 to 44: samples whose value or time is odd, and data that no model can learn from.
final class SampleRows {

    private static final long NOW = System.currentTimeMillis() / 60_000 * 60_000;
    private static final long MINUTE = 60_000;
    private static final long DAY = Duration.ofDays(1).toMillis();
    private static final double STALE = Double.longBitsToDouble(0x7ff0000000000002L);
    private static final String T = "1393695240000";

    private SampleRows() {}

    static Stream<Row> all() {
        return Stream.of(values(), times(), localTimes(), training(), scoring()).flatMap(rows -> rows);
    }

    private static Stream<Row> values() {
        return Stream.of(
                new Row(22, "NaN and infinities by remote write", target -> {
                    double before = skipped(target);
                    RawRequest request = pushed(
                            "odd_values",
                            NOW,
                            Double.NaN,
                            NOW + 1,
                            Double.POSITIVE_INFINITY,
                            NOW + 2,
                            Double.NEGATIVE_INFINITY,
                            NOW + 3,
                            7);
                    assertThat(target.send(request).status()).isEqualTo(204);
                    assertThat(target.samples("odd_values").size()).isOne();
                    assertThat(skipped(target)).isEqualTo(before + 3);
                }),
                new Row(23, "the end of a series by remote write", target -> {
                    assertThat(target.send(pushed("ended", NOW, 7, NOW + 1, STALE))
                                    .status())
                            .isEqualTo(204);
                    assertThat(target.samples("ended").size()).isOne();
                    assertThat(target.read("/api/v1/anomalies").get("items").size())
                            .isZero();
                }),
                new Row(24, "the same sample again", target -> {
                    target.take("POST", "/api/v1/series/same/samples", samples(T, "1"));
                    assertThat(target.take("POST", "/api/v1/series/same/samples", samples(T, "1"))
                                    .get("unchanged")
                                    .asInt())
                            .isOne();
                    assertThat(target.send(pushed("same_push", NOW, 1)).status())
                            .isEqualTo(204);
                    assertThat(target.send(pushed("same_push", NOW, 1)).status())
                            .isEqualTo(204);
                    assertThat(target.samples("same_push").size()).isOne();
                }),
                new Row(25, "another value at a stored time", target -> {
                    target.take("POST", "/api/v1/series/other/samples", samples(T, "1"));
                    assertProblem(
                            target.send(
                                    post("/api/v1/series/other/samples", "application/json", utf8(samples(T, "2")))),
                            "409 conflicting-sample");
                    target.send(pushed("other_push", NOW, 1));
                    assertProblem(target.send(pushed("other_push", NOW, 2)), "400 partly-written");
                    assertThat(target.samples("other").at("/0/value").asDouble())
                            .isOne();
                    assertThat(target.samples("other_push").at("/0/value").asDouble())
                            .isOne();
                }),
                refused(
                        26,
                        "one time twice in JSON",
                        json("{\"samples\":[{\"timestamp\":1393695240000,\"value\":1},"
                                + "{\"timestamp\":1393695240000,\"value\":2}]}"),
                        "400 duplicate-time"),
                new Row(26, "one time twice in CSV, with its line", target -> {
                    JsonNode problem = assertProblem(
                            target.send(csv("timestamp,value\n" + T + ",1\n" + T + ",1\n")), "400 duplicate-time");
                    assertThat(problem.at("/errors/0/line").asInt()).isEqualTo(3);
                }),
                new Row(27, "an earlier sample after a later one", target -> {
                    target.send(pushed("unordered", NOW, 1));
                    assertThat(target.send(pushed("unordered", NOW - 60 * MINUTE, 2))
                                    .status())
                            .isEqualTo(204);
                    target.take("POST", "/api/v1/series/unordered/samples", samples("" + (NOW - MINUTE), "3"));
                    assertThat(target.samples("unordered").findValuesAsString("value"))
                            .containsExactly("2.0", "3.0", "1.0");
                }));
    }

    private static Stream<Row> times() {
        return Stream.of(
                new Row(28, "a sample older than those kept, beside a good one", target -> {
                    assertProblem(target.send(pushed("old", NOW - 91 * DAY, 1, NOW, 2)), "400 partly-written");
                    assertThat(target.samples("old").size()).isOne();
                }),
                refused(29, "a sample of the future", pushed("bad", NOW + 60 * MINUTE, 1), "400 partly-written"),
                new Row(30, "seconds as milliseconds, with what helps", target -> {
                    JsonNode problem = assertProblem(target.send(sample("1393695240", "1")), "400 bad-time");
                    assertThat(problem.toString()).contains("millisecond");
                }),
                refused(30, "seconds as milliseconds in CSV", csv("timestamp,value\n1393695240,1\n"), "400 bad-time"),
                refused(30, "microseconds as milliseconds", sample("1393695240000000", "1"), "400 bad-time"),
                refused(31, "1e20 as a time", sample("1e20", "1"), "400 bad-time"),
                refused(31, "1e20 as a time in CSV", csv("timestamp,value\n1e20,1\n"), "400 bad-time"),
                refused(31, "1e20 as the start of a range", training("\"range\":{\"start\":1e20}"), "400 wrong-type"),
                refused(34, "the 30th of February", sample("\"2026-02-30T00:00:00Z\"", "1"), "400 bad-time"),
                refused(34, "the 13th month", sample("\"2026-13-01T00:00:00Z\"", "1"), "400 bad-time"),
                refused(
                        34,
                        "the 30th of February in CSV",
                        csv("timestamp,value\n2026-02-30 00:00:00,1\n"),
                        "400 bad-time"),
                refused(35, "a leap second", sample("\"2016-12-31T23:59:60Z\"", "1"), "400 bad-time"),
                refused(35, "a leap second in CSV", csv("timestamp,value\n2016-12-31T23:59:60Z,1\n"), "400 bad-time"),
                refused(36, "before 1970", sample("-1", "1"), "400 bad-time"),
                refused(36, "before 2000", sample("\"1999-12-31T23:59:59Z\"", "1"), "400 bad-time"),
                new Row(36, "nanoseconds, which are cut off", target -> {
                    target.take(
                            "POST",
                            "/api/v1/series/nanoseconds/samples",
                            samples("\"2014-03-01T17:34:00.000999999Z\"", "1"));
                    assertThat(target.samples("nanoseconds").at("/0/timestamp").asString())
                            .isEqualTo("2014-03-01T17:34:00Z");
                }));
    }

    private static Stream<Row> localTimes() {
        String naive = "timestamp,value\n2014-03-01 17:34:00,1\n";
        return Stream.of(
                new Row(32, "a time without a zone in CSV, which is UTC", target -> {
                    target.send(post("/api/v1/series/naive/samples", "text/csv", utf8(naive)));
                    assertThat(target.samples("naive").at("/0/timestamp").asString())
                            .isEqualTo("2014-03-01T17:34:00Z");
                }),
                new Row(32, "a time without a zone in CSV of a zone", target -> {
                    target.send(post("/api/v1/series/zoned/samples?zone=Europe/Berlin", "text/csv", utf8(naive)));
                    assertThat(target.samples("zoned").at("/0/timestamp").asString())
                            .isEqualTo("2014-03-01T16:34:00Z");
                }),
                new Row(32, "a time without a zone in JSON, which is UTC too", target -> {
                    target.take("POST", "/api/v1/series/naive_2/samples", samples("\"2014-03-01T17:34:00\"", "1"));
                    assertThat(target.samples("naive_2").at("/0/timestamp").asString())
                            .isEqualTo("2014-03-01T17:34:00Z");
                }),
                refused(
                        32,
                        "a time without a zone in a range",
                        training("\"range\":{\"start\":\"2024-01-01T00:00:00\"}"),
                        "400 bad-time"),
                refused(33, "a local time that comes twice", berlin("2026-10-25 02:30:00"), "400 bad-time"),
                refused(33, "a local time that is skipped", berlin("2026-03-29 02:30:00"), "400 bad-time"));
    }

    private static Stream<Row> training() {
        return Stream.of(
                new Row(37, "a gap longer than three rows, over which no window goes", target -> {
                    target.send(post("/api/v1/series/gap/samples", "text/csv", utf8(rows(0, 60, i -> i % 7))));
                    target.send(post("/api/v1/series/gap/samples", "text/csv", utf8(rows(100, 160, i -> i % 7))));
                    JsonNode job = target.take("POST", "/api/v1/models", specification("gap", "gap"));
                    assertThat(job.toString()).contains("\"gap\"");
                    JsonNode scored = target.take(
                            "POST", "/api/v1/models/gap/score", "{\"series\":\"gap\",\"start\":" + time(100) + "}");
                    assertThat(scored.at("/rows/2/score").isNull()).isTrue();
                    assertThat(scored.at("/rows/3/score").isNumber()).isTrue();
                }),
                failed(37, "a gap in every window", trained("holes"), "422 not-enough-data"),
                new Row(38, "fewer samples than a window, with how many there must be", target -> {
                    JsonNode problem = assertProblem(target.send(trained("short")), "422 not-enough-data");
                    assertThat(problem.get("required").asInt())
                            .isGreaterThan(problem.get("got").asInt());
                }),
                new Row(39, "a constant series, of which any change shows", target -> {
                    JsonNode model = target.take("POST", "/api/v1/models", specification("constant", "constant"));
                    assertThat(model.get("warnings").toString()).contains("constant");
                    JsonNode rows = target.take(
                            "POST",
                            "/api/v1/models/constant/score",
                            "{\"timestamps\":[%d,%d,%d,%d],\"series\":{\"constant\":[5,5,5,5.000001]}}"
                                    .formatted(time(0), time(1), time(2), time(3)));
                    assertThat(rows.at("/rows/3/anomalous").asBoolean())
                            .as(rows.toString())
                            .isTrue();
                }),
                failed(40, "a series without a sample", trained("nothing"), "422 not-enough-data"),
                new Row(41, "values up to the largest", target -> {
                    target.send(post(
                            "/api/v1/series/huge/samples", "text/csv", utf8(rows(0, 120, i -> 1.7e308 * Math.sin(i)))));
                    target.take("POST", "/api/v1/models", specification("huge", "huge"));
                    assertFinite(target, "huge", "huge");
                    assertFinite(target, "huge", "waves");
                    assertFinite(target, "good", "huge");
                }),
                new Row(42, "the smallest values, and −0", target -> {
                    target.send(post(
                            "/api/v1/series/smallest/samples",
                            "text/csv",
                            utf8("timestamp,value\n" + time(0) + ",-0.0\n" + time(1) + ",4.9e-324\n")));
                    assertThat(target.samples("smallest").findValuesAsString("value"))
                            .containsExactly("0.0", "4.9E-324");
                    assertFinite(target, "good", "smallest");
                }));
    }

    private static Stream<Row> scoring() {
        String two = "{\"timestamps\":[1704067200000],\"series\":{\"a\":[1],\"b\":[1]}}";
        return Stream.of(
                refused(43, "two series for a model of one", score(two), "422 feature-mismatch"),
                refused(43, "another series' name beside", score("{\"series\":[\"waves\",\"short\"]}"), "422"),
                refused(43, "lists of unequal length", score(two.replace("\"b\":[1]", "\"b\":[]")), "422"),
                refused(44, "no samples to store", json("{\"samples\":[]}"), "400 empty-upload"),
                refused(44, "no samples to score", score("{\"samples\":[]}"), "400 empty-upload"),
                refused(
                        44,
                        "no times to score",
                        score("{\"timestamps\":[],\"series\":{\"a\":[]}}"),
                        "400 empty-upload"),
                refused(
                        44,
                        "more to score than a body holds",
                        score("{\"samples\":[" + " ".repeat(1_100_000) + "]}"),
                        "413 body-too-large"));
    }

    static RawRequest csv(String body) {
        return post(SAMPLES, "text/csv", utf8(body));
    }

    static RawRequest score(String body) {
        return post("/api/v1/models/good/score", "application/json", utf8(body));
    }

    static RawRequest trained(String series) {
        return models(specification("bad", series));
    }

    /// A model that is trained in no time.
    static String specification(String name, String series) {
        return "{\"name\":\"%s\",\"series\":[\"%s\"],\"windowing\":{\"length\":4},\"training\":{\"epochs\":1}}"
                .formatted(name, series);
    }

    /// CSV of a row a minute.
    static String rows(int from, int to, IntToDoubleFunction values) {
        StringBuilder csv = new StringBuilder("timestamp,value\n");
        for (int i = from; i < to; i++) {
            csv.append(String.format(Locale.ROOT, "%d,%s%n", time(i), values.applyAsDouble(i)));
        }
        return csv.toString();
    }

    static long time(int row) {
        return 1_704_067_200_000L + row * MINUTE;
    }

    private static RawRequest berlin(String time) {
        return post(SAMPLES + "?zone=Europe/Berlin", "text/csv", utf8("timestamp,value\n" + time + ",1\n"));
    }

    private static RawRequest training(String fields) {
        return JsonRows.model(fields);
    }

    private static void assertFinite(Target target, String model, String series) throws IOException {
        JsonNode scores = target.take("POST", "/api/v1/models/" + model + "/score", "{\"series\":\"" + series + "\"}");
        for (JsonNode row : scores.get("rows")) {
            assertThat(row.get("score").isNull()
                            || Double.isFinite(row.get("score").asDouble()))
                    .as(row.toString())
                    .isTrue();
        }
    }

    private static double skipped(Target target) throws IOException {
        String meter = "telltale_skipped_samples_total{reason=\"non_finite\"} ";
        return target.send(RawRequest.get("/actuator/prometheus"))
                .text()
                .lines()
                .filter(line -> line.startsWith(meter))
                .mapToDouble(line -> Double.parseDouble(line.substring(meter.length())))
                .sum();
    }
}
