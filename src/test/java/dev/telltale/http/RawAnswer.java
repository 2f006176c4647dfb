package dev.telltale.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;

/// All that a server said on a connection until it closed it.
public record RawAnswer(String text) {

    /// The status of the first answer, 0 if there was none.
    public int status() {
        return text.startsWith("HTTP/1.1 ") ? Integer.parseInt(text.substring(9, 12)) : 0;
    }

    /// The value of a header, empty without it.
    public String header(String name) {
        return text.substring(0, Math.max(0, text.indexOf("\r\n\r\n")))
                .lines()
                .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst()
                .orElse("");
    }

    /// The body, its chunks joined.
    public String body() {
        String body = text.substring(text.indexOf("\r\n\r\n") + 4);
        return text.contains("Transfer-Encoding: chunked") ? joined(body.getBytes(UTF_8)) : body;
    }

    private static String joined(byte[] chunks) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (int at = 0; at < chunks.length; ) {
            int line = at;
            while (chunks[line] != '\r') {
                line++;
            }
            int length = Integer.parseInt(new String(chunks, at, line - at, US_ASCII), 16);
            if (length == 0) {
                break;
            }
            body.write(chunks, line + 2, length);
            at = line + 2 + length + 2;
        }
        return body.toString(UTF_8);
    }
}
