package dev.telltale.http;

import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import org.apache.catalina.connector.ClientAbortException;
import org.jspecify.annotations.Nullable;

/// A request whose body is waited for with limited patience. Who reads it as text does so through `LimitedRequest`.
final class TransferredRequest extends HttpServletRequestWrapper {

    private final Transfer transfer;
    private final HttpServletResponse response;
    private @Nullable BlockingBody body;

    TransferredRequest(HttpServletRequest request, HttpServletResponse response, Transfer transfer) {
        super(request);
        this.response = response;
        this.transfer = transfer;
    }

    @Override
    public ServletInputStream getInputStream() throws IOException {
        if (body == null) {
            body = new BlockingBody(new Body(super.getInputStream()));
        }
        return body;
    }

    private final class Body extends InputStream {

        private final ServletInputStream raw;

        private Body(ServletInputStream raw) {
            this.raw = raw;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            boolean waits = raw.available() == 0 && !raw.isFinished();
            try {
                return transfer.read(waits, () -> raw.read(buffer, offset, length));
            } catch (CallerTooSlow tooSlow) {
                response.sendError(HttpServletResponse.SC_REQUEST_TIMEOUT); // as the container does
                throw new ClientAbortException(tooSlow);
            }
        }

        @Override
        public int available() throws IOException {
            return raw.available();
        }
    }
}
