package dev.telltale.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.StartedRooms;
import dev.telltale.database.Postgres;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.RouterFunctions;
import org.springframework.web.servlet.function.ServerRequest;
import org.springframework.web.servlet.function.ServerResponse;

/// Requests that are sent twice with an `Idempotency-Key`, to two services on one database.
class SharedIdempotencyIT {

    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final AtomicInteger DONE = new AtomicInteger();
    private static final CountDownLatch BEGUN = new CountDownLatch(1);
    private static final CountDownLatch MAY_END = new CountDownLatch(1);

    @TempDir
    private static Path directory;

    private static final List<StartedRooms> SERVICES = new ArrayList<>();

    @BeforeAll
    static void start() throws IOException {
        Postgres postgres = Postgres.fresh();
        RouterFunction<ServerResponse> route = RouterFunctions.route()
                .POST("/api/v1/series/{id}/annotations", SharedIdempotencyIT::work)
                .build();
        for (String name : List.of("one", "other")) {
            SERVICES.add(new StartedRooms(directory.resolve(name), postgres, route));
        }
    }

    @AfterAll
    static void stop() {
        SERVICES.forEach(StartedRooms::close);
    }

    /// Does what the body says and counts how often.
    private static ServerResponse work(ServerRequest request) throws Exception {
        String body = new String(request.servletRequest().getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int number = DONE.incrementAndGet();
        if (body.contains("wait")) {
            BEGUN.countDown();
            MAY_END.await();
        }
        if (body.contains("fail") && number % 2 == 1) {
            return ServerResponse.badRequest().build();
        }
        return ServerResponse.created(URI.create("/api/v1/series/s/annotations/" + number))
                .build((_, response) -> {
                    response.getOutputStream().write(("number " + number).getBytes(StandardCharsets.UTF_8));
                    return null;
                });
    }

    @Test
    void areWorkedOnByOneAndAnsweredByBoth() throws Exception {
        DONE.set(0);
        try (ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<HttpResponse<String>> first = senders.submit(() -> post(0, "wait", "key-both"));
            while (BEGUN.getCount() > 0) {
                assertThat(first.isDone()).as(() -> answered(first)).isFalse();
                Thread.sleep(10);
            }
            HttpResponse<String> meanwhile = post(1, "wait", "key-both");
            assertThat(meanwhile.statusCode()).as(meanwhile.body()).isEqualTo(409);
            assertThat(meanwhile.body()).contains("/problems/request-running");
            assertThat(meanwhile.headers().firstValue("Retry-After")).contains("1");
            MAY_END.countDown();
            assertThat(first.get().statusCode()).isEqualTo(201);

            HttpResponse<String> again = post(1, "wait", "key-both");
            assertThat(again.statusCode()).isEqualTo(201);
            assertThat(again.body()).isEqualTo(first.get().body()).isEqualTo("number 1");
            assertThat(again.headers().firstValue("Location"))
                    .isEqualTo(first.get().headers().firstValue("Location"))
                    .isPresent();
            assertThat(again.headers().firstValue(IdempotencyFilter.REPLAYED)).contains("true");
            HttpResponse<String> reused = post(1, "another", "key-both");
            assertThat(reused.statusCode()).isEqualTo(422);
        }
        assertThat(DONE).hasValue(1);
    }

    @Test
    void areDoneOnceHoweverManyComeAtATime() throws Exception {
        DONE.set(0);
        try (ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<HttpResponse<String>>> answers = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                int to = i % 2;
                answers.add(senders.submit(() -> post(to, "work", "key-many")));
            }
            for (Future<HttpResponse<String>> answer : answers) {
                assertThat(answer.get().statusCode()).as(answer.get().body()).isIn(201, 409);
            }
        }
        assertThat(DONE).hasValue(1);
        assertThat(post(0, "work", "key-many").statusCode()).isEqualTo(201);
        assertThat(post(1, "work", "key-many").statusCode()).isEqualTo(201);
        assertThat(DONE).hasValue(1);
    }

    @Test
    void mayBeSentToTheOtherWhereTheyWereRefused() throws Exception {
        DONE.set(0);
        assertThat(post(0, "fail", "key-fail").statusCode()).isEqualTo(400);
        assertThat(post(1, "fail", "key-fail").statusCode()).isEqualTo(201);
        assertThat(post(0, "fail", "key-fail").body()).isEqualTo("number 2");
        assertThat(DONE).hasValue(2);
    }

    private static String answered(Future<HttpResponse<String>> request) {
        return request.isDone()
                ? request.resultNow() + " " + request.resultNow().body()
                : "it is not answered";
    }

    private static HttpResponse<String> post(int service, String body, String key) throws Exception {
        return CLIENT.send(
                SERVICES.get(service)
                        .request(
                                "/api/v1/series/s/annotations",
                                "Content-Type: text/plain",
                                IdempotencyFilter.KEY + ": " + key)
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }
}
