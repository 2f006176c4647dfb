package dev.telltale.ingest.firehose;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.telltale.http.Json;
import dev.telltale.ingest.SeriesFilter;
import dev.telltale.ingest.WorkingMemory;
import dev.telltale.problem.Problem;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Map;

/// Whatever bytes are delivered, as a whole or as a record of either format: they are refused by a problem, or
/// make no more samples than they have bytes.
class FirehoseFuzzTest {

    private static final long MEMORY = 1 << 24;

    private final SeriesFilter filter = new SeriesFilter(List.of(), new SimpleMeterRegistry());
    private final Json json = new Json();

    @FuzzTest
    void delivery(byte[] body) {
        read(body);
    }

    @FuzzTest
    void record(byte[] record) {
        read(MetricStream.request("id", record));
    }

    private void read(byte[] body) {
        try (WorkingMemory.Part part = new WorkingMemory(MEMORY).part()) {
            Delivery delivery = new Delivery(json, Map.of(), filter, part);
            delivery.read(body);
            assertThat(delivery.samples().samples().count()).isLessThanOrEqualTo(body.length);
        } catch (Problem refused) {
            assertThat(refused.detail()).isNotBlank();
        }
    }
}
