package dev.telltale.ingest.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.telltale.problem.Problem;
import dev.telltale.series.Intake;
import dev.telltale.series.SampleBatch;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class RelayedBytesTest {

    private static final long INSTALLATION = 4711;

    private static byte[] bytes(SampleBatch batch) {
        return RelayedBytes.ofSamples(
                INSTALLATION, batch, IntStream.range(0, batch.count()).toArray());
    }

    private static SampleBatch batch(long... times) {
        long[] ids = new long[times.length];
        Arrays.fill(ids, 7);
        double[] values = new double[times.length];
        Arrays.fill(values, 1.5);
        return new SampleBatch(ids, times, values);
    }

    private static SampleBatch read(byte[] bytes) {
        return ((RelayedBytes.Content.Samples) RelayedBytes.read(INSTALLATION, bytes)).batch();
    }

    private static void assertRefused(byte[] bytes, String why) {
        assertThatThrownBy(() -> RelayedBytes.read(INSTALLATION, bytes))
                .isInstanceOfSatisfying(Problem.class, problem -> {
                    assertThat(problem.type()).isEqualTo(KafkaProblem.BAD_RECORD);
                    assertThat(problem.detail()).contains(why);
                });
    }

    /// With a checksum that fits.
    private static byte[] sealed(byte[] bytes) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, 0, bytes.length - 4);
        ByteBuffer.wrap(bytes).putInt(bytes.length - 4, (int) checksum.getValue());
        return bytes;
    }

    @Test
    void whatIsWrittenIsRead() {
        SplittableRandom random = new SplittableRandom(1);
        for (int round = 0; round < 500; round++) {
            int count = random.nextInt(50);
            long[] ids = random.longs(count, 1, random.nextBoolean() ? 10 : Long.MAX_VALUE)
                    .toArray();
            long[] times = random.longs(count, Intake.EARLIEST, Intake.LATEST).toArray();
            double[] values = random.doubles(count, -1e300, 1e300).toArray();
            int[] rows = random.ints(count / 2, 0, Math.max(1, count)).toArray();

            SampleBatch read = read(RelayedBytes.ofSamples(INSTALLATION, new SampleBatch(ids, times, values), rows));

            assertThat(read.count()).isEqualTo(rows.length);
            for (int i = 0; i < rows.length; i++) {
                assertThat(read.seriesId(i)).isEqualTo(ids[rows[i]]);
                assertThat(read.time(i)).isEqualTo(times[rows[i]]);
                assertThat(read.value(i)).isEqualTo(values[rows[i]]);
            }
        }
    }

    @Test
    void endsAreWrittenAndRead() {
        long[] ids = {3, 9, 4};
        long[] times = {Intake.EARLIEST, Intake.LATEST, Intake.EARLIEST + 1};

        byte[] bytes = RelayedBytes.ofEnds(INSTALLATION, ids, times, new int[] {2, 0});

        assertThat(RelayedBytes.read(INSTALLATION, bytes))
                .isInstanceOfSatisfying(RelayedBytes.Content.Ends.class, ends -> {
                    assertThat(ends.seriesIds()).containsExactly(4, 3);
                    assertThat(ends.times()).containsExactly(Intake.EARLIEST + 1, Intake.EARLIEST);
                });
    }

    @Test
    void theLargestRecordFitsIntoTheDefaultLimitOfABroker() {
        int rows = RelayedBytes.MOST_ROWS;
        long[] ids = new long[rows];
        long[] times = new long[rows];
        for (int i = 0; i < rows; i++) {
            ids[i] = i % 2 == 0 ? 1 : Long.MAX_VALUE;
            times[i] = i % 2 == 0 ? Intake.EARLIEST : Intake.LATEST;
        }
        assertThat(bytes(new SampleBatch(ids, times, new double[rows])).length).isLessThan(1_000_000);
    }

    @Test
    void eachChangedByteAndEachPartIsRefused() {
        byte[] bytes = bytes(batch(Intake.EARLIEST, Intake.EARLIEST + 60_000));
        for (int i = 0; i < bytes.length; i++) {
            byte[] changed = bytes.clone();
            changed[i] ^= 0x10;
            assertRefused(changed, "checksum");
            assertRefused(Arrays.copyOf(bytes, i), "checksum");
        }
    }

    @Test
    void bytesThatAreSealedAndNoSamplesAreRefused() {
        byte[] good = bytes(batch(Intake.EARLIEST));
        byte[] ofTomorrow = good.clone();
        ofTomorrow[0] = 2;
        assertRefused(sealed(ofTomorrow), "format 2");
        byte[] ofAnotherKind = good.clone();
        ofAnotherKind[1] = 3;
        assertRefused(sealed(ofAnotherKind), "kind 3");
        byte[] longer = Arrays.copyOf(good, good.length + 1);
        assertRefused(sealed(longer), "more bytes follow");
        byte[] manyRows = Arrays.copyOf(good, good.length + 4);
        ByteBuffer.wrap(manyRows).put(10, new byte[] {-1, -1, -1, -1, 7});
        assertRefused(sealed(manyRows), "do not fit");
        byte[] endless = Arrays.copyOf(good, 10 + 11 + 4);
        Arrays.fill(endless, 10, 21, (byte) -1);
        assertRefused(sealed(endless), "64 bits");
        assertRefused(bytes(batch(Intake.LATEST + 1)), "time or value");
        SampleBatch infinite =
                new SampleBatch(new long[] {1}, new long[] {Intake.EARLIEST}, new double[] {Double.POSITIVE_INFINITY});
        assertRefused(bytes(infinite), "time or value");
    }

    @Test
    void recordsOfAnotherDatabaseAreRefused() {
        byte[] bytes = bytes(batch(Intake.EARLIEST));
        assertThatThrownBy(() -> RelayedBytes.read(INSTALLATION + 1, bytes)).hasMessageContaining("another database");
    }
}
