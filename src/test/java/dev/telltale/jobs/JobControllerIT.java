package dev.telltale.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.TelltaleApplication;
import dev.telltale.http.Prefer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
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
                .run("--server.port=0", "--telltale.data-dir=" + directory, "--telltale.jobs.queue-capacity=2");
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
