package dev.telltale.http;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;

/// The stream of an answer that something is done to on its way. Nothing here writes without blocking.
abstract class PassedOnBody extends ServletOutputStream {

    private final ServletOutputStream out;

    /// @param out the stream of the container
    PassedOnBody(ServletOutputStream out) {
        this.out = out;
    }

    @Override
    public final void write(int next) throws IOException {
        write(new byte[] {(byte) next}, 0, 1);
    }

    @Override
    public abstract void write(byte[] bytes, int offset, int length) throws IOException;

    @Override
    public void flush() throws IOException {
        out.flush();
    }

    @Override
    public void close() throws IOException {
        out.close();
    }

    @Override
    public final boolean isReady() {
        return out.isReady();
    }

    @Override
    public final void setWriteListener(WriteListener listener) {
        out.setWriteListener(listener);
    }
}
