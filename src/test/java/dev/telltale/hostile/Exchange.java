package dev.telltale.hostile;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A connection that stays open from one request to the next as long as both sides want it to.
final class Exchange implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 90_000;

    private final int port;

    private @Nullable Socket socket;
    private InputStream in = InputStream.nullInputStream();

    Exchange(int port) {
        this.port = port;
    }

    /// An answer: its status, its headers by their names in small letters, its body.
    record Answer(int status, Map<String, String> headers, String text) {

        String header(String name) {
            return headers.getOrDefault(name, "");
        }
    }

    /// The answer to the bytes of a request.
    ///
    /// @param hasBody whether the answer may have a body, as none to HEAD has
    /// @param isFramed whether the request ends where it says; if not, the connection is of no use after it
    Answer send(byte[] request, boolean hasBody, boolean isFramed) throws IOException {
        boolean isFresh = socket == null;
        try {
            return sendOnce(request, hasBody, isFramed);
        } catch (IOException closed) {
            disconnect();
            if (isFresh) {
                throw closed;
            }
            return sendOnce(request, hasBody, isFramed); // the server had closed what stayed open
        }
    }

    private Answer sendOnce(byte[] request, boolean hasBody, boolean isFramed) throws IOException {
        Socket open = socket;
        if (open == null) {
            open = new Socket(InetAddress.getLoopbackAddress(), port);
            open.setSoTimeout(PATIENCE_MILLIS);
            open.setTcpNoDelay(true);
            socket = open;
            in = new BufferedInputStream(open.getInputStream());
        }
        IOException unsent = null;
        try {
            open.getOutputStream().write(request);
        } catch (IOException theServerHasHeardEnough) {
            unsent = theServerHasHeardEnough;
        }
        try {
            Answer answer = read(hasBody);
            if (!isFramed || unsent != null || answer.header("connection").equalsIgnoreCase("close")) {
                disconnect();
            }
            return answer;
        } catch (IOException e) {
            if (unsent != null) {
                e.addSuppressed(unsent);
            }
            throw e;
        }
    }

    private Answer read(boolean hasBody) throws IOException {
        String start = line();
        if (!start.startsWith("HTTP/1.1 ")) {
            throw new IOException("no status line: " + start);
        }
        int status = Integer.parseInt(start.substring(9, 12));
        Map<String, String> headers = new TreeMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        if (status == 100) {
            return read(hasBody);
        }
        Answer head = new Answer(status, headers, "");
        if (!hasBody || status == 204 || status == 304) {
            return head;
        }
        if (head.header("content-type").startsWith("text/event-stream")) {
            disconnect(); // it would not end
            return head;
        }
        if (head.header("transfer-encoding").equals("chunked")) {
            return new Answer(status, headers, new String(chunks(), UTF_8));
        }
        String length = head.header("content-length");
        byte[] body = length.isEmpty() ? in.readAllBytes() : in.readNBytes(Integer.parseInt(length));
        if (length.isEmpty()) {
            disconnect();
        }
        return new Answer(status, headers, new String(body, UTF_8));
    }

    private byte[] chunks() throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (int length = Integer.parseInt(line(), 16); length > 0; length = Integer.parseInt(line(), 16)) {
            body.write(in.readNBytes(length));
            line();
        }
        line();
        return body.toByteArray();
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("the connection ended after '" + line.toString(ISO_8859_1) + "'");
            }
            if (next != '\r') {
                line.write(next);
            }
        }
        return line.toString(ISO_8859_1);
    }

    @Override
    public void close() {
        disconnect();
    }

    /// Ends the connection; the next request opens another.
    void disconnect() {
        Socket open = socket;
        socket = null;
        in = InputStream.nullInputStream();
        try {
            if (open != null) {
                open.close();
            }
        } catch (IOException alreadyGone) {
            // nothing more to do with it
        }
    }
}
