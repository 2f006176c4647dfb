package dev.telltale.ingest.firehose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.telltale.http.Json;
import dev.telltale.ingest.Mutations;
import dev.telltale.ingest.SeriesFilter;
import dev.telltale.ingest.WorkingMemory;
import dev.telltale.problem.Problem;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DeliveryTest {

    private static final Json JSON = new Json();
    private static final long MINUTE = 1_704_067_200_000L;

    @Test
    void takesAHundredStatisticsOfAMetricAndNoMore() {
        Delivery hundred = read(1 << 30, line(MINUTE, 100));
        assertThat(hundred.samples().samples().count()).isEqualTo(100);
        Delivery more = read(1 << 30, line(MINUTE, 101));
        assertThat(more.firstFailure()).contains("a metric has 101 statistics, at most 100 are taken");
        assertThat(more.samples().samples().count()).isZero();
    }

    @Test
    void readsNoLineThatIsLongerThanAMetricCanBe() {
        Delivery delivery = read(1 << 30, line(MINUTE, 40_000) + line(MINUTE, 1));
        assertThat(delivery.firstFailure())
                .hasValueSatisfying(
                        why -> assertThat(why).startsWith("a line has ").endsWith("at most 262144 are read"));
        assertThat(delivery.samples().samples().count()).isEqualTo(1);
    }

    @Test
    void takesAMillionSamplesAndNoMore() {
        String lines =
                IntStream.range(0, 10_000).mapToObj(i -> line(MINUTE + i, 100)).collect(Collectors.joining());
        assertThat(read(1 << 30, lines).samples().samples().count()).isEqualTo(1_000_000);
        assertThatThrownBy(() -> read(1 << 30, lines + line(MINUTE, 1)))
                .hasMessageContaining("a delivery may have 1000000 samples");
    }

    @Test
    void takesTheMemoryThatItsSamplesNeedInBothFormats() {
        for (byte[] record : List.of(MetricStream.json(MINUTE), MetricStream.openTelemetry(MINUTE))) {
            assertThat(read(1 << 20, record).samples().samples().count()).isEqualTo(7);
        }
        // Of this the record takes less than half, the samples the rest.
        String lines = line(MINUTE, 100).repeat(20);
        assertThatThrownBy(() -> read(6L * lines.length(), lines)).hasMessageContaining("send it in parts");
    }

    @Test
    void readsOrRefusesEveryMutationOfADelivery() {
        Random random = new Random(6);
        int refused = 0;
        for (int i = 0; i < 4_000; i++) {
            byte[] record = i % 2 == 0 ? MetricStream.json(MINUTE) : MetricStream.openTelemetry(MINUTE);
            byte[] body = i % 4 < 2
                    ? MetricStream.request("id", Mutations.of(record, random))
                    : Mutations.of(MetricStream.request("id", record), random);
            try {
                refused += readBody(1 << 24, body).firstFailure().isPresent() ? 1 : 0;
            } catch (Problem problem) {
                refused++;
            }
        }
        assertThat(refused).isBetween(400, 3_999);
    }

    private static String line(long time, int statistics) {
        String values =
                IntStream.range(0, statistics).mapToObj(i -> "\"p" + i + "\":1").collect(Collectors.joining(","));
        return "{\"account_id\":\"1\",\"region\":\"r\",\"namespace\":\"n\",\"metric_name\":\"m\",\"dimensions\":{},"
                + "\"timestamp\":" + time + ",\"value\":{" + values + "}}\n";
    }

    private static Delivery read(long memory, String record) {
        return read(memory, record.getBytes(StandardCharsets.UTF_8));
    }

    private static Delivery read(long memory, byte[] record) {
        return readBody(memory, MetricStream.request("id", record));
    }

    private static Delivery readBody(long memory, byte[] body) {
        try (WorkingMemory.Part part = new WorkingMemory(memory).part()) {
            SeriesFilter filter = new SeriesFilter(List.of(), new SimpleMeterRegistry());
            Delivery delivery = new Delivery(JSON, Map.of(), filter, part);
            delivery.read(body);
            return delivery;
        }
    }
}
