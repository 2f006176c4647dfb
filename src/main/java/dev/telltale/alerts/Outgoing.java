package dev.telltale.alerts;

import java.net.URI;
import java.util.Map;

/// A request to a receiver, ready to be sent by POST. Its body belongs to it.
public final class Outgoing {

    private final URI uri;
    private final String contentType;
    private final Map<String, String> headers;
    private final byte[] body;

    public Outgoing(URI uri, String contentType, Map<String, String> headers, byte[] body) {
        this.uri = uri;
        this.contentType = contentType;
        this.headers = Map.copyOf(headers);
        this.body = body;
    }

    public URI uri() {
        return uri;
    }

    public String contentType() {
        return contentType;
    }

    public Map<String, String> headers() {
        return headers;
    }

    public byte[] body() {
        return body;
    }
}
