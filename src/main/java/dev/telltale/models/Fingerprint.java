package dev.telltale.models;

import dev.telltale.http.Sha256;
import dev.telltale.series.Samples;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.HexFormat;

/// Tells samples that a model was made of from others.
final class Fingerprint {

    private Fingerprint() {}

    /// SHA-256 over times and values, 64 hexadecimal digits.
    static String of(Samples samples) {
        MessageDigest digest = Sha256.digest();
        ByteBuffer sample = ByteBuffer.allocate(Long.BYTES + Double.BYTES);
        for (int i = 0; i < samples.count(); i++) {
            sample.clear().putLong(samples.time(i)).putDouble(samples.value(i)).flip();
            digest.update(sample);
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
