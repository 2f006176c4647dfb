package dev.telltale.ingest.remotewrite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.http.RawRequest;
import dev.telltale.ingest.remotewrite.Receiver.Answer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BadRemoteWriteIT {

    private static final int MUTATIONS = 2_000;
    private static final int SENDERS = 4;
    private static final int LIMIT = 32 << 20;

    @TempDir
    static Path directory;

    private static Receiver receiver;

    @BeforeAll
    static void start() {
        receiver = new Receiver(directory, "--server.tomcat.connection-timeout=2s"); // for a body that does not come
    }

    @AfterAll
    static void stop() {
        assertThat(receiver.writeV1(SentV1.request(System.currentTimeMillis(), 1, "__name__", "still_there"))
                        .status())
                .isEqualTo(204);
        receiver.close();
    }

    @Test
    void answersEveryMutationOfAValidBody() throws ExecutionException, InterruptedException {
        byte[][] valid = {
            WriteRequestTest.v1(3).toByteArray(), WriteRequestTest.v2(3).toByteArray()
        };
        Map<Integer, Integer> statuses = new ConcurrentHashMap<>();
        AtomicInteger next = new AtomicInteger();
        List<Future<?>> senders = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < SENDERS; i++) {
                senders.add(threads.submit(() -> {
                    for (int seed = next.getAndIncrement(); seed < MUTATIONS; seed = next.getAndIncrement()) {
                        Random random = new Random(seed);
                        boolean first = seed % 2 == 0;
                        byte[] body = valid[seed % 2];
                        byte[] block = seed % 4 < 2
                                ? WriteRequestTest.mutated(Receiver.snappy(body), random)
                                : Receiver.snappy(WriteRequestTest.mutated(body, random));
                        Answer answer = receiver.write(block, first ? Receiver.V1 : Receiver.V2, "snappy");
                        statuses.merge(answer.status(), 1, Integer::sum);
                    }
                }));
            }
            for (Future<?> sender : senders) {
                sender.get();
            }
        }
        assertThat(statuses.keySet()).contains(204, 400).isSubsetOf(204, 400, 413);
    }

    @Test
    void refusesBlocksThatSayTheyHoldMoreThanTheLimit() {
        assertStatus(413, new byte[] {(byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 7, 0}, "2147483647 bytes");
        assertStatus(413, new byte[] {(byte) 0x80, (byte) 0x80, (byte) 0x80, (byte) 0x80, 8}, "2147483648 bytes");
        assertStatus(413, new byte[] {(byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 15}, "4294967295 bytes");
    }

    @Test
    void refusesWhatIsNoSnappyBlock() {
        assertStatus(400, new byte[0], "snappy");
        assertStatus(400, "garbage".getBytes(StandardCharsets.UTF_8), "snappy");
        assertStatus(400, new byte[] {(byte) 0xff, 6, 0, 0, 's', 'N', 'a', 'P', 'p', 'Y', 0}, "framed format");
        assertStatus(400, new byte[] {(byte) 0x80, (byte) 0x80, (byte) 0x80, 16, 0}, "cannot hold");
    }

    @Test
    void refusesBombsOfSmallMessages() {
        assertStatus(400, Receiver.snappy(new byte[LIMIT]), "no protobuf message");
        byte[] emptySeries = new byte[LIMIT];
        byte[] emptySymbols = new byte[LIMIT];
        for (int i = 0; i < LIMIT; i += 2) {
            emptySeries[i] = 10;
            emptySymbols[i] = 34;
        }
        assertStatus(413, Receiver.snappy(emptySeries), "send them in several");
        Answer answer = receiver.write(Receiver.snappy(emptySymbols), Receiver.V2, "snappy");
        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.body()).contains("symbols");
    }

    @Test
    void readsNoBodyAboveTheLimit() throws IOException {
        int port = receiver.uri("/").getPort();
        String headers = "Content-Type: application/x-protobuf\r\nContent-Encoding: snappy";

        assertThat(RawRequest.request(
                                "POST", Receiver.PATH, headers + "\r\nContent-Length: " + (LIMIT + 1), new byte[0])
                        .sendTo(port)
                        .status())
                .isEqualTo(413);
        assertThat(RawRequest.chunks(
                                "POST",
                                Receiver.PATH,
                                "application/x-protobuf\r\nContent-Encoding: snappy",
                                new byte[1 << 20])
                        .sendTo(port)
                        .status())
                .isEqualTo(413);
    }

    @Test
    void answersOtherMethodsWithWhatItTakes() throws IOException {
        int port = receiver.uri("/").getPort();

        assertThat(RawRequest.get(Receiver.PATH).sendTo(port).status()).isEqualTo(405);
    }

    private static void assertStatus(int status, byte[] block, String detail) {
        Answer answer = receiver.write(block, Receiver.V1, "snappy");
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.body()).contains(detail);
    }
}
