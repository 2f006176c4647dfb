package dev.telltale.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.telltale.problem.Problem;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

class WorkingMemoryTest {

    private final WorkingMemory memory = new WorkingMemory(1_000_000);

    @Test
    void whatIsMoreThanAllOfItIsTooLarge() {
        try (WorkingMemory.Part part = memory.part()) {
            part.take(600_000);
            assertThatThrownBy(() -> part.take(400_001))
                    .asInstanceOf(InstanceOfAssertFactories.type(Problem.class))
                    .extracting(Problem::type)
                    .isEqualTo(IngestProblem.TOO_MUCH_AT_ONCE);
        }
    }

    @Test
    void whoComesWhileOthersHaveItHearsWhenToComeAgain() {
        try (WorkingMemory.Part other = memory.part()) {
            other.take(600_000);
            try (WorkingMemory.Part part = memory.part()) {
                assertThatThrownBy(() -> part.take(400_001))
                        .asInstanceOf(InstanceOfAssertFactories.type(Problem.class))
                        .satisfies(busy -> assertThat(busy.type()).isEqualTo(IngestProblem.BUSY))
                        .satisfies(busy -> assertThat(busy.retryAfter()).contains(Duration.ofSeconds(2)));
            }
        }
        try (WorkingMemory.Part part = memory.part()) {
            part.take(1_000_000);
        }
    }

    @Test
    void samplesAndTheirSeriesAreCounted() {
        try (WorkingMemory.Part part = memory.part()) {
            part.takeFor(5_000, 1_000);
            part.take(100_000);
            assertThatThrownBy(() -> part.takeFor(1, 0)).hasMessageContaining("send it in parts");
        }
    }

    @Test
    void bodiesAreReadWholeAndCounted() throws IOException {
        byte[] body = new byte[200_000];
        body[199_999] = 7;
        try (WorkingMemory.Part part = memory.part()) {
            assertThat(part.read(new ByteArrayInputStream(body))).isEqualTo(body);
            assertThatThrownBy(() -> part.take(600_001)).hasMessageContaining("send it in parts");
        }
        try (WorkingMemory.Part part = memory.part()) {
            assertThatThrownBy(() -> part.read(new ByteArrayInputStream(new byte[600_000])))
                    .hasMessageContaining("send it in parts");
        }
    }
}
