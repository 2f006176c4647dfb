package dev.telltale.ingest.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.telltale.ingest.SeriesFilter;
import dev.telltale.ingest.WorkingMemory;
import dev.telltale.problem.Problem;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;

/// Whatever bytes are exported: they are refused by a problem, or make no more samples than they have bytes.
class OtlpFuzzTest {

    private static final long MEMORY = 1 << 24;

    private final SeriesFilter filter = new SeriesFilter(List.of(), new SimpleMeterRegistry());

    @FuzzTest
    void protobuf(byte[] body) {
        read(ExportEncoding.PROTOBUF, body);
    }

    @FuzzTest
    void json(byte[] body) {
        read(ExportEncoding.JSON, body);
    }

    private void read(ExportEncoding encoding, byte[] body) {
        try (WorkingMemory.Part part = new WorkingMemory(MEMORY).part()) {
            MetricsDecoder decoder =
                    new MetricsDecoder(new IgnoredAttributes(List.of("process.*")), new Rates(1 << 20).pass(), filter);
            decoder.decode(encoding.read(body, part));
            assertThat(decoder.samples().samples().count()).isLessThanOrEqualTo(body.length);
        } catch (Problem refused) {
            assertThat(refused.detail()).isNotBlank();
        }
    }
}
