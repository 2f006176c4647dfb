package dev.telltale.access;

import dev.telltale.problem.Problem;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/// An answer that nothing leaves of before somebody has noted its status. Up to 64 KiB are held back until it is
/// whole; of a longer one the status is noted before the first byte goes.
final class HeldResponse extends HttpServletResponseWrapper {

    private static final int MOST_HELD = 1 << 16;
    private static final int INTERNAL_ERROR = 500;

    private final IntConsumer note;
    private ByteArrayOutputStream held = new ByteArrayOutputStream();
    private @Nullable Body body;
    private @Nullable PrintWriter writer;
    private boolean noted;
    private @Nullable Problem untold;

    /// @param note is told the status once, and throws a `Problem` if the answer may not go
    HeldResponse(HttpServletResponse response, IntConsumer note) {
        super(response);
        this.note = note;
    }

    /// Lets the answer go.
    ///
    /// @throws Problem of who noted the status; nothing of the answer has left
    void release() throws IOException {
        if (writer != null) {
            writer.flush();
        }
        note(getStatus());
        if (untold != null) {
            throw untold;
        }
        letGo();
    }

    /// Notes that there is no answer of its own.
    void fail() {
        note(isCommitted() ? getStatus() : INTERNAL_ERROR);
    }

    private void note(int status) {
        if (noted) {
            return;
        }
        noted = true;
        try {
            note.accept(status);
        } catch (Problem problem) {
            untold = problem;
        }
    }

    private void letGo() throws IOException {
        if (held.size() > 0) {
            ByteArrayOutputStream whole = held;
            held = new ByteArrayOutputStream();
            whole.writeTo(super.getOutputStream());
        }
    }

    @Override
    public ServletOutputStream getOutputStream() throws IOException {
        if (body == null) {
            body = new Body();
        }
        return body;
    }

    @Override
    public PrintWriter getWriter() throws IOException {
        if (writer == null) {
            Charset encoding = Optional.ofNullable(getCharacterEncoding())
                    .map(Charset::forName)
                    .orElse(StandardCharsets.UTF_8);
            writer = new PrintWriter(new OutputStreamWriter(getOutputStream(), encoding));
        }
        return writer;
    }

    /// Not before the status is noted.
    @Override
    public void flushBuffer() throws IOException {
        if (noted && untold == null) {
            letGo();
            super.flushBuffer();
        }
    }

    @Override
    public void resetBuffer() {
        super.resetBuffer();
        held = new ByteArrayOutputStream();
    }

    @Override
    public void reset() {
        super.reset();
        held = new ByteArrayOutputStream();
    }

    /// Goes nowhere once the status could not be noted.
    private final class Body extends ServletOutputStream {

        @Override
        public void write(int next) throws IOException {
            write(new byte[] {(byte) next}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            if (!noted && held.size() + length > MOST_HELD) {
                note(getStatus());
            }
            if (!noted) {
                held.write(bytes, offset, length);
            } else if (untold == null) {
                letGo();
                getResponse().getOutputStream().write(bytes, offset, length);
            }
        }

        @Override
        public void flush() throws IOException {
            flushBuffer();
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void setWriteListener(WriteListener listener) {
            throw new IllegalStateException("nothing here writes without blocking");
        }
    }
}
