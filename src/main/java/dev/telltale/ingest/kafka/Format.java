package dev.telltale.ingest.kafka;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/// What the value of a record is.
enum Format {
    BATCH(RelayedBytes.CONTENT_TYPE),
    OTLP("application/x-protobuf"),
    JSON("application/json");

    private final String mediaType;

    Format(String mediaType) {
        this.mediaType = mediaType;
    }

    /// That which the header names, JSON without one; empty if it is not known.
    static Optional<Format> of(Headers headers) {
        Header header = headers.lastHeader(SampleDecoder.CONTENT_TYPE);
        if (header == null || header.value() == null) {
            return Optional.of(JSON);
        }
        String type = new String(header.value(), StandardCharsets.UTF_8)
                .split(";", 2)[0]
                .strip()
                .toLowerCase(Locale.ROOT);
        for (Format format : values()) {
            if (format.mediaType.equals(type)) {
                return Optional.of(format);
            }
        }
        return Optional.empty();
    }

    /// As in meters.
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
