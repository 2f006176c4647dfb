package dev.telltale.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/// An end by SIGTERM while callers who watch the service's readiness write to it and a training runs.
class DrainIT {

    private static final int CALLERS = 4;
    private static final long START = 1_700_000_000_000L;
    private static final long STEP = 60_000;
    private static final String DELAY = "--telltale.connections.drain-delay=1s";

    @TempDir
    private Path directory;

    private final AtomicBoolean isReady = new AtomicBoolean(true);
    private final AtomicBoolean saidGoodbye = new AtomicBoolean();
    private final Queue<String> faults = new ConcurrentLinkedQueue<>();

    @Test
    void endsWithoutAFailedRequestOrALostSampleAndGoesOnTraining() throws Exception {
        String job;
        List<Integer> acknowledged = new ArrayList<>();
        try (ServiceProcess service = new ServiceProcess(directory, DELAY)) {
            job = train(service.root());
            List<Future<Integer>> callers = new ArrayList<>();
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int caller = 0; caller < CALLERS; caller++) {
                    String series = "caller-" + caller;
                    callers.add(threads.submit(() -> write(service.root(), series)));
                }
                Future<?> _ = threads.submit(() -> watch(service.root()));
                Thread.sleep(500);
                assertThat(service.terminate()).as("exit code").isEqualTo(143);
                for (Future<Integer> caller : callers) {
                    acknowledged.add(caller.get());
                }
            }
        }
        assertThat(faults).isEmpty();
        assertThat(acknowledged).allMatch(samples -> samples > 0);
        assertThat(saidGoodbye).as("connections are closed politely").isTrue();

        try (ServiceProcess service = new ServiceProcess(directory, DELAY);
                HttpClient client = HttpClient.newHttpClient()) {
            for (int caller = 0; caller < CALLERS; caller++) {
                String csv = get(client, service.root(), "/api/v1/series/caller-" + caller + "/samples");
                assertThat(csv.split("\"timestamp\"", -1)).hasSize(acknowledged.get(caller) + 1);
            }
            assertThat(new JsonMapper()
                            .readTree(get(client, service.root(), job))
                            .get("state")
                            .asString())
                    .isIn("queued", "running");
        }
    }

    private static String train(URI root) throws IOException, InterruptedException {
        StringBuilder csv = new StringBuilder("timestamp,value\n");
        for (int i = 0; i < 300; i++) {
            csv.append(START + STEP * i).append(',').append(Math.sin(i / 10.0)).append('\n');
        }
        try (HttpClient client = HttpClient.newHttpClient()) {
            post(client, root, "/api/v1/series/waves/samples", "text/csv", csv.toString());
            HttpResponse<String> answer = post(client, root, "/api/v1/models", "application/json", """
                    {"name":"drained","series":["waves"],"windowing":{"length":8},
                     "training":{"epochs":10000,"batchSize":1,"earlyStopping":null}}""");
            assertThat(answer.statusCode()).isEqualTo(202);
            String job = answer.headers().firstValue("Location").orElseThrow();
            while (!get(client, root, job).contains("\"running\"")) {
                Thread.sleep(20);
            }
            return job;
        }
    }

    /// @return how many samples were acknowledged
    private int write(URI root, String series) throws InterruptedException {
        int acknowledged = 0;
        try (HttpClient client = HttpClient.newHttpClient()) {
            for (int i = 0; isReady.get(); i++) {
                String csv = "timestamp,value\n" + (START + STEP * i) + ",1\n";
                HttpResponse<String> answer =
                        post(client, root, "/api/v1/series/" + series + "/samples", "text/csv", csv);
                if (answer.statusCode() == 200) {
                    acknowledged++;
                } else {
                    faults.add(answer.statusCode() + " " + answer.body());
                }
                if (answer.headers().firstValue("Connection").orElse("").equals("close")) {
                    saidGoodbye.set(true);
                }
            }
        } catch (IOException failed) {
            faults.add(failed.toString());
        }
        return acknowledged;
    }

    /// Watches readiness as a load balancer does, until it is gone.
    private void watch(URI root) {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest readiness = HttpRequest.newBuilder(root.resolve("/actuator/health/readiness"))
                    .build();
            while (client.send(readiness, HttpResponse.BodyHandlers.discarding())
                            .statusCode()
                    == 200) {
                Thread.sleep(50);
            }
            HttpRequest odd =
                    HttpRequest.newBuilder(root.resolve("/api/v1/%73eries")).build();
            HttpResponse<Void> refused = client.send(odd, HttpResponse.BodyHandlers.discarding());
            if (refused.statusCode() != 400
                    || !refused.headers().firstValue("Connection").orElse("").equals("close")) {
                faults.add("a refusal keeps its connection: " + refused + refused.headers());
            }
            // What a balancer has not heard of yet is answered as ever.
            Thread.sleep(200);
        } catch (IOException | InterruptedException gone) {
            faults.add("the watcher was not answered: " + gone);
        } finally {
            isReady.set(false);
        }
    }

    private static String get(HttpClient client, URI root, String path) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(root.resolve(path)).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private static HttpResponse<String> post(HttpClient client, URI root, String path, String type, String body)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(root.resolve(path))
                .header("Content-Type", type)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }
}
