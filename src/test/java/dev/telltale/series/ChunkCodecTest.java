package dev.telltale.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.telltale.problem.Problem;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ChunkCodecTest {

    private static final long SERIES = 17;
    private static final double[] NASTY = {
        0.0,
        -1.0,
        1.0,
        0.1,
        Double.MIN_VALUE,
        -Double.MIN_VALUE,
        Double.MIN_NORMAL,
        Double.MAX_VALUE,
        -Double.MAX_VALUE,
        Math.PI,
        Math.nextUp(1.0),
        Math.nextDown(1.0),
        1e-310,
        1L << 53,
        123456789.125
    };

    @Test
    void givesBackNastyNumbersInAnyOrderToTheBit() {
        Random random = new Random(1);
        for (int round = 0; round < 500; round++) {
            int count = 1 + random.nextInt(Chunk.FULL);
            double[] values = new double[count];
            for (int i = 0; i < count; i++) {
                values[i] = switch (random.nextInt(3)) {
                    case 0 -> NASTY[random.nextInt(NASTY.length)];
                    case 1 -> i == 0 ? 0 : values[i - 1];
                    default -> finite(random);
                };
            }
            Samples samples = new Samples(times(count, random), values);
            assertThat(roundTrip(samples)).isEqualTo(samples);
        }
    }

    @Test
    void aRegularConstantSeriesTakesTwoBitsASample() {
        long[] times = new long[Chunk.FULL];
        for (int i = 0; i < times.length; i++) {
            times[i] = 1_700_000_000_000L + 10_000L * i;
        }
        byte[] bytes = ChunkCodec.encode(SERIES, new Samples(times, new double[Chunk.FULL]), 0, Chunk.FULL);
        // format, count, first time; first step 10,000 (zigzag 20,000: prefix 110 and 16 bits), 510 times 0;
        // first value, 511 times 0; padding to a byte; checksum
        assertThat(bytes).hasSize((8 + 16 + 64 + 19 + 510 + 64 + 511 + 7) / 8 + 4);
    }

    @Test
    void aChangedBitAnywhereIsDetected() {
        byte[] bytes = ChunkCodec.encode(SERIES, new Samples(new long[] {1, 5, 9}, new double[] {1, 2, 2.5}), 0, 3);
        for (int bit = 0; bit < bytes.length * 8; bit++) {
            byte[] damaged = bytes.clone();
            damaged[bit / 8] ^= (byte) (1 << (bit % 8));
            assertDamaged(SERIES, damaged);
        }
        assertDamaged(SERIES, new byte[0]);
        assertDamaged(SERIES, Arrays.copyOf(bytes, bytes.length - 1));
    }

    @Test
    void theChunkOfAnotherSeriesIsDetected() {
        byte[] bytes = ChunkCodec.encode(SERIES, new Samples(new long[] {1}, new double[] {1}), 0, 1);
        assertDamaged(SERIES + 1, bytes);
    }

    private static void assertDamaged(long series, byte[] bytes) {
        assertThatThrownBy(() -> ChunkCodec.decode(series, 0, bytes))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.type()).isEqualTo(SeriesProblem.DAMAGED_SAMPLES));
    }

    private static Samples roundTrip(Samples samples) {
        return ChunkCodec.decode(SERIES, 0, ChunkCodec.encode(SERIES, samples, 0, samples.count()));
    }

    private static double finite(Random random) {
        double value = Double.longBitsToDouble(random.nextLong());
        return Double.isFinite(value) ? value : 0.5;
    }

    /// Steps of every width: regular, jittered, days, centuries.
    private static long[] times(int count, Random random) {
        long[] times = new long[count];
        long time = 946_684_800_000L;
        for (int i = 0; i < count; i++) {
            times[i] = time;
            time += switch (random.nextInt(6)) {
                case 0 -> 1 + random.nextInt(1_000);
                case 1 -> 1 + random.nextInt(100_000_000);
                case 2 -> 1 + random.nextLong(4_000_000_000_000L);
                default -> 60_000;
            };
        }
        return times;
    }
}
