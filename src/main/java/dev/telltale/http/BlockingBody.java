package dev.telltale.http;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import java.io.IOException;
import java.io.InputStream;

/// A stream as the servlet API wants it; nothing here reads without blocking.
final class BlockingBody extends ServletInputStream {

    private final InputStream in;
    private boolean finished;

    BlockingBody(InputStream in) {
        this.in = in;
    }

    @Override
    public int read() throws IOException {
        int next = in.read();
        finished |= next < 0;
        return next;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int count = in.read(buffer, offset, length);
        finished |= count < 0;
        return count;
    }

    @Override
    public boolean isFinished() {
        return finished;
    }

    @Override
    public boolean isReady() {
        return true;
    }

    @Override
    public void setReadListener(ReadListener listener) {
        throw new IllegalStateException("bodies are read by blocking");
    }
}
