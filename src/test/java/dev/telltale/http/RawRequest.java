package dev.telltale.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.zip.GZIPOutputStream;

/// Writes a request byte for byte, however wrong it is.
@FunctionalInterface
public interface RawRequest {

    /// More than any limit of a body.
    long ENDLESS = 2L << 30;

    void writeTo(OutputStream out) throws IOException;

    static RawRequest get(String address) {
        return line("GET " + address);
    }

    static RawRequest put(String address, String body) {
        return whole("PUT", address, "Content-Type: application/json", utf8(body));
    }

    static RawRequest post(String address, String type, byte[] body) {
        return whole("POST", address, "Content-Type: " + type, body);
    }

    static RawRequest post(String address, String type, byte[] body, String coding) {
        return whole("POST", address, "Content-Type: " + type + "\r\nContent-Encoding: " + coding, body);
    }

    private static RawRequest whole(String method, String address, String headers, byte[] body) {
        return request(method, address, headers + "\r\nContent-Length: " + body.length, body);
    }

    /// A request of a line and no body.
    static RawRequest line(String start) {
        return verbatim(start + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    }

    static RawRequest verbatim(String text) {
        return out -> out.write(utf8(text));
    }

    static RawRequest request(String method, String address, String headers, byte[] body) {
        return out -> {
            out.write(utf8(method + " " + address + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + headers
                    + "\r\n\r\n"));
            out.write(body);
        };
    }

    /// The same bytes again and again in chunks, 2 GiB of them for a server that takes them.
    static RawRequest chunks(String method, String address, String type, byte[] chunk) {
        return out -> {
            request(method, address, "Content-Type: " + type + "\r\nTransfer-Encoding: chunked", new byte[0])
                    .writeTo(out);
            for (long sent = 0; sent < ENDLESS; sent += chunk.length) {
                out.write(utf8(Integer.toHexString(chunk.length) + "\r\n"));
                out.write(chunk);
                out.write(utf8("\r\n"));
            }
        };
    }

    static byte[] utf8(String text) {
        return text.getBytes(UTF_8);
    }

    static byte[] gzip(byte[] content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /// All that the server says until it closes the connection, read while the request is still being
    /// written: the server may have heard enough.
    default RawAnswer sendTo(int port) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(20_000);
            Thread.ofVirtual().start(() -> {
                try {
                    writeTo(socket.getOutputStream());
                } catch (IOException theServerHasHeardEnough) {
                    // its answer says why
                }
            });
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            byte[] buffer = new byte[8_192];
            InputStream in = socket.getInputStream();
            try {
                for (int count = 0; count >= 0; count = in.read(buffer)) {
                    answer.write(buffer, 0, count);
                }
            } catch (SocketException closedBeforeAllWasRead) {
                // what came before counts
            }
            return new RawAnswer(answer.toString(UTF_8));
        }
    }
}
