package dev.telltale.series;

import java.time.Instant;

/// The bytes of a chunk: times as differences of differences, values as differences in bits.
/// `docs/storage-format.md` draws them.
///
/// @see <a href="https://doi.org/10.14778/2824032.2824078">Pelkonen and others, Gorilla (2015)</a>
final class ChunkCodec {

    private static final int FORMAT = 1;
    private static final int COUNT_BITS = 16;

    /// Widths of a difference of differences of times; the prefix is as many ones as the place here, and
    /// a zero after all but the last.
    private static final int[] TIME_WIDTHS = {0, 9, 16, 32, 64};

    private ChunkCodec() {}

    /// Encodes the samples from `from` to `to` (exclusive), at least one and at most 65,535.
    static byte[] encode(long seriesId, Samples samples, int from, int to) {
        int count = to - from;
        BitWriter out = new BitWriter(32 + 6 * count);
        out.write(FORMAT, 8);
        out.write(count, COUNT_BITS);
        writeTimes(out, samples, from, to);
        writeValues(out, samples, from, to);
        byte[] bytes = out.toBytes(Checksum.BYTES);
        Checksum.seal(bytes, seriesId);
        return bytes;
    }

    /// @throws dev.telltale.problem.Problem if the bytes are not those that were written
    static Samples decode(long seriesId, long start, byte[] bytes) {
        if (!Checksum.isIntact(bytes, seriesId) || bytes[0] != FORMAT) {
            throw SeriesProblem.DAMAGED_SAMPLES.because(
                    "the samples of series %d from %s on are damaged on disk; restore the data directory from a copy, or"
                            + " delete the series and upload it again",
                    seriesId, Instant.ofEpochMilli(start));
        }
        BitReader in = new BitReader(bytes);
        in.read(8);
        int count = (int) in.read(COUNT_BITS);
        return new Samples(readTimes(in, count), readValues(in, count));
    }

    private static void writeTimes(BitWriter out, Samples samples, int from, int to) {
        long before = samples.time(from);
        long step = 0;
        out.write(before, 64);
        for (int i = from + 1; i < to; i++) {
            long next = samples.time(i) - before;
            writeStep(out, Varint.zigzag(next - step));
            step = next;
            before = samples.time(i);
        }
    }

    private static void writeStep(BitWriter out, long change) {
        int place = 0;
        while (TIME_WIDTHS[place] < 64 - Long.numberOfLeadingZeros(change)) {
            place++;
        }
        if (place == TIME_WIDTHS.length - 1) {
            out.write((1L << place) - 1, place);
        } else {
            out.write((1L << (place + 1)) - 2, place + 1);
        }
        if (place > 0) {
            out.write(change, TIME_WIDTHS[place]);
        }
    }

    private static long[] readTimes(BitReader in, int count) {
        long[] times = new long[count];
        times[0] = in.read(64);
        long step = 0;
        for (int i = 1; i < count; i++) {
            int place = 0;
            while (place < TIME_WIDTHS.length - 1 && in.readBit()) {
                place++;
            }
            if (place > 0) {
                step += Varint.unzigzag(in.read(TIME_WIDTHS[place]));
            }
            times[i] = times[i - 1] + step;
        }
        return times;
    }

    /// Each value as the bits in which it differs from the one before: none, the same stretch of bits as
    /// the last time, or a new stretch.
    private static void writeValues(BitWriter out, Samples samples, int from, int to) {
        long before = Double.doubleToRawLongBits(samples.value(from));
        out.write(before, 64);
        int leading = 64;
        int trailing = 0;
        for (int i = from + 1; i < to; i++) {
            long bits = Double.doubleToRawLongBits(samples.value(i));
            long difference = bits ^ before;
            before = bits;
            if (difference == 0) {
                out.write(0, 1);
                continue;
            }
            int zerosBefore = Long.numberOfLeadingZeros(difference);
            int zerosAfter = Long.numberOfTrailingZeros(difference);
            int kept = 64 - leading - trailing;
            int needed = 64 - zerosBefore - zerosAfter;
            // A new stretch costs 12 bits more to announce.
            if (zerosBefore >= leading && zerosAfter >= trailing && kept <= needed + 12) {
                out.write(0b10, 2);
            } else {
                leading = zerosBefore;
                trailing = zerosAfter;
                kept = needed;
                out.write(0b11, 2);
                out.write(leading, 6);
                out.write(kept - 1, 6);
            }
            out.write(difference >>> trailing, kept);
        }
    }

    private static double[] readValues(BitReader in, int count) {
        double[] values = new double[count];
        long bits = in.read(64);
        values[0] = Double.longBitsToDouble(bits);
        int kept = 0;
        int trailing = 0;
        for (int i = 1; i < count; i++) {
            if (in.readBit()) {
                if (in.readBit()) {
                    int leading = (int) in.read(6);
                    kept = (int) in.read(6) + 1;
                    trailing = 64 - leading - kept;
                }
                bits ^= in.read(kept) << trailing;
            }
            values[i] = Double.longBitsToDouble(bits);
        }
        return values;
    }
}
