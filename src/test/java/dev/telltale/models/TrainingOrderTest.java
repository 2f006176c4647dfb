package dev.telltale.models;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.http.Json;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TrainingOrderTest {

    private static final Json JSON = new Json();

    @Test
    void readsWhatItWrote() {
        TrainingOrder order = new TrainingOrder(TestModels.specification("cpu", 4), 7, true);

        assertThat(TrainingOrder.read(JSON, order.write(JSON))).isEqualTo(order);
    }

    /// A job may wait in the queue while the service is updated.
    @Test
    void readsAnOrderOfTheFirstRelease() {
        ModelSpecification specification = TestModels.specification("cpu", 4);
        String text = new String(JSON.write(specification), StandardCharsets.UTF_8);

        assertThat(TrainingOrder.read(JSON, text)).isEqualTo(TrainingOrder.first(specification));
    }
}
