package dev.telltale.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.database.Postgres;
import dev.telltale.series.SeriesKey;
import dev.telltale.series.SeriesStore;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Detectors of two services on one database: whichever is asked, the answer and the effect are the same.
class SharedDetectorsIT {

    private static final int PAST = 20;
    private static final int LIMIT = 3;
    private static final Fleet FLEET = new Fleet(10);

    @TempDir
    private static Path directory;

    private static LiveService one;
    private static LiveService other;
    private static int row = Fleet.TRAINED;
    private static int tests;

    /// Of the detector of a test.
    private static String name = "";

    @BeforeEach
    void name() {
        name = "d-" + ++tests;
    }

    @BeforeAll
    static void start() throws IOException {
        Postgres postgres = Postgres.fresh();
        String limit = "--telltale.live.detector-limit=" + LIMIT;
        String gap = "--telltale.live.incident-gap=1m";
        one = LiveService.replica(directory.resolve("one"), postgres, List.of(), limit, gap);
        other = LiveService.replica(directory.resolve("other"), postgres, List.of(), limit, gap);
        FLEET.train(one, "m");
        for (int machine = 0; machine < FLEET.machines(); machine++) {
            FLEET.push(one, machine, row - PAST, row);
        }
        one.await(() -> all().allMatch(machine -> FLEET.owns(one, machine) != FLEET.owns(other, machine))
                && ownsSome(one)
                && ownsSome(other));
    }

    private static IntStream all() {
        return IntStream.range(0, FLEET.machines());
    }

    @AfterAll
    static void stop() {
        other.close();
        one.close();
    }

    @AfterEach
    void deleteAll() {
        for (JsonNode detector : one.get("/api/v1/detectors").get("items")) {
            one.json("DELETE", "/api/v1/detectors/" + detector.get("name").asString(), "", 204);
        }
        one.await(() -> one.bean(Detectors.class).all().isEmpty()
                && other.bean(Detectors.class).all().isEmpty());
    }

    /// One more sample of each machine, sent to the one service and the other.
    private static void push() {
        push(0, 0);
    }

    /// @param distance by which the values of a machine are away from the usual ones
    private static void push(int odd, double distance) {
        all().forEach(machine -> (machine % 2 == 0 ? one : other)
                .push(
                        FLEET.machine(machine),
                        FLEET.time(row),
                        FLEET.value(machine, row) + (machine == odd ? distance : 0)));
        row++;
    }

    /// The first service owns all partitions until the other has come and has its share.
    private static boolean ownsSome(LiveService service) {
        return all().anyMatch(machine -> FLEET.owns(service, machine));
    }

    private static int ownedBy(LiveService service) {
        return all().filter(machine -> FLEET.owns(service, machine)).findFirst().orElseThrow();
    }

    private static boolean isScored(LiveService service, String detector, int scored) {
        return all().allMatch(machine -> service.scores(detector, FLEET.id(service, machine))
                .containsKey(Instant.ofEpochMilli(FLEET.time(scored))));
    }

    private static JsonNode detector(LiveService service, String name) {
        return service.get("/api/v1/detectors/" + name);
    }

    private static int count(LiveService service, String path) {
        return service.get(path).get("items").size();
    }

    @Test
    void theFirstSamplesAfterADetectorIsMadeHaveScoresWhoeverTakesThem() {
        one.watch(name, Fleet.watching("cpu"));
        int first = row;
        push();
        one.await(() -> isScored(one, name, first) && isScored(other, name, first));

        all().forEach(machine -> assertThat(other.scores(name, FLEET.id(other, machine)))
                .as("the past has none")
                .hasSize(1));
        one.await(() -> !detector(one, name).get("states").has("loading")
                && detector(one, name).equals(detector(other, name)));
        assertThat(detector(other, name).at("/states/watching").asInt()).isEqualTo(FLEET.machines());
        assertThat(detector(other, name).at("/series/0/score").isNumber()).isTrue();
        assertThat(one.get("/api/v1/detectors/" + name + "/series?limit=3"))
                .isEqualTo(other.get("/api/v1/detectors/" + name + "/series?limit=3"));
        assertThat(one.get("/api/v1/detectors")).isEqualTo(other.get("/api/v1/detectors"));
        assertThat(one.bean(Detectors.class).watchedSeries()
                        + other.bean(Detectors.class).watchedSeries())
                .isEqualTo(FLEET.machines());
    }

    @Test
    void aSeriesThatComesLaterIsWatchedOnce() {
        one.watch(name, Fleet.watching("{__name__=~\\\"cpu|disk\\\",instance!=\\\"i-0\\\"}"));
        for (int machine = 0; machine < 4; machine++) {
            (machine % 2 == 0 ? one : other)
                    .push(LiveClient.key("disk", "instance", "i-" + machine), FLEET.time(row), 50, 51, 52);
        }
        int watched = FLEET.machines() - 1 + 3;
        one.await(() -> detector(one, name).get("watched").asInt() == watched
                && detector(other, name).get("watched").asInt() == watched);
        one.await(() -> one.bean(Detectors.class).watchedSeries()
                        + other.bean(Detectors.class).watchedSeries()
                == watched);
    }

    @Test
    void seriesThatAreJudgedTogetherAreScoredAlsoWhereTheyLieApart() {
        SeriesKey here = LiveClient.key("pair", "instance", "i-" + ownedBy(one));
        SeriesKey there = LiveClient.key("pair", "instance", "i-" + ownedBy(other));
        List.of(here, there).forEach(series -> one.push(series, FLEET.time(0), wave(0, 300)));
        SeriesStore store = one.bean(SeriesStore.class);
        long first = store.find(here).orElseThrow().id();
        long second = store.find(there).orElseThrow().id();
        one.train("{\"name\":\"pair\",\"series\":[\"" + first + "\",\"" + second
                + "\"],\"windowing\":{\"length\":4},\"training\":{\"epochs\":1}}");
        other.watch(name, Fleet.watching("pair").replace("\"m\"", "\"pair\""));
        for (int i = 300; i < 305; i++) {
            one.push(here, FLEET.time(i), wave(i, i + 1));
            other.push(there, FLEET.time(i), wave(i, i + 1));
        }
        one.await(() -> one.scores(name, Long.toString(first)).size() == 5
                && other.scores(name, Long.toString(second)).size() == 5);
    }

    private static double[] wave(int from, int to) {
        return IntStream.range(from, to).mapToDouble(i -> FLEET.value(0, i)).toArray();
    }

    @Test
    void anotherSpecificationTakesEffectWherePartitionsAreScored() {
        one.watch(name, Fleet.watching("cpu"));
        int odd = ownedBy(other);
        push();
        push(odd, 500);
        one.await(() -> count(one, "/api/v1/anomalies?open=true&detector=" + name) == 1);
        int before = row - 1;
        one.await(() -> isScored(one, name, before));

        String instance = FLEET.machine(odd).labels().values().get("instance");
        one.watch(name, Fleet.watching("{__name__=\\\"cpu\\\",instance!=\\\"" + instance + "\\\"}"));
        other.await(() -> count(other, "/api/v1/anomalies?open=true&detector=" + name) == 0);
        assertThat(detector(other, name).get("watched").asInt()).isEqualTo(FLEET.machines() - 1);
        other.await(() -> one.bean(Detectors.class).watchedSeries()
                        + other.bean(Detectors.class).watchedSeries()
                == FLEET.machines() - 1);

        one.watch(name, Fleet.watching("cpu"));
        int again = row;
        push();
        one.await(() -> isScored(other, name, again));
    }

    @Test
    void whoeverChangesADetectorMustHaveSeenItAsItIs() throws Exception {
        String path = "/api/v1/detectors/" + name;
        one.watch(name, Fleet.watching("cpu"));
        HttpResponse<String> seen = other.send("GET", path, "");
        String tag = seen.headers().firstValue("ETag").orElseThrow();
        assertThat(one.send("GET", path, "").headers().firstValue("ETag")).contains(tag);
        other.watch(name, Fleet.watching("history"));
        assertThat(one.send("GET", path, "").headers().firstValue("ETag"))
                .isPresent()
                .isNotEqualTo(seen.headers().firstValue("ETag"));
        other.json("DELETE", path, "", 204);
        one.json("DELETE", path, "", 404);
        one.json("GET", path, "", 404);
        one.await(() -> one.bean(Detectors.class).all().isEmpty());
    }

    @Test
    void deletesTheScoresOfADetectorWhoeverScored() {
        String scores = "/api/v1/series?match=telltale_score%7Bdetector=%22" + name + "%22%7D";
        one.watch(name, Fleet.watching("cpu"));
        int first = row;
        push();
        one.await(() -> isScored(one, name, first));
        assertThat(count(other, scores)).isEqualTo(FLEET.machines());
        other.json("DELETE", "/api/v1/detectors/" + name, "", 204);
        other.await(() -> count(other, scores) == 0);
        push();
        one.await(() -> one.bean(Detectors.class).all().isEmpty());
        assertThat(count(other, scores)).isZero();
    }

    @Test
    void noMoreDetectorsAreMadeAtOnceThanTheLimit() throws Exception {
        List<Callable<Integer>> requests = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            LiveService service = i % 2 == 0 ? one : other;
            String each = "d" + i;
            requests.add(() -> service.send("PUT", "/api/v1/detectors/" + each, Fleet.watching("cpu"))
                    .statusCode());
        }
        assertThat(atOnce(requests)).filteredOn(status -> status == 201).hasSize(LIMIT);
        assertThat(count(one, "/api/v1/detectors")).isEqualTo(LIMIT);
    }

    @Test
    void aModelIsDeletedOrUsedAndNeverBoth() throws Exception {
        for (int round = 0; round < 3; round++) {
            one.train("{\"name\":\"x\",\"series\":[\"history\"],\"windowing\":{\"length\":4},"
                    + "\"training\":{\"epochs\":1}}");
            List<Integer> statuses = atOnce(List.of(
                    () -> one.send(
                                    "PUT",
                                    "/api/v1/detectors/x",
                                    Fleet.watching("cpu").replace("\"m\"", "\"x\""))
                            .statusCode(),
                    () -> other.send("DELETE", "/api/v1/models/x", "").statusCode()));
            assertThat(Set.of(List.of(201, 409), List.of(404, 204))).contains(statuses);
            if (statuses.getFirst() == 201) {
                other.json("DELETE", "/api/v1/detectors/x", "", 204);
                one.json("DELETE", "/api/v1/models/x", "", 204);
            }
        }
    }

    @Test
    void whatIsSaidOfAnAnomalyIsHeardByWhoScores() {
        one.watch(name, Fleet.watching("cpu"));
        int odd = ownedBy(other);
        pushOdd(odd, 1);
        one.json(
                "POST",
                "/api/v1/anomalies/" + anomalies().getFirst().get("id").asString() + "/feedback",
                "{\"verdict\":\"false\"}",
                200);
        other.await(() -> isHeard(odd));

        pushOdd(odd, 2);
        assertThat(anomalies().getFirst().get("suppressed").asString()).isEqualTo("feedback");
    }

    private static boolean isHeard(int machine) {
        return other.bean(Detectors.class)
                .find(new DetectorName(name))
                .flatMap(lane -> lane.watched(Long.parseLong(FLEET.id(other, machine))))
                .filter(watched -> !watched.muted().isEmpty())
                .isPresent();
    }

    /// Three odd rows, always at the same place of the wave.
    ///
    /// @param anomalies of the detector, all of them ended, that are there afterwards
    private static void pushOdd(int machine, int anomalies) {
        while (row % Fleet.WAVE != 0) {
            push();
        }
        for (int i = 0; i < 3; i++) {
            push(machine, 300);
        }
        for (int i = 0; i < 20; i++) {
            push();
        }
        one.await(() -> anomalies().size() == anomalies
                && anomalies().stream().noneMatch(each -> each.get("open").asBoolean()));
    }

    /// Those of the detector, the newest first.
    private static List<JsonNode> anomalies() {
        List<JsonNode> anomalies = new ArrayList<>();
        one.get("/api/v1/anomalies?detector=" + name).get("items").forEach(anomalies::add);
        return anomalies;
    }

    private static <T> List<T> atOnce(List<Callable<T>> requests) throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(requests.size())) {
            List<T> answers = new ArrayList<>();
            for (Future<T> answer : threads.invokeAll(requests)) {
                answers.add(answer.get());
            }
            return answers;
        }
    }
}
