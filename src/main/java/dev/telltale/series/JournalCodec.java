package dev.telltale.series;

import java.nio.ByteBuffer;
import java.util.Arrays;

/// The bytes of a journal row: the samples of one accepted batch, by series and time, columns one after
/// the other. `docs/storage-format.md` draws them.
final class JournalCodec {

    private static final byte FORMAT = 1;

    private JournalCodec() {}

    /// Is told of each run of a row.
    interface Run {
        void accept(long seriesId, Samples samples);
    }

    /// @param owner a number that says where the row belongs: its sequence
    static byte[] encode(long owner, SortedBatch batch) {
        int most = 1 + Varint.MOST_BYTES * (1 + 2 * batch.runs() + batch.count()) + Double.BYTES * batch.count();
        ByteBuffer out = ByteBuffer.allocate(most + Checksum.BYTES);
        out.put(FORMAT);
        Varint.write(out, batch.runs());
        long id = 0;
        for (int run = 0; run < batch.runs(); run++) {
            Varint.write(out, batch.seriesId(run) - id);
            Varint.write(out, batch.to(run) - batch.from(run));
            id = batch.seriesId(run);
        }
        long time = 0;
        for (int row = 0; row < batch.count(); row++) {
            Varint.write(out, Varint.zigzag(batch.time(row) - time));
            time = batch.time(row);
        }
        for (int row = 0; row < batch.count(); row++) {
            out.putDouble(batch.value(row));
        }
        byte[] bytes = Arrays.copyOf(out.array(), out.position() + Checksum.BYTES);
        Checksum.seal(bytes, owner);
        return bytes;
    }

    /// Whether the bytes are those that were written.
    ///
    /// @param owner the number with which they were sealed
    static boolean isIntact(long owner, byte[] bytes) {
        return Checksum.isIntact(bytes, owner) && bytes[0] == FORMAT;
    }

    /// @param bytes that are intact
    static void decode(byte[] bytes, Run consumer) {
        ByteBuffer in = ByteBuffer.wrap(bytes, 1, bytes.length - 1 - Checksum.BYTES);
        int runs = Math.toIntExact(Varint.read(in));
        long[] ids = new long[runs];
        int[] counts = new int[runs];
        int count = 0;
        for (int run = 0; run < runs; run++) {
            ids[run] = (run == 0 ? 0 : ids[run - 1]) + Varint.read(in);
            counts[run] = Math.toIntExact(Varint.read(in));
            count += counts[run];
        }
        long[] times = new long[count];
        for (int row = 0; row < count; row++) {
            times[row] = (row == 0 ? 0 : times[row - 1]) + Varint.unzigzag(Varint.read(in));
        }
        double[] values = new double[count];
        in.asDoubleBuffer().get(values);
        int from = 0;
        for (int run = 0; run < runs; run++) {
            int to = from + counts[run];
            consumer.accept(
                    ids[run], new Samples(Arrays.copyOfRange(times, from, to), Arrays.copyOfRange(values, from, to)));
            from = to;
        }
    }
}
