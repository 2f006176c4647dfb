package dev.telltale.hostile;

import static dev.telltale.http.RawRequest.get;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Sends requests that are made at random from the OpenAPI document, most of them wrong, and holds each answer
/// beside the document. `odd.requests` and `odd.seed` set how many and which.
class OddRequestsIT {

    static final String FIREHOSE_KEY = "0123456789abcdef";

    private static final int COUNT = Integer.getInteger("odd.requests", 20_000);
    private static final long SEED = Long.getLong("odd.seed", 42);
    private static final int SENDERS = 8;
    private static final int SHOWN = 12;

    private final Map<String, AtomicInteger> answers = new ConcurrentHashMap<>();
    private final Map<String, String> faults = new ConcurrentHashMap<>();
    private final AtomicInteger next = new AtomicInteger();

    @Test
    void areAllAnsweredAsTheDocumentSays(@TempDir Path data)
            throws IOException, InterruptedException, ExecutionException {
        try (Target target = new Target(
                data,
                "--server.tomcat.connection-timeout=2s",
                "--telltale.http.max-body=256KB",
                "--telltale.http.max-upload=1MB",
                "--telltale.attention.max-rows=64",
                "--telltale.training.memory=32MB",
                "--telltale.access.rate.requests=0",
                "--telltale.ingest.firehose.access-key=" + FIREHOSE_KEY)) {
            World world = new World(target);
            Api api = new Api(target.read("/v3/api-docs"));
            String before = World.seen(target);
            List<Future<?>> senders = new ArrayList<>();
            try (ExecutorService threads = Executors.newFixedThreadPool(SENDERS)) {
                for (int i = 0; i < SENDERS; i++) {
                    senders.add(threads.submit(() -> send(target.port(), api, world)));
                }
            }
            for (Future<?> sender : senders) {
                sender.get();
            }
            System.out.printf("%,d odd requests of seed %d: %s%n", COUNT, SEED, new TreeMap<>(answers));

            assertThat(faults.values().stream().limit(SHOWN).collect(joining("\n\n")))
                    .as("%d kinds of faults", faults.size())
                    .isEmpty();
            assertThat(World.seen(target)).isEqualTo(before);
            assertThat(target.send(get("/actuator/health/readiness")).status()).isEqualTo(200);
        }
    }

    private void send(int port, Api api, World world) {
        Judge judge = new Judge(api);
        try (Exchange exchange = new Exchange(port)) {
            for (int i = next.getAndIncrement(); i < COUNT; i = next.getAndIncrement()) {
                Wire wire = new OddRequests(api, world, new Random(SEED * 1_000_003 + i)).next();
                String fault;
                String shown = "no answer";
                int status = 0;
                try {
                    Exchange.Answer answer = exchange.send(wire.bytes(), !wire.method.equals("HEAD"), wire.isFramed);
                    status = answer.status();
                    fault = judge.fault(wire, answer);
                    shown = status + " " + answer.headers() + "\n" + answer.text();
                } catch (IOException e) {
                    exchange.disconnect();
                    fault = wire.isFramed ? "no answer: " + e : "";
                }
                answers.computeIfAbsent(Integer.toString(status), absent -> new AtomicInteger())
                        .incrementAndGet();
                if (!fault.isEmpty()) {
                    String kind = fault + " " + status + " " + wire.changes.getFirst();
                    faults.putIfAbsent(
                            kind,
                            "%s (request %d of seed %d)\n%s\n%.1500s"
                                    .formatted(kind, i, SEED, wire.printable(), shown));
                }
            }
        }
    }
}
