package dev.telltale.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PushbackInputStream;
import java.io.Reader;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Reads bodies as text: UTF-8 and nothing else, a byte order mark skipped. What is not UTF-8 ends in a
/// `CharacterCodingException`.
public final class Utf8 {

    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private Utf8() {}

    public static Reader reader(InputStream body) throws IOException {
        PushbackInputStream bytes = new PushbackInputStream(body, BYTE_ORDER_MARK.length);
        byte[] head = bytes.readNBytes(BYTE_ORDER_MARK.length);
        if (!Arrays.equals(head, BYTE_ORDER_MARK)) {
            bytes.unread(head);
        }
        return new InputStreamReader(
                bytes,
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT));
    }
}
