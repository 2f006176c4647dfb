package dev.telltale.ingest.remotewrite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.wire.prometheus.v1.WriteRequest;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `-Dbatches=10000` sends more.
class RemoteWriteRetriesIT {

    private static final int BATCHES = Integer.getInteger("batches", 1_000);
    private static final int TIMES = 3;
    private static final int SENDERS = 4;
    private static final int SERIES = 20;
    private static final int SAMPLES = 10; // of a batch
    private static final long START = System.currentTimeMillis() - 86_400_000;

    @TempDir
    Path directory;

    @Test
    void storeTheSameAsOneSend() throws ExecutionException, InterruptedException {
        try (Receiver receiver = new Receiver(directory)) {
            AtomicInteger next = new AtomicInteger();
            List<Future<?>> senders = new ArrayList<>();
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < SENDERS; i++) {
                    senders.add(threads.submit(() -> {
                        for (int send = next.getAndIncrement(); send < BATCHES * TIMES; send = next.getAndIncrement()) {
                            send(receiver, send);
                        }
                        return SENDERS;
                    }));
                }
                for (Future<?> sender : senders) {
                    sender.get();
                }
            }
            for (int series = 0; series < SERIES; series++) {
                assertThat(receiver.samples("retried{series=\"" + series + "\"}"))
                        .isEqualTo(expected(series));
            }
            assertThat(receiver.meter("telltale_samples_total{outcome=\"accepted\"}"))
                    .isEqualTo((double) BATCHES * SAMPLES);
            assertThat(receiver.meter("telltale_samples_total{outcome=\"rejected\"}"))
                    .isZero();
        }
    }

    /// Sends a batch whole; a fifth of the second times the connection is cut once the answer begins to come, and
    /// a fifth before that.
    private static void send(Receiver receiver, int send) throws IOException {
        int batch = send / TIMES;
        boolean again = send % TIMES == 1;
        byte[] body = Receiver.snappy(batch(batch).toByteArray());
        if (again && batch % 5 < 2) {
            sendAndCut(receiver.uri("/").getPort(), body, batch % 5 == 0);
        } else {
            assertThat(receiver.write(body, Receiver.V1, "snappy").status()).isEqualTo(204);
        }
    }

    private static void sendAndCut(int port, byte[] body, boolean afterTheCommit) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            OutputStream out = socket.getOutputStream();
            out.write(("POST " + Receiver.PATH + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + Receiver.V1
                            + "\r\nContent-Encoding: snappy\r\nContent-Length: " + body.length + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            out.write(body);
            out.flush();
            if (afterTheCommit) {
                assertThat(socket.getInputStream().read()).isEqualTo('H');
            }
        }
    }

    private static WriteRequest batch(int batch) {
        WriteRequest.Builder request = WriteRequest.newBuilder();
        for (int i = 0; i < SAMPLES; i++) {
            int number = batch * SAMPLES + i;
            request.addTimeseries(SentV1.series("__name__", "retried", "series", "" + number % SERIES)
                    .addSamples(SentV1.sample(START + number, number * 0.1)));
        }
        return request.build();
    }

    private static Map<Long, Double> expected(int series) {
        Map<Long, Double> samples = new TreeMap<>();
        for (int number = series; number < BATCHES * SAMPLES; number += SERIES) {
            samples.put(START + number, number * 0.1);
        }
        return samples;
    }
}
