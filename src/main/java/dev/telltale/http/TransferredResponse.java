package dev.telltale.http;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// An answer whose caller is waited for with limited patience.
final class TransferredResponse extends HttpServletResponseWrapper {

    /// Bytes that a caller is waited for to take before the time for the next ones begins.
    private static final int PIECE = 1 << 16;

    private final Transfer transfer;
    private @Nullable Body body;

    TransferredResponse(HttpServletResponse response, Transfer transfer) {
        super(response);
        this.transfer = transfer;
    }

    @Override
    public ServletOutputStream getOutputStream() throws IOException {
        if (body == null) {
            body = new Body(super.getOutputStream());
        }
        return body;
    }

    /// Would go past the clock; answers are written as bytes here.
    @Override
    public PrintWriter getWriter() {
        throw new IllegalStateException("answers are written as bytes");
    }

    @Override
    public void flushBuffer() throws IOException {
        transfer.write(0, () -> {
            super.flushBuffer();
            return true;
        });
    }

    private final class Body extends PassedOnBody {

        private final ServletOutputStream out;

        private Body(ServletOutputStream out) {
            super(out);
            this.out = out;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            Objects.checkFromIndexSize(offset, length, bytes.length);
            for (int done = 0; done < length; done += PIECE) {
                int begin = offset + done;
                int count = Math.min(PIECE, length - done);
                transfer.write(count, () -> {
                    out.write(bytes, begin, count);
                    return true;
                });
            }
        }

        @Override
        public void flush() throws IOException {
            transfer.write(0, () -> {
                out.flush();
                return true;
            });
        }
    }
}
