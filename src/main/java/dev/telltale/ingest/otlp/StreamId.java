package dev.telltale.ingest.otlp;

import dev.telltale.http.Sha256;
import dev.telltale.series.SeriesKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// What a stream is remembered by: the first half of a SHA-256, so that labels take no heap here.
record StreamId(long high, long low) {

    /// @param kind of its points: streams of several kinds may have one name
    static StreamId of(Class<? extends Counted> kind, SeriesKey key) {
        String name = kind.getSimpleName() + " " + key;
        ByteBuffer hash = ByteBuffer.wrap(Sha256.digest().digest(name.getBytes(StandardCharsets.UTF_8)));
        return new StreamId(hash.getLong(), hash.getLong());
    }
}
