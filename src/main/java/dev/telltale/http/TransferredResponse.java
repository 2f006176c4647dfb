package dev.telltale.http;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// An answer whose caller is waited for with limited patience.
final class TransferredResponse extends HttpServletResponseWrapper {

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

    @Override
    public void flushBuffer() throws IOException {
        transfer.write(0, true, () -> {
            super.flushBuffer();
            return true;
        });
    }

    private final class Body extends PassedOnBody {

        private final ServletOutputStream out;
        private long written;

        private Body(ServletOutputStream out) {
            super(out);
            this.out = out;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            written += length;
            boolean mayFlush = written >= getBufferSize();
            transfer.write(length, mayFlush, () -> {
                out.write(bytes, offset, length);
                return true;
            });
        }

        @Override
        public void flush() throws IOException {
            transfer.write(0, true, () -> {
                out.flush();
                return true;
            });
        }
    }
}
