package dev.telltale.http;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// An answer that is copied while it is written, as long as it is short.
final class CopiedResponse extends HttpServletResponseWrapper {

    private final int most;
    private ByteArrayOutputStream copy = new ByteArrayOutputStream();
    private boolean tooLong;
    private @Nullable Body body;

    /// @param most bytes of an answer that is copied
    CopiedResponse(HttpServletResponse response, int most) {
        super(response);
        this.most = most;
    }

    /// What was written, empty if it was too long.
    Optional<byte[]> copy() {
        return tooLong ? Optional.empty() : Optional.of(copy.toByteArray());
    }

    @Override
    public ServletOutputStream getOutputStream() throws IOException {
        if (body == null) {
            body = new Body(super.getOutputStream());
        }
        return body;
    }

    @Override
    public void resetBuffer() {
        super.resetBuffer();
        forget();
    }

    @Override
    public void reset() {
        super.reset();
        forget();
    }

    private void forget() {
        copy = new ByteArrayOutputStream();
        tooLong = false;
    }

    private final class Body extends PassedOnBody {

        private final ServletOutputStream out;

        Body(ServletOutputStream out) {
            super(out);
            this.out = out;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
            tooLong |= copy.size() + length > most;
            if (!tooLong) {
                copy.write(bytes, offset, length);
            }
        }
    }
}
