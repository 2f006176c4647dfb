package dev.telltale.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class TorchPropertiesTest {

    private static final int CORES = Runtime.getRuntime().availableProcessors();

    @Test
    void usesOneThreadAndAWorkerForEveryCoreByDefault() {
        TorchProperties properties = bind(Map.of());

        assertThat(properties).isEqualTo(new TorchProperties(1, null, 64, null));
        assertThat(properties.workersOrDefault()).isEqualTo(CORES);
    }

    @Test
    void readsEveryProperty() {
        TorchProperties properties = bind(Map.of(
                "telltale.torch.threads", "1",
                "telltale.torch.workers", "1",
                "telltale.torch.queue-capacity", "7",
                "telltale.torch.library-dir", "/opt/native"));

        assertThat(properties).isEqualTo(new TorchProperties(1, 1, 7, Path.of("/opt/native")));
        assertThat(properties.workersOrDefault()).isEqualTo(1);
        assertThat(properties.libraries(Map.of())).isEqualTo(Path.of("/opt/native"));
    }

    @ParameterizedTest
    @CsvSource({"threads, 0", "threads, 100000", "workers, 0", "workers, 100000", "queue-capacity, 0", "thread, 1"})
    void stopsTheStartOnABadValueOrAnUnknownName(String name, String value) {
        assertThatThrownBy(() -> bind(Map.of("telltale.torch." + name, value)))
                .rootCause()
                .hasMessageContaining("telltale.torch." + name);
    }

    private static TorchProperties bind(Map<String, String> settings) {
        BindHandler strict = new NoUnboundElementsBindHandler(BindHandler.DEFAULT);
        return new Binder(new MapConfigurationPropertySource(settings))
                .bindOrCreate("telltale.torch", Bindable.of(TorchProperties.class), strict);
    }
}
