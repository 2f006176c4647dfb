package dev.telltale.ingest.remotewrite;

import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;

/// The version of remote write, of which the content type tells. A body of one read as the other looks empty.
enum Protocol {
    V1("prometheus.WriteRequest"),
    V2("io.prometheus.write.v2.Request");

    private static final String TYPE = "application/x-protobuf";
    private static final String MESSAGE = "proto";

    private final String message;

    Protocol(String message) {
        this.message = message;
    }

    /// @throws dev.telltale.problem.Problem `NOT_REMOTE_WRITE`
    static Protocol of(@Nullable String contentType) {
        Optional<MediaType> type = parse(contentType);
        if (type.isPresent()
                && (type.get().getType() + '/' + type.get().getSubtype())
                        .toLowerCase(Locale.ROOT)
                        .equals(TYPE)) {
            String message =
                    Optional.ofNullable(type.get().getParameter(MESSAGE)).orElse(V1.message);
            for (Protocol protocol : values()) {
                if (unquoted(message).equals(protocol.message)) {
                    return protocol;
                }
            }
        }
        throw RemoteWriteProblem.NOT_REMOTE_WRITE.because(
                "the content type must be %s, for remote write 2.0 with ;%s=%s", TYPE, MESSAGE, V2.message);
    }

    /// Reads a body into what it tells of series.
    ///
    /// @throws dev.telltale.problem.Problem if it is not a message of this version, or too much at once
    void read(byte[] body, SeriesCollector series) {
        switch (this) {
            case V1 -> WriteRequestV1.read(body, series);
            case V2 -> WriteRequestV2.read(body, series);
        }
    }

    private static Optional<MediaType> parse(@Nullable String contentType) {
        try {
            return Optional.ofNullable(contentType).map(MediaType::parseMediaType);
        } catch (InvalidMediaTypeException unreadable) {
            return Optional.empty();
        }
    }

    private static String unquoted(String text) {
        boolean quoted = text.length() >= 2 && text.startsWith("\"") && text.endsWith("\"");
        return quoted ? text.substring(1, text.length() - 1) : text;
    }
}
