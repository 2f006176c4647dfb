package dev.telltale.ingest.kafka;

import dev.telltale.series.Intake;
import dev.telltale.series.SampleBatch;
import dev.telltale.series.Varint;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.IntToLongFunction;
import java.util.zip.CRC32C;

/// The bytes of a record between processes of one database: samples, or ends of series, by the ids that the series
/// have there. `docs/kafka.md` draws them.
final class RelayedBytes {

    /// Of such records; other producers must not write them.
    static final String CONTENT_TYPE = "application/vnd.telltale.batch";

    /// Samples of one record at most: brokers take records up to 1 MB unless they are told otherwise.
    static final int MOST_ROWS = 20_000;

    private static final byte FORMAT = 1;
    private static final byte SAMPLES = 1;
    private static final byte ENDS = 2;
    private static final int HEAD = 2 + Long.BYTES;
    private static final int CHECKSUM = Integer.BYTES;

    private RelayedBytes() {}

    /// What a record says.
    sealed interface Content {

        record Samples(SampleBatch batch) implements Content {}

        /// Ends of series.
        ///
        /// @param seriesIds of those that end, at the time of the same place, epoch milliseconds UTC
        @SuppressWarnings("ArrayRecordComponent") // handed on at once
        record Ends(long[] seriesIds, long[] times) implements Content {}
    }

    /// @param installation whose ids they are
    /// @param rows those of the batch that become the record
    static byte[] ofSamples(long installation, SampleBatch batch, int[] rows) {
        ByteBuffer out = begin(installation, SAMPLES, batch::seriesId, batch::time, rows, Double.BYTES);
        for (int row : rows) {
            out.putDouble(batch.value(row));
        }
        return sealed(out);
    }

    /// @param installation whose ids they are
    /// @param rows those places of the arrays that become the record
    static byte[] ofEnds(long installation, long[] seriesIds, long[] times, int[] rows) {
        return sealed(begin(installation, ENDS, row -> seriesIds[row], row -> times[row], rows, 0));
    }

    /// @param installation whose ids are known here
    /// @throws dev.telltale.problem.Problem `BAD_RECORD` if they are no such bytes, or of another database
    static Content read(long installation, byte[] bytes) {
        int length = bytes.length - CHECKSUM;
        if (length < HEAD || checksum(bytes, length) != ByteBuffer.wrap(bytes).getInt(length)) {
            throw KafkaProblem.BAD_RECORD.because("the checksum is not that of the bytes");
        }
        ByteBuffer in = ByteBuffer.wrap(bytes, 0, length);
        byte format = in.get();
        byte kind = in.get();
        if (format != FORMAT || (kind != SAMPLES && kind != ENDS)) {
            throw KafkaProblem.BAD_RECORD.because(
                    "the format %d of kind %d is not known to this version", format, kind);
        }
        if (in.getLong() != installation) {
            throw KafkaProblem.BAD_RECORD.because("the record is of another database");
        }
        try {
            return rows(in, kind);
        } catch (BufferUnderflowException tooShort) {
            throw KafkaProblem.BAD_RECORD.because("the record ends too early");
        }
    }

    private static Content rows(ByteBuffer in, byte kind) {
        long claimed = number(in);
        int bytesOfARow = 2 + (kind == SAMPLES ? Double.BYTES : 0);
        if (claimed < 0 || claimed > in.remaining() / bytesOfARow) {
            throw KafkaProblem.BAD_RECORD.because("%d rows do not fit into the record", claimed);
        }
        int rows = (int) claimed;
        long[] ids = deltas(in, rows);
        long[] times = deltas(in, rows);
        boolean inTime = Arrays.stream(times).allMatch(time -> time >= Intake.EARLIEST && time <= Intake.LATEST);
        double[] values = new double[kind == SAMPLES ? rows : 0];
        boolean finite = true;
        for (int row = 0; row < values.length; row++) {
            values[row] = in.getDouble();
            finite &= Double.isFinite(values[row]);
        }
        if (!inTime || !finite || in.hasRemaining()) {
            throw KafkaProblem.BAD_RECORD.because("a time or value is not one that is sent, or more bytes follow");
        }
        return kind == SAMPLES
                ? new Content.Samples(new SampleBatch(ids, times, values))
                : new Content.Ends(ids, times);
    }

    private static ByteBuffer begin(
            long installation,
            byte kind,
            IntToLongFunction ids,
            IntToLongFunction times,
            int[] rows,
            int bytesOfAValue) {
        int most = HEAD + Varint.MOST_BYTES * (1 + 2 * rows.length) + bytesOfAValue * rows.length;
        ByteBuffer out = ByteBuffer.allocate(most);
        out.put(FORMAT).put(kind).putLong(installation);
        Varint.write(out, rows.length);
        putDeltas(out, ids, rows);
        putDeltas(out, times, rows);
        return out;
    }

    private static byte[] sealed(ByteBuffer out) {
        int length = out.position();
        byte[] bytes = new byte[length + CHECKSUM];
        out.flip().get(bytes, 0, length);
        ByteBuffer.wrap(bytes).putInt(length, checksum(bytes, length));
        return bytes;
    }

    private static int checksum(byte[] bytes, int length) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, 0, length);
        return (int) checksum.getValue();
    }

    private static void putDeltas(ByteBuffer out, IntToLongFunction numbers, int[] rows) {
        long before = 0;
        for (int row : rows) {
            long number = numbers.applyAsLong(row);
            Varint.write(out, Varint.zigzag(number - before));
            before = number;
        }
    }

    private static long[] deltas(ByteBuffer in, int count) {
        long[] numbers = new long[count];
        long before = 0;
        for (int i = 0; i < count; i++) {
            before += Varint.unzigzag(number(in));
            numbers[i] = before;
        }
        return numbers;
    }

    private static long number(ByteBuffer in) {
        try {
            return Varint.read(in);
        } catch (IllegalStateException tooLong) {
            throw KafkaProblem.BAD_RECORD.because("a number has more than 64 bits");
        }
    }
}
