package dev.telltale.http;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/// Names one state of what a path stands for, as the header `ETag` does (RFC 9110, section 8.8.3). All of
/// ours are strong: the same tag, the same bytes.
///
/// @param value without the quotes: letters, digits and `.`, `_`, `-` only
public record EntityTag(String value) {

    private static final int BYTES_OF_A_HASH = 12;

    public EntityTag {
        if (!value.matches("[A-Za-z0-9._-]{1,100}")) {
            throw new IllegalArgumentException("'" + value + "' cannot be a tag");
        }
    }

    /// A tag for the state that a text tells all of.
    public static EntityTag hashing(String state) {
        return new EntityTag(hash(state));
    }

    /// A tag for a state that has two parts, of which each has its version.
    public static EntityTag of(String first, String second) {
        return new EntityTag(first + '.' + second);
    }

    /// 24 hexadecimal digits that two texts share by no accident.
    private static String hash(String text) {
        byte[] digest = Sha256.digest().digest(text.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(digest, 0, BYTES_OF_A_HASH);
    }

    /// As it stands in a header.
    @Override
    public String toString() {
        return '"' + value + '"';
    }
}
