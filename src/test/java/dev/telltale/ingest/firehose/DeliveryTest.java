package dev.telltale.ingest.firehose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.telltale.http.Json;
import dev.telltale.ingest.SeriesFilter;
import dev.telltale.ingest.WorkingMemory;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DeliveryTest {

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
        try (WorkingMemory.Part part = new WorkingMemory(memory).part()) {
            SeriesFilter filter = new SeriesFilter(List.of(), new SimpleMeterRegistry());
            Delivery delivery = new Delivery(new Json(), Map.of(), filter, part);
            delivery.read(MetricStream.request("id", record));
            return delivery;
        }
    }
}
