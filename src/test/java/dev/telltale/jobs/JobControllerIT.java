package dev.telltale.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.TelltaleApplication;
import dev.telltale.http.Prefer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class JobControllerIT {

    @TempDir
    static Path directory;

    private static ConfigurableApplicationContext context;
    private static SteeredRunner runner;
    private static URI root;
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @BeforeAll
    static void start() {
        context = new SpringApplicationBuilder(TelltaleApplication.class, Steered.class)
                .run(
                        "--server.port=0",
                        "--telltale.data-dir=" + directory,
                        "--telltale.jobs.queue-capacity=2",
                        "--telltale.jobs.time-limit=2s");
        runner = context.getBean(SteeredRunner.class);
        root = URI.create("http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port"));
    }

    @AfterAll
    static void stop() {
        context.close();
    }

    @Test
    void withoutAPreferenceTheAnswerIsTheJob() throws IOException, InterruptedException {
        HttpResponse<String> answer = submit("plain", "");
        JsonNode job = json(answer);
        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(answer.headers().firstValue("Location"))
                .contains("/api/v1/jobs/" + job.get("id").stringValue());
        assertThat(answer.headers().firstValue("Retry-After")).contains("1");
        assertThat(job.get("state").stringValue()).isIn("queued", "running");

        runner.succeed();
        context.getBean(Jobs.class).await(job.get("id").asLong(), JobsFixture.PATIENCE);
        JsonNode done = json(send("GET", "/api/v1/jobs/" + job.get("id").stringValue(), ""));
        assertThat(done.get("state").stringValue()).isEqualTo("succeeded");
        assertThat(done.get("result").stringValue()).isEqualTo("/api/v1/models/plain");
        assertThat(done.get("problem").isNull()).isTrue();
        assertThat(done.get("created").stringValue()).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z");
    }

    @Test
    void whoWaitsGetsWhatTheJobMade() throws IOException, InterruptedException {
        runner.succeed();
        HttpResponse<String> answer = submit("waited", "wait=30");

        assertThat(answer.statusCode()).isEqualTo(201);
        assertThat(answer.headers().firstValue("Location")).contains("/api/v1/models/waited");
        assertThat(answer.headers().firstValue("Preference-Applied")).contains("wait=30");
        assertThat(json(answer).get("made").stringValue()).isEqualTo("/api/v1/models/waited");
    }

    @Test
    void whoWaitsForAJobThatFailsGetsItsProblem() throws IOException, InterruptedException {
        runner.let(run -> {
            throw JobsProblem.JOB_TOOK_TOO_LONG.because("the loss diverged");
        });
        HttpResponse<String> answer = submit("failing", "wait=30");

        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(json(answer).get("detail").stringValue()).isEqualTo("the loss diverged");
    }

    @Test
    void whoseWaitIsOverGetsTheJobAndMayCancelIt() throws IOException, InterruptedException {
        HttpResponse<String> answer = submit("slow", "wait=0");
        runner.awaitRunOf("slow");
        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(answer.headers().firstValue("Preference-Applied")).contains("wait=0");
        String path = answer.headers().firstValue("Location").orElseThrow();

        HttpResponse<String> cancelled = send("DELETE", path, "");
        assertThat(cancelled.statusCode()).isEqualTo(202);
        runner.goOnUntilStopped();
        context.getBean(Jobs.class).await(json(answer).get("id").asLong(), JobsFixture.PATIENCE);
        assertThat(json(send("GET", path, "")).get("state").stringValue()).isEqualTo("cancelled");
        assertThat(send("DELETE", path, "").statusCode()).isEqualTo(409);
    }

    @Test
    void theListGivesTheNewestFirstPageByPage() throws IOException, InterruptedException {
        for (String subject : new String[] {"list-1", "list-2"}) {
            runner.succeed();
            submit(subject, "wait=30");
        }
        JsonNode first = json(send("GET", "/api/v1/jobs?limit=1", ""));
        JsonNode second = json(
                send("GET", "/api/v1/jobs?limit=1&cursor=" + first.get("next").stringValue(), ""));
        assertThat(first.at("/items/0/subject").stringValue()).isEqualTo("list-2");
        assertThat(second.at("/items/0/subject").stringValue()).isEqualTo("list-1");
    }

    @Test
    void theListGivesJobsOfOneStateOrKind() throws IOException, InterruptedException {
        runner.succeed();
        submit("found", "wait=30");

        JsonNode succeeded = json(send("GET", "/api/v1/jobs?state=succeeded&kind=steered&limit=1", ""));
        assertThat(succeeded.at("/items/0/subject").stringValue()).isEqualTo("found");
        assertThat(json(send("GET", "/api/v1/jobs?state=queued", "")).get("items"))
                .isEmpty();
        assertThat(json(send("GET", "/api/v1/jobs?kind=training", "")).get("items"))
                .isEmpty();
        for (String query : new String[] {"state=done", "state=", "kind=nonsense", "state=Queued"}) {
            assertThat(send("GET", "/api/v1/jobs?" + query, "").statusCode())
                    .as(query)
                    .isEqualTo(400);
        }
    }

    @Test
    void aJobThatTakesTooLongEndsWithAProblem() throws IOException, InterruptedException {
        runner.goOnUntilStopped();
        HttpResponse<String> answer = submit("endless", "wait=30");

        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(json(answer).get("type").stringValue()).isEqualTo("/problems/job-took-too-long");
        assertThat(json(answer).get("detail").stringValue()).contains("PT2S", "telltale.jobs.time-limit");
    }

    @Test
    void eventsTellOfAJobUntilItHasEnded() throws IOException, InterruptedException {
        String path = submit("told", "").headers().firstValue("Location").orElseThrow();
        HttpResponse<InputStream> stream = follow(path, "");
        assertThat(stream.statusCode()).isEqualTo(200);
        assertThat(stream.headers().firstValue("Content-Type")).contains("text/event-stream;charset=UTF-8");
        assertThat(stream.headers().firstValue("Content-Encoding")).isEmpty();
        BufferedReader events = reader(stream);
        runner.awaitRunOf("told");
        Event running = nextUntil(events, event -> state(event).equals("running"));
        assertThat(running.name()).isEqualTo("state");

        CountDownLatch heard = new CountDownLatch(1);
        runner.let(run -> {
            run.progress(new JobProgress.Training(1, 2, 0.5, null, 1.0));
            await(heard);
            return "/api/v1/models/told";
        });
        Event progress = next(events).orElseThrow();
        assertThat(progress.name()).isEqualTo("progress");
        assertThat(progress.data()).isEqualTo(json(send("GET", path, "")));
        assertThat(progress.data().get("progress").toString())
                .isEqualTo("{\"epoch\":1,\"epochs\":2,\"trainLoss\":0.5,\"validationLoss\":null,\"etaSeconds\":1.0}");

        heard.countDown();
        Event end = next(events).orElseThrow();
        assertThat(end.name()).isEqualTo("state");
        assertThat(end.data()).isEqualTo(json(send("GET", path, "")));
        assertThat(end.data().get("result").stringValue()).isEqualTo("/api/v1/models/told");
        assertThat(next(events)).as("after the end").isEmpty();
    }

    @Test
    void whoComesBackHearsOnlyWhatIsNew() throws IOException, InterruptedException {
        String path = submit("resumed", "").headers().firstValue("Location").orElseThrow();
        runner.awaitRunOf("resumed");
        Event running;
        try (BufferedReader first = reader(follow(path, ""))) {
            running = nextUntil(first, event -> state(event).equals("running"));
        }

        try (BufferedReader second = reader(follow(path, running.id()))) {
            runner.succeed();
            Event end = next(second).orElseThrow();
            assertThat(state(end)).isEqualTo("succeeded");
            assertThat(end.id()).isNotEqualTo(running.id());
            assertThat(next(second)).isEmpty();

            assertThat(follow(path, end.id()).statusCode()).isEqualTo(204);
        }
        assertThat(next(reader(follow(path, "never-given"))).map(JobControllerIT::state))
                .contains("succeeded");
    }

    @Test
    void eventsAreNotPromisedOfJobsThatAreNotThere() throws IOException, InterruptedException {
        assertThat(follow("/api/v1/jobs/99999", "").statusCode()).isEqualTo(404);
    }

    @Test
    void theServiceKeepsAFewStreamsOpenAndNoMore() throws IOException, InterruptedException {
        String path = submit("crowded", "").headers().firstValue("Location").orElseThrow();
        runner.awaitRunOf("crowded");
        List<InputStream> open = new ArrayList<>();
        HttpResponse<InputStream> answer = follow(path, "");
        while (answer.statusCode() == 200 && open.size() < 1_000) {
            open.add(answer.body());
            answer = follow(path, "");
        }

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).contains("10");
        assertThat(open).hasSizeBetween(60, 64);
        runner.succeed();
        context.getBean(Jobs.class).await(id(path), JobsFixture.PATIENCE);
        for (InputStream stream : open) {
            assertThat(new String(stream.readAllBytes(), StandardCharsets.UTF_8))
                    .as("each is told of the end, and ends")
                    .contains("\"state\":\"succeeded\"");
        }
        assertThat(follow(path, "").statusCode()).isEqualTo(200);
    }

    @Test
    void whatIsNoIdOfAJobIsNotFound() throws IOException, InterruptedException {
        for (String id : new String[] {"99999", "abc", "-1", "99999999999999999999"}) {
            HttpResponse<String> answer = send("GET", "/api/v1/jobs/" + id, "");
            assertThat(answer.statusCode()).isEqualTo(404);
            assertThat(json(answer).get("type").stringValue()).isEqualTo("/problems/job-not-found");
        }
    }

    private static HttpResponse<String> submit(String subject, String prefer) throws IOException, InterruptedException {
        return send("POST", "/test/trainings/" + subject, prefer);
    }

    private static HttpResponse<String> send(String method, String path, String prefer)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(root.resolve(path)).method(method, HttpRequest.BodyPublishers.noBody());
        if (!prefer.isEmpty()) {
            request.header("Prefer", prefer);
        }
        return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /// One event of a stream.
    private record Event(String id, String name, JsonNode data) {}

    private static HttpResponse<InputStream> follow(String path, String lastEventId)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(root.resolve(path + "/events"))
                .header("Accept", "text/event-stream")
                .header("Accept-Encoding", "gzip");
        if (!lastEventId.isEmpty()) {
            request.header("Last-Event-ID", lastEventId);
        }
        return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    }

    private static BufferedReader reader(HttpResponse<InputStream> stream) {
        return new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8));
    }

    /// The next event, empty at the end of the stream.
    private static Optional<Event> next(BufferedReader events) throws IOException {
        Map<String, String> fields = new HashMap<>();
        for (String line = events.readLine(); line != null; line = events.readLine()) {
            if (line.isEmpty() && fields.containsKey("data")) {
                return Optional.of(new Event(
                        fields.getOrDefault("id", ""),
                        fields.getOrDefault("event", ""),
                        JsonMapper.shared().readTree(fields.get("data"))));
            }
            String[] parts = line.split(": ", 2);
            if (parts.length == 2) {
                fields.put(parts[0], parts[1]);
            }
        }
        return Optional.empty();
    }

    private static Event nextUntil(BufferedReader events, Predicate<Event> wanted) throws IOException {
        while (true) {
            Event event = next(events).orElseThrow();
            if (wanted.test(event)) {
                return event;
            }
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(JobsFixture.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static String state(Event event) {
        return event.data().get("state").stringValue();
    }

    private static long id(String path) {
        return Long.parseLong(path.substring(path.lastIndexOf('/') + 1));
    }

    private static JsonNode json(HttpResponse<String> answer) {
        return JsonMapper.shared().readTree(answer.body());
    }

    /// A room below this one, as far as jobs can tell.
    @Configuration(proxyBeanMethods = false)
    static class Steered {

        @Bean
        SteeredRunner steeredRunner() {
            return new SteeredRunner("steered");
        }

        @Bean
        Trainings trainings(Jobs jobs, JobController answers) {
            return new Trainings(jobs, answers);
        }
    }

    @RestController
    static class Trainings {

        private final Jobs jobs;
        private final JobController answers;

        Trainings(Jobs jobs, JobController answers) {
            this.jobs = jobs;
            this.answers = answers;
        }

        @PostMapping("/test/trainings/{subject}")
        ResponseEntity<?> train(
                @PathVariable String subject,
                @RequestHeader(name = "Prefer", required = false) @Nullable String prefer) {
            Job job = jobs.submit("steered", subject, "{}");
            return answers.answer(job, Prefer.of(prefer), path -> Map.of("made", path));
        }
    }
}
