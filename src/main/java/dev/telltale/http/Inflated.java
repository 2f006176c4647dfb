package dev.telltale.http;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/// The content of a gzip body. It may be as large as the limit, and after its first mebibyte at most 100
/// times as large as what came, so that a small body cannot cost much.
final class Inflated extends InputStream {

    private static final long FREE_BYTES = 1L << 20;
    private static final long MOST_PER_BYTE = 100;

    private final LimitedInput raw;
    private final long limit;
    private @Nullable LimitedInput content;

    Inflated(InputStream raw, long limit) {
        this.raw = new LimitedInput(raw, limit);
        this.limit = limit;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        try {
            if (content == null) {
                content = new LimitedInput(new Members(raw), limit);
            }
            int count = content.read(buffer, offset, length);
            if (content.count() > FREE_BYTES && content.count() > MOST_PER_BYTE * raw.count()) {
                throw HttpProblem.BODY_TOO_LARGE.because(
                        "the gzip body inflates to more than %d times its size; send it in parts", MOST_PER_BYTE);
            }
            return count;
        } catch (ZipException | EOFException broken) {
            throw HttpProblem.MALFORMED_COMPRESSION.because(
                    "the gzip body is cut short, damaged, or followed by something else; send it anew");
        }
    }

    /// All members of a gzip file. Java's own reader stops silently where something else follows the last
    /// one, so this one knows how far the last trailer reaches.
    private static final class Members extends GZIPInputStream {

        private static final int TRAILER = 8;

        private final LimitedInput raw;
        private long filledTo;

        private Members(LimitedInput raw) throws IOException {
            super(raw, 8192);
            this.raw = raw;
        }

        @Override
        protected void fill() throws IOException {
            super.fill();
            filledTo = raw.count();
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int count = super.read(buffer, offset, length);
            // Java's reader takes a failure behind the trailer for the end, too: asked again, it fails again.
            if (count < 0 && (raw.count() - filledTo != TRAILER - inf.getRemaining() || raw.read() >= 0)) {
                throw new ZipException("more follows after the last member");
            }
            return count;
        }
    }
}
