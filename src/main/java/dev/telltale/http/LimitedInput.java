package dev.telltale.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/// A stream that counts what is read and ends in `BODY_TOO_LARGE` beyond its limit.
class LimitedInput extends FilterInputStream {

    private final long limit;
    private long count;

    LimitedInput(InputStream in, long limit) {
        super(in);
        this.limit = limit;
    }

    /// Bytes read so far.
    long count() {
        return count;
    }

    @Override
    public int read() throws IOException {
        int next = in.read();
        if (next >= 0) {
            add(1);
        }
        return next;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int read = in.read(buffer, offset, length);
        if (read > 0) {
            add(read);
        }
        return read;
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    private void add(int bytes) {
        count += bytes;
        if (count > limit) {
            throw HttpProblem.BODY_TOO_LARGE.because("the body has more than the %d bytes that are read here", limit);
        }
    }
}
