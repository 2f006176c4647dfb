package dev.telltale.series;

import dev.telltale.database.TemporaryFile;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/// Rows of an upload that do not fit into memory: sorted runs in a temporary file, merged when they are
/// read back. Neighbours in a run are alike, so what is written are differences: typically 13 bytes a row.
final class RowRuns implements AutoCloseable {

    private static final int BUFFER = 32 * 1024;
    /// A row is four varints.
    private static final int LARGEST_ROW = 4 * Varint.MOST_BYTES;

    private final TemporaryFile file;
    private final List<Extent> runs = new ArrayList<>();
    private long end;

    /// Where a run lies in the file.
    private record Extent(int number, long start, long end) {}

    RowRuns(TemporaryFile file) {
        this.file = file;
    }

    /// Writes rows that come by series, time and place; all their places are behind those of earlier runs.
    void add(RowCursor rows) {
        long start = end;
        ByteBuffer out = ByteBuffer.allocate(BUFFER);
        int series = 0;
        long time = 0;
        long place = 0;
        long bits = 0;
        while (rows.advance()) {
            if (out.remaining() < LARGEST_ROW) {
                write(out);
            }
            long value = Double.doubleToRawLongBits(rows.value());
            Varint.write(out, rows.series() - series);
            Varint.write(out, Varint.zigzag(rows.time() - time));
            Varint.write(out, Varint.zigzag(rows.place() - place));
            Varint.write(out, Long.reverse(value ^ bits)); // the low bits of neighbours differ, or are zero
            series = rows.series();
            time = rows.time();
            place = rows.place();
            bits = value;
        }
        write(out);
        runs.add(new Extent(runs.size(), start, end));
    }

    /// Goes through the rows of all runs.
    RowCursor merged() {
        return new Merged(runs.stream().map(Run::new).toList());
    }

    @Override
    public void close() {
        file.close();
    }

    private void write(ByteBuffer out) {
        out.flip();
        int length = out.remaining();
        file.write(out, end);
        end += length;
        out.clear();
    }

    /// Reads one run.
    private final class Run implements RowCursor {

        private final Extent extent;
        private final ByteBuffer in = ByteBuffer.allocate(BUFFER).limit(0);
        private long next;
        private int series;
        private long time;
        private long place;
        private long bits;

        Run(Extent extent) {
            this.extent = extent;
            this.next = extent.start();
        }

        @Override
        public boolean advance() {
            if (in.remaining() < LARGEST_ROW && next < extent.end()) {
                in.compact();
                in.limit((int) Math.min(in.capacity(), in.position() + extent.end() - next));
                next += file.read(in, next);
                in.flip();
            }
            if (!in.hasRemaining()) {
                return false;
            }
            series += (int) Varint.read(in);
            time += Varint.unzigzag(Varint.read(in));
            place += Varint.unzigzag(Varint.read(in));
            bits ^= Long.reverse(Varint.read(in));
            return true;
        }

        @Override
        public int series() {
            return series;
        }

        @Override
        public long time() {
            return time;
        }

        @Override
        public double value() {
            return Double.longBitsToDouble(bits);
        }

        @Override
        public long place() {
            return place;
        }

        int number() {
            return extent.number();
        }
    }

    /// Reads all runs at once, the least row next. In an upload whose times ascend one run gives rows for
    /// long, so the others are only asked whether they are still behind it.
    private static final class Merged implements RowCursor {

        private static final Comparator<Run> ORDER = Comparator.comparingInt(Run::series)
                .thenComparingLong(Run::time)
                .thenComparingInt(Run::number);

        private final PriorityQueue<Run> others;
        private @Nullable Run current;

        Merged(List<Run> runs) {
            others = new PriorityQueue<>(ORDER);
            for (Run run : runs) {
                if (run.advance()) {
                    others.add(run);
                }
            }
        }

        @Override
        public boolean advance() {
            if (current != null && current.advance()) {
                Run least = others.peek();
                if (least != null && ORDER.compare(least, current) < 0) {
                    others.poll();
                    others.add(current);
                    current = least;
                }
            } else {
                current = others.poll();
            }
            return current != null;
        }

        @Override
        public int series() {
            return row().series();
        }

        @Override
        public long time() {
            return row().time();
        }

        @Override
        public double value() {
            return row().value();
        }

        @Override
        public long place() {
            return row().place();
        }

        private Run row() {
            if (current == null) {
                throw new IllegalStateException("there is no row");
            }
            return current;
        }
    }
}
