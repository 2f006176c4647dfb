package dev.telltale.hostile;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/// A request in the making, which can be made wrong in every part of it.
final class Wire {

    String method;
    String path;
    final List<String> query = new ArrayList<>();
    /// Lines `Name: value`, without `Host`, `Content-Length` and `Transfer-Encoding`.
    final List<String> headers = new ArrayList<>();
    byte[] body = new byte[0];
    boolean hasBody;

    /// Lines that say how long the body is; by its length if empty.
    String framing = "";

    /// Whether the bytes end where they say.
    boolean isFramed = true;

    /// Whether it must not be taken, whatever else is right with it.
    boolean mustRefuse;

    /// What was done to it.
    final List<String> changes = new ArrayList<>();

    Wire(String method, String path) {
        this.method = method;
        this.path = path;
    }

    void json(String text) {
        body(text.getBytes(UTF_8), "application/json");
    }

    void body(byte[] bytes, String type) {
        body = bytes;
        hasBody = true;
        setHeader("Content-Type", type);
    }

    void setHeader(String name, String value) {
        headers.removeIf(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1));
        headers.add(name + ": " + value);
    }

    String target() {
        return query.isEmpty() ? path : path + "?" + String.join("&", query);
    }

    byte[] bytes() {
        StringBuilder head = new StringBuilder(method + " " + target() + " HTTP/1.1\r\nHost: localhost\r\n");
        headers.forEach(line -> head.append(line).append("\r\n"));
        if (!framing.isEmpty()) {
            head.append(framing).append("\r\n");
        } else if (hasBody) {
            head.append("Content-Length: ").append(body.length).append("\r\n");
        }
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(head.append("\r\n").toString().getBytes(UTF_8));
        all.writeBytes(body);
        return all.toByteArray();
    }

    /// As somebody can send it again: `printf '…' | nc 127.0.0.1 8080`.
    String printable() {
        StringBuilder text = new StringBuilder();
        for (byte one : bytes()) {
            char character = (char) (one & 0xff);
            switch (character) {
                case '\r' -> text.append("\\r");
                case '\n' -> text.append("\\n");
                case '\\' -> text.append("\\\\");
                case '%' -> text.append("%%");
                case '\'' -> text.append("\\047");
                default ->
                    text.append(
                            character < ' ' || character > '~' ? String.format("\\%03o", (int) character) : character);
            }
        }
        String shown = text.length() > 6_000 ? text.substring(0, 6_000) + "…" : text.toString();
        return changes + "\nprintf '" + shown + "' | nc 127.0.0.1 8080";
    }

    /// The body as text, each byte a character.
    String bodyText() {
        return new String(body, ISO_8859_1);
    }
}
