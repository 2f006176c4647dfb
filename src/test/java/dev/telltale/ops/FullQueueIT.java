package dev.telltale.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.http.Json;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Far more trainings than the queue takes, asked for by one caller who does not hear.
class FullQueueIT {

    private static final int JOBS = Integer.getInteger("asked.jobs", 3_000);
    private static final int THREADS = 4;
    private static final int CAPACITY = 16;

    @TempDir
    private Path directory;

    private final AtomicInteger next = new AtomicInteger();
    private final Queue<String> taken = new ConcurrentLinkedQueue<>();
    private final Queue<HttpResponse<String>> refused = new ConcurrentLinkedQueue<>();

    @Test
    void refusesThousandsOfTrainingsWhileItAnswersOthers() throws Exception {
        try (Service service = new Service(directory)) {
            service.send("POST", "/api/v1/series/waves/samples", waves());
            taken.add(location(train(service, "running")));
            awaitState(service, taken.element(), "running");
            AtomicBoolean over = new AtomicBoolean();

            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                Future<Integer> others = threads.submit(() -> look(service, over));
                List<Future<Integer>> callers = new ArrayList<>();
                for (int caller = 0; caller < THREADS; caller++) {
                    callers.add(threads.submit(() -> flood(service)));
                }
                int asked = 0;
                for (Future<Integer> caller : callers) {
                    asked += caller.get();
                }
                assertThat(asked).isEqualTo(JOBS);
                over.set(true);
                assertThat(others.get()).as("answers to others").isGreaterThan(10);
            }

            assertThat(taken).hasSize(1 + CAPACITY);
            assertThat(refused).hasSize(JOBS - CAPACITY).allSatisfy(answer -> {
                assertThat(answer.statusCode()).isEqualTo(503);
                assertThat(answer.headers().firstValue("Retry-After")).contains("30");
                assertThat(answer.body()).contains("\"/problems/overloaded\"");
            });
            assertThat(service.send("POST", "/api/v1/models", "{\"name\":\"one-more\",\"series\":[\"missing\"]}")
                            .statusCode())
                    .as("nothing is read for a training that cannot be queued")
                    .isEqualTo(503);
            for (String job : new ArrayList<>(taken).reversed()) {
                assertThat(service.send("DELETE", job, "").statusCode()).isIn(200, 202);
                awaitState(service, job, "cancelled");
            }
            String after = location(train(service, "after"));
            awaitState(service, after, "running");
            service.send("DELETE", after, "");
        }
    }

    /// @return how many trainings it asked for
    private int flood(Service service) throws IOException, InterruptedException {
        int asked = 0;
        for (int i = next.getAndIncrement(); i < JOBS; i = next.getAndIncrement()) {
            HttpResponse<String> answer = train(service, "model-" + i);
            asked++;
            if (answer.statusCode() == 202) {
                taken.add(location(answer));
            } else {
                refused.add(answer);
            }
        }
        return asked;
    }

    /// @return how many times the service was well
    private static int look(Service service, AtomicBoolean over) throws IOException, InterruptedException {
        int times = 0;
        while (!over.get()) {
            for (String address : List.of("/actuator/health/readiness", "/api/v1/series")) {
                assertThat(service.get(address).statusCode()).as(address).isEqualTo(200);
                times++;
            }
            Thread.sleep(20);
        }
        return times;
    }

    private static HttpResponse<String> train(Service service, String name) throws IOException, InterruptedException {
        String specification = """
                {"name":"%s","series":["waves"],"windowing":{"length":8},
                 "training":{"epochs":10000,"batchSize":1,"earlyStopping":null}}""".formatted(name);
        return service.send("POST", "/api/v1/models", specification);
    }

    private static void awaitState(Service service, String job, String state) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        JsonNode seen = json(service.get(job));
        while (!seen.get("state").asString().equals(state) && System.nanoTime() < deadline) {
            Thread.sleep(20);
            seen = json(service.get(job));
        }
        assertThat(seen.get("state").asString()).as(seen.toString()).isEqualTo(state);
    }

    private static String location(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        return answer.headers().firstValue("Location").orElseThrow();
    }

    private static String waves() {
        StringBuilder csv = new StringBuilder("timestamp,value\n");
        for (int i = 0; i < 300; i++) {
            csv.append(1_700_000_000_000L + 60_000L * i)
                    .append(',')
                    .append(Math.sin(i / 10.0))
                    .append('\n');
        }
        return csv.toString();
    }

    private static JsonNode json(HttpResponse<String> answer) {
        return new Json().mapper().readTree(answer.body());
    }
}
