package dev.telltale.ingest.remotewrite;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Writes samples of 10,000 series to a receiver of remote write for a while, and says how many were
/// acknowledged. Each of five connections has 2,000 series and sends one sample of each in a request, the next
/// once the last is acknowledged. Needs the JDK only, and little of it: requests are made ahead, and only times
/// and values change. Run by `bench/remotewrite`.
final class RemoteWriteBenchmark {

    private static final int CONNECTIONS = 5;
    private static final int SAMPLES = 2_000; // of a request
    private static final long STEP = 1_000;
    private static final int TIME_BYTES = 6;
    private static final long HOUR = 3_600_000;

    private RemoteWriteBenchmark() {}

    /// Sends and prints what came of it as JSON.
    ///
    /// @param arguments port, path, seconds, how many hours before now the first sample is (1 by default), and what
    ///     to send as `Authorization`, if anything
    public static void main(String[] arguments) throws Exception {
        int port = Integer.parseInt(arguments[0]);
        String path = arguments[1];
        int seconds = Integer.parseInt(arguments[2]);
        long hours = arguments.length > 3 ? Long.parseLong(arguments[3]) : 1;
        String credential = arguments.length > 4 ? "Authorization: " + arguments[4] + "\r\n" : "";
        long start = System.currentTimeMillis() - hours * HOUR;
        long begin = System.nanoTime();
        long end = begin + seconds * 1_000_000_000L;
        List<Future<long[]>> senders = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS)) {
            for (int i = 0; i < CONNECTIONS; i++) {
                int connection = i;
                senders.add(threads.submit(() -> send(port, path, credential, new Request(connection), start, end)));
            }
        }
        double elapsed = (System.nanoTime() - begin) / 1e9;
        List<Long> nanos = new ArrayList<>();
        for (Future<long[]> sender : senders) {
            Arrays.stream(sender.get()).forEach(nanos::add);
        }
        nanos.sort(null);
        System.out.printf(
                Locale.ROOT,
                "{\"samples\": %d, \"seconds\": %.2f, \"rate\": %.0f, \"p50\": %.1f, \"p99\": %.1f}%n",
                (long) nanos.size() * SAMPLES,
                elapsed,
                nanos.size() * (double) SAMPLES / elapsed,
                nanos.get(nanos.size() / 2) / 1e6,
                nanos.get(nanos.size() * 99 / 100) / 1e6);
    }

    /// @return nanoseconds from each request to its answer
    private static long[] send(int port, String path, String credential, Request request, long start, long end)
            throws IOException {
        byte[] head = ("POST " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + credential
                        + "Content-Type: application/x-protobuf\r\n"
                        + "Content-Encoding: snappy\r\nX-Prometheus-Remote-Write-Version: 0.1.0\r\nContent-Length: "
                        + request.block.length + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        long[] nanos = new long[1024];
        int count = 0;
        long time = start;
        while (System.nanoTime() < end) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                socket.setTcpNoDelay(true);
                OutputStream out = socket.getOutputStream();
                InputStream in = new BufferedInputStream(socket.getInputStream());
                boolean open = true;
                for (; open && System.nanoTime() < end; time += STEP) {
                    request.set(time);
                    long begin = System.nanoTime();
                    out.write(head);
                    out.write(request.block);
                    out.flush();
                    open = readNoContent(in);
                    if (count == nanos.length) {
                        nanos = Arrays.copyOf(nanos, 2 * count);
                    }
                    nanos[count++] = System.nanoTime() - begin;
                }
            }
        }
        return Arrays.copyOf(nanos, count);
    }

    /// Reads an answer that has no body; true if another request may follow.
    private static boolean readNoContent(InputStream in) throws IOException {
        StringBuilder answer = new StringBuilder();
        while (answer.indexOf("\r\n\r\n", answer.length() - 4) < 0) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException("the receiver hung up: " + answer);
            }
            answer.append((char) next);
        }
        if (!answer.toString().startsWith("HTTP/1.1 204")) {
            throw new IOException(answer + new String(in.readNBytes(in.available()), StandardCharsets.UTF_8));
        }
        return answer.indexOf("Connection: close") < 0;
    }

    /// A request of remote write 1.0 in a block of snappy that is one literal, so that times and values can be
    /// changed where they stand.
    private static final class Request {

        private final byte[] block;
        private final int[] valueAt = new int[SAMPLES];
        private long random;

        Request(int connection) {
            random = connection + 1L;
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            for (int i = 0; i < SAMPLES; i++) {
                int number = connection * SAMPLES + i;
                ByteArrayOutputStream series = new ByteArrayOutputStream();
                label(series, "__name__", "node_cpu_seconds_total");
                label(series, "availability_zone", "eu-central-1" + (char) ('a' + number % 3));
                label(series, "cpu", Integer.toString(number % 8));
                label(series, "instance", "10.0." + number / 64 / 250 + "." + number / 64 % 250 + ":9100");
                label(series, "job", "node");
                label(series, "mode", "mode-" + number / 8 % 8);
                field(series, 2, new byte[1 + 8 + 1 + TIME_BYTES]);
                field(body, 1, series.toByteArray());
                valueAt[i] = body.size() - TIME_BYTES - 1 - 8;
            }
            byte[] bytes = body.toByteArray();
            ByteArrayOutputStream whole = new ByteArrayOutputStream();
            varint(whole, bytes.length);
            whole.write(63 << 2); // a literal whose length stands in four bytes
            for (int shift = 0; shift < 32; shift += 8) {
                whole.write((bytes.length - 1) >> shift);
            }
            int before = whole.size();
            whole.writeBytes(bytes);
            block = whole.toByteArray();
            for (int i = 0; i < SAMPLES; i++) {
                valueAt[i] += before;
                block[valueAt[i] - 1] = 1 << 3 | 1;
                block[valueAt[i] + 8] = 2 << 3;
            }
        }

        /// Gives all samples this time, and values with all their digits.
        void set(long time) {
            for (int at : valueAt) {
                random = random * 6_364_136_223_846_793_005L + 1_442_695_040_888_963_407L;
                long value = Double.doubleToRawLongBits((random >>> 11) * 0x1.0p-53 * 100);
                for (int i = 0; i < 8; i++) {
                    block[at + i] = (byte) (value >> (8 * i));
                }
                for (int i = 0; i < TIME_BYTES; i++) {
                    int more = i < TIME_BYTES - 1 ? 0x80 : 0;
                    block[at + 9 + i] = (byte) (((time >> (7 * i)) & 0x7f) | more);
                }
            }
        }

        private static void label(ByteArrayOutputStream out, String name, String value) {
            ByteArrayOutputStream label = new ByteArrayOutputStream();
            field(label, 1, name.getBytes(StandardCharsets.UTF_8));
            field(label, 2, value.getBytes(StandardCharsets.UTF_8));
            field(out, 1, label.toByteArray());
        }

        private static void field(ByteArrayOutputStream out, int number, byte[] content) {
            out.write(number << 3 | 2);
            varint(out, content.length);
            out.writeBytes(content);
        }

        private static void varint(ByteArrayOutputStream out, int value) {
            int rest = value;
            while (rest >= 0x80) {
                out.write((rest & 0x7f) | 0x80);
                rest >>>= 7;
            }
            out.write(rest);
        }
    }
}
