package dev.telltale.http;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// A place in a list, opaque to callers: the list's kind and the position of the last item they have.
///
/// @param kind which list it belongs to, without a colon
/// @param position id or name of the last item handed out
record Cursor(String kind, String position) {

    String encode() {
        byte[] plain = (kind + ':' + position).getBytes(StandardCharsets.UTF_8);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(plain);
    }

    /// @throws dev.telltale.problem.Problem `BAD_CURSOR` if no list of this kind has handed it out
    static Cursor decode(String kind, String text) {
        try {
            String plain = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
            if (plain.startsWith(kind + ':') && plain.indexOf('\0') < 0) { // which some databases do not take
                return new Cursor(kind, plain.substring(kind.length() + 1));
            }
        } catch (IllegalArgumentException notBase64) {
            // said below
        }
        throw HttpProblem.BAD_CURSOR.because("the cursor is not one of this list; take it from `next`");
    }
}
