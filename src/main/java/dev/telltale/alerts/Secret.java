package dev.telltale.alerts;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// What a webhook and we know, and nobody else. Its text is shown nowhere.
///
/// @param text 16 to 200 printable ASCII characters; after `whsec_`, Base64 of the key
/// @see <a href="https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md">Standard
///     Webhooks</a>
public record Secret(String text) {

    private static final int SHORTEST = 16;
    private static final int LONGEST = 200;
    private static final String ENCODED = "whsec_";
    private static final String ALGORITHM = "HmacSHA256";

    public Secret {
        if (text.length() < SHORTEST || text.length() > LONGEST || !text.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw AlertsProblem.BAD_RECEIVER.because(
                    "a secret has %d to %d printable ASCII characters without spaces", SHORTEST, LONGEST);
        }
        key(text);
    }

    /// HMAC-SHA256 of bytes under this secret, 32 bytes.
    public byte[] sign(byte[] bytes) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key(text), ALGORITHM));
            return mac.doFinal(bytes);
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("each Java runtime has " + ALGORITHM, e);
        }
    }

    private static byte[] key(String text) {
        if (!text.startsWith(ENCODED)) {
            return text.getBytes(StandardCharsets.US_ASCII);
        }
        try {
            byte[] key = Base64.getDecoder().decode(text.substring(ENCODED.length()));
            if (key.length > 0) {
                return key;
            }
        } catch (IllegalArgumentException notBase64) {
            // refused below
        }
        throw AlertsProblem.BAD_RECEIVER.because("after '%s' a secret goes on with a key in Base64", ENCODED);
    }

    @Override
    public String toString() {
        return "a secret";
    }
}
