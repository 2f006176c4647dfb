package dev.telltale.ingest.remotewrite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.telltale.ingest.IngestProblem;
import dev.telltale.ingest.WorkingMemory;
import dev.telltale.problem.Problem;
import dev.telltale.wire.prometheus.v1.Label;
import dev.telltale.wire.prometheus.v1.Sample;
import dev.telltale.wire.prometheus.v1.TimeSeries;
import dev.telltale.wire.prometheus.v1.WriteRequest;
import dev.telltale.wire.prometheus.v2.Request;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WriteRequestTest {

    private static final long TIME = 1_767_225_600_000L;

    @Test
    void refusesWhatTheGeneratedParserRefuses() {
        Random random = new Random(3);
        byte[] v1 = v1(5).toByteArray();
        byte[] v2 = v2(5).toByteArray();
        int refused = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] mutated = mutated(i % 2 == 0 ? v1 : v2, random);
            boolean bad = i % 2 == 0 ? isBad(Protocol.V1, mutated) : isBad(Protocol.V2, mutated);
            refused += bad ? 1 : 0;
            // Ours does not look into what it skips, such as metadata; what it takes of the rest is the same.
            if (bad) {
                boolean generatedRefuses = i % 2 == 0 ? refusesV1(mutated) : refusesV2(mutated);
                boolean firstSymbol = i % 2 != 0 && hasFirstSymbol(mutated);
                assertThat(generatedRefuses || firstSymbol).isTrue();
            }
        }
        assertThat(refused).isBetween(1_000, 19_000);
    }

    @Test
    void readsWhatTheGeneratedParserReads() throws InvalidProtocolBufferException {
        Random random = new Random(4);
        byte[] body = v1(5).toByteArray();
        int read = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] mutated = mutated(body, random);
            if (!isBad(Protocol.V1, mutated) && !refusesV1(mutated)) {
                SeriesCollector series = read(Protocol.V1, mutated);
                long samples = WriteRequest.parseFrom(mutated).getTimeseriesList().stream()
                        .mapToLong(TimeSeries::getSamplesCount)
                        .sum();
                assertThat(series.all()).isEqualTo(samples);
                read++;
            }
        }
        assertThat(read).isGreaterThan(1_000);
    }

    @Test
    void refusesBrokenVarintsLengthsAndGroups() throws IOException {
        byte[] longVarint = new byte[12];
        Arrays.fill(longVarint, (byte) 0xff);
        longVarint[0] = 10;
        for (Protocol protocol : Protocol.values()) {
            assertMalformed(protocol, longVarint);
            assertMalformed(protocol, new byte[] {10, 100, 1});
            assertMalformed(protocol, new byte[] {42, 100, 1});
            assertMalformed(protocol, new byte[] {10, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x0f});
            assertMalformed(protocol, new byte[] {0});
            assertMalformed(protocol, new byte[] {(byte) 0xa4, 6}); // a group ends
            assertMalformed(protocol, groups(1_000_000));
        }
    }

    @Test
    void refusesMoreThanItCanDecodeAtOnce() throws IOException {
        byte[] emptySamples = new byte[3_000_000];
        for (int i = 0; i < emptySamples.length; i += 2) {
            emptySamples[i] = 18;
        }
        assertTooMuch(Protocol.V1, message(1, emptySamples));
        assertTooMuch(Protocol.V2, message(5, emptySamples));
        byte[] emptySeries = new byte[500_000];
        for (int i = 0; i < emptySeries.length; i += 2) {
            emptySeries[i] = 10;
        }
        assertTooMuch(Protocol.V1, emptySeries);
        byte[] emptySymbols = new byte[3_000_000];
        for (int i = 0; i < emptySymbols.length; i += 2) {
            emptySymbols[i] = 34;
        }
        assertTooMuch(Protocol.V2, emptySymbols);
    }

    @Test
    void takesTheMemoryThatSamplesAndSeriesNeed() {
        SentV2 samples = new SentV2().series("__name__", "cpu");
        for (int i = 0; i < 1_000; i++) {
            samples.sample(TIME + i, i);
        }
        assertNeeds(100_000, samples.request());

        SentV2 series = new SentV2();
        for (int i = 0; i < 100; i++) {
            series.series("__name__", "cpu", "long", "v".repeat(4_000), "n", Integer.toString(i))
                    .sample(TIME, i);
        }
        assertNeeds(400_000, series.request()); // of which the body names the long value by its symbol
    }

    private static void assertNeeds(long bytes, Request request) {
        byte[] body = request.toByteArray();
        assertThat(body.length).isLessThan((int) bytes / 2);
        assertThatThrownBy(() -> read(Protocol.V2, body, bytes)).hasMessageContaining("send it in parts");
        assertThat(read(Protocol.V2, body, 2 * bytes).faults()).isEmpty();
    }

    @Test
    void takesTheSymbolsWhereverTheyStand() throws IOException {
        Request request = v2(2);
        ByteArrayOutputStream turned = new ByteArrayOutputStream();
        request.toBuilder().clearSymbols().build().writeTo(turned);
        request.toBuilder().clearTimeseries().build().writeTo(turned);

        SeriesCollector series = read(Protocol.V2, turned.toByteArray());

        assertThat(series.faults()).isEmpty();
        assertThat(series.samples().count()).isEqualTo(2);
    }

    @Test
    void takesSamplesThatStandBeforeTheLabels() {
        byte[] sample = {18, 2, 16, 1};
        byte[] label =
                Label.newBuilder().setName("__name__").setValue("cpu").build().toByteArray();
        ByteArrayOutputStream series = new ByteArrayOutputStream();
        series.writeBytes(sample);
        series.write(10);
        series.write(label.length);
        series.writeBytes(label);

        assertThat(read(Protocol.V1, message(1, series.toByteArray())).samples().count())
                .isEqualTo(1);
    }

    private static void assertMalformed(Protocol protocol, byte[] body) {
        assertProblem(protocol, body, RemoteWriteProblem.MALFORMED_REQUEST.name());
    }

    private static void assertTooMuch(Protocol protocol, byte[] body) {
        assertProblem(protocol, body, IngestProblem.TOO_MUCH_AT_ONCE.name());
    }

    private static void assertProblem(Protocol protocol, byte[] body, String type) {
        assertThatThrownBy(() -> read(protocol, body))
                .isInstanceOfSatisfying(
                        Problem.class,
                        problem -> assertThat(problem.type().name()).isEqualTo(type));
    }

    private static boolean isBad(Protocol protocol, byte[] body) {
        try {
            read(protocol, body);
            return false;
        } catch (Problem bad) {
            return true;
        }
    }

    private static SeriesCollector read(Protocol protocol, byte[] body) {
        return read(protocol, body, 1 << 30);
    }

    private static SeriesCollector read(Protocol protocol, byte[] body, long memory) {
        try (WorkingMemory.Part part = new WorkingMemory(memory).part()) {
            KnownSeries known = new KnownSeries(key -> key, key -> true, 1_000_000);
            SeriesCollector series = new SeriesCollector(known, protocol == Protocol.V2, part);
            protocol.read(body, series);
            return series;
        }
    }

    private static boolean refusesV1(byte[] body) {
        try {
            return WriteRequest.parseFrom(body).getSerializedSize() < 0;
        } catch (InvalidProtocolBufferException refused) {
            return true;
        }
    }

    private static boolean refusesV2(byte[] body) {
        try {
            return Request.parseFrom(body).getSerializedSize() < 0;
        } catch (InvalidProtocolBufferException refused) {
            return true;
        }
    }

    private static boolean hasFirstSymbol(byte[] body) {
        try {
            Request request = Request.parseFrom(body);
            return request.getSymbolsCount() > 0 && !request.getSymbols(0).isEmpty();
        } catch (InvalidProtocolBufferException refused) {
            return false;
        }
    }

    static WriteRequest v1(int series) {
        WriteRequest.Builder request = WriteRequest.newBuilder();
        for (int i = 0; i < series; i++) {
            request.addTimeseries(SentV1.series("__name__", "cpu", "instance", "i-" + i)
                    .addSamples(Sample.newBuilder().setTimestamp(TIME).setValue(i + 0.5)));
        }
        return request.build();
    }

    static Request v2(int series) {
        SentV2 request = new SentV2();
        for (int i = 0; i < series; i++) {
            request.series("__name__", "cpu", "instance", "i-" + i).sample(TIME, i + 0.5);
        }
        return request.request();
    }

    /// The bytes with some changed, cut out or doubled.
    static byte[] mutated(byte[] body, Random random) {
        byte[] mutated = body.clone();
        for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
            int at = random.nextInt(mutated.length);
            switch (random.nextInt(5)) {
                case 0 -> mutated[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> mutated[at] = (byte) random.nextInt(256);
                case 2 -> mutated = Arrays.copyOf(mutated, Math.max(1, at));
                case 3 -> {
                    byte[] longer = Arrays.copyOf(mutated, mutated.length + 1);
                    System.arraycopy(mutated, at, longer, at + 1, mutated.length - at);
                    mutated = longer;
                }
                default -> mutated[at] = (byte) 0xff;
            }
        }
        return mutated;
    }

    private static byte[] message(int field, byte[] content) {
        byte[] message = new byte[content.length + 10];
        CodedOutputStream out = CodedOutputStream.newInstance(message);
        try {
            out.writeByteArray(field, content);
            return Arrays.copyOf(message, out.getTotalBytesWritten());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] groups(int depth) throws IOException {
        byte[] groups = new byte[depth * 2 + 10];
        CodedOutputStream out = CodedOutputStream.newInstance(groups);
        for (int i = 0; i < depth; i++) {
            out.writeTag(99, 3);
        }
        return Arrays.copyOf(groups, out.getTotalBytesWritten());
    }
}
