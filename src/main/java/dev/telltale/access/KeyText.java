package dev.telltale.access;

import dev.telltale.http.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A key as its holder has it: `tt_<id>_<secret>`. Leaves no trace of the secret where it is printed by mistake.
///
/// @param id a-z and 0-9; no secret
/// @param secret 256 random bits in base64url without padding, which may hold `_` and `-`
record KeyText(String id, String secret) {

    /// How every key begins, and no token does.
    static final String BEGIN = "tt_";

    private static final Pattern WRITTEN = Pattern.compile("tt_([a-z0-9]{4,32})_([A-Za-z0-9_-]{43})");
    private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789";
    private static final int ID_LENGTH = 12;
    private static final int SECRET_BYTES = 32;
    private static final SecureRandom RANDOM = new SecureRandom();

    static KeyText fresh() {
        StringBuilder id = new StringBuilder();
        for (int i = 0; i < ID_LENGTH; i++) {
            id.append(ALPHABET.charAt(RANDOM.nextInt(ALPHABET.length())));
        }
        byte[] secret = new byte[SECRET_BYTES];
        RANDOM.nextBytes(secret);
        return new KeyText(
                id.toString(), Base64.getUrlEncoder().withoutPadding().encodeToString(secret));
    }

    /// The key, if the text is one; whether anybody made it is another question.
    static Optional<KeyText> parse(String text) {
        Matcher key = WRITTEN.matcher(text);
        return key.matches() ? Optional.of(new KeyText(key.group(1), key.group(2))) : Optional.empty();
    }

    /// SHA-256 of the secret's characters. A slow hash would protect a secret that can be guessed; this one cannot.
    byte[] hash() {
        return Sha256.digest().digest(secret.getBytes(StandardCharsets.US_ASCII));
    }

    /// The whole key, for its holder alone.
    String written() {
        return BEGIN + id + "_" + secret;
    }

    @Override
    public String toString() {
        return BEGIN + id + "_…";
    }
}
