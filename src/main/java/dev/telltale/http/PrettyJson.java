package dev.telltale.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/// Lays out JSON for people while it passes: two blanks for each level, an empty object or list in one
/// piece. What passes must be JSON; no name or number in it is touched.
final class PrettyJson extends OutputStream {

    private final OutputStream out;
    private final ByteArrayOutputStream laidOut = new ByteArrayOutputStream(8_192);
    private int depth;
    private boolean opened; // the last token was { or [
    private boolean inText;
    private boolean escaped;

    PrettyJson(OutputStream out) {
        this.out = out;
    }

    @Override
    public void write(int next) throws IOException {
        write(new byte[] {(byte) next}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        for (int i = offset; i < offset + length; i++) {
            layOut(bytes[i]);
        }
        laidOut.writeTo(out);
        laidOut.reset();
    }

    @Override
    public void flush() throws IOException {
        out.flush();
    }

    @Override
    public void close() throws IOException {
        out.close();
    }

    private void layOut(byte next) {
        if (inText) {
            laidOut.write(next);
            inText = escaped || next != '"';
            escaped = !escaped && next == '\\';
            return;
        }
        switch (next) {
            case ' ', '\t', '\r', '\n' -> {}
            case '{', '[' -> {
                beginToken();
                laidOut.write(next);
                depth++;
                opened = true;
            }
            case '}', ']' -> {
                depth--;
                if (!opened) {
                    newLine();
                }
                opened = false;
                laidOut.write(next);
            }
            case ',' -> {
                laidOut.write(next);
                newLine();
            }
            case ':' -> {
                laidOut.write(next);
                laidOut.write(' ');
            }
            default -> {
                beginToken();
                inText = next == '"';
                laidOut.write(next);
            }
        }
    }

    private void beginToken() {
        if (opened) {
            newLine();
            opened = false;
        }
    }

    private void newLine() {
        laidOut.write('\n');
        for (int level = 0; level < depth; level++) {
            laidOut.write(' ');
            laidOut.write(' ');
        }
    }
}
