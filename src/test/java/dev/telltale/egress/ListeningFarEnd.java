package dev.telltale.egress;

import com.google.protobuf.InvalidProtocolBufferException;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.telltale.wire.prometheus.v1.Label;
import dev.telltale.wire.prometheus.v1.TimeSeries;
import dev.telltale.wire.prometheus.v1.WriteRequest;
import io.airlift.compress.v3.snappy.SnappyJavaDecompressor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

/// A receiver of remote write that answers as a test says.
final class ListeningFarEnd implements AutoCloseable {

    /// What becomes of the request of this number, from 0 on.
    @FunctionalInterface
    interface Behaviour {
        void answer(HttpExchange exchange, int number, WriteRequest request) throws IOException;
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<String> headers = new CopyOnWriteArrayList<>();

    ListeningFarEnd(Behaviour behaviour) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            WriteRequest request = decoded(exchange.getRequestBody().readAllBytes());
            int number;
            synchronized (requests) {
                number = requests.size();
                requests.add(request.getTimeseriesList().stream()
                        .map(ListeningFarEnd::text)
                        .collect(Collectors.joining("; ")));
                exchange.getRequestHeaders()
                        .forEach((name, values) -> headers.add(name + ": " + String.join(", ", values)));
            }
            behaviour.answer(exchange, number, request);
        });
        server.start();
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/write");
    }

    /// What came, each request as text.
    List<String> requests() {
        return List.copyOf(requests);
    }

    List<String> headers() {
        return List.copyOf(headers);
    }

    static void answer(HttpExchange exchange, int status, String body, String... headers) throws IOException {
        for (String header : headers) {
            String[] parts = header.split(": ", 2);
            exchange.getResponseHeaders().add(parts[0], parts[1]);
        }
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    /// What a block of snappy holds.
    static WriteRequest decoded(byte[] block) throws InvalidProtocolBufferException {
        SnappyJavaDecompressor decompressor = new SnappyJavaDecompressor();
        byte[] body = new byte[decompressor.getUncompressedLength(block, 0)];
        int length = decompressor.decompress(block, 0, block.length, body, 0, body.length);
        return WriteRequest.parseFrom(Arrays.copyOf(body, length));
    }

    /// A series as Prometheus writes it, and its samples as `value@time`.
    static String text(TimeSeries series) {
        String name = "";
        List<String> labels = new ArrayList<>();
        for (Label label : series.getLabelsList()) {
            if (label.getName().equals("__name__")) {
                name = label.getValue();
            } else {
                labels.add(label.getName() + "=\"" + label.getValue() + "\"");
            }
        }
        return name + "{" + String.join(",", labels) + "} "
                + series.getSamplesList().stream()
                        .map(sample -> sample.getValue() + "@" + sample.getTimestamp())
                        .collect(Collectors.joining(" "));
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
