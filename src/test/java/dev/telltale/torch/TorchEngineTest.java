package dev.telltale.torch;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TorchEngineTest {

    @ParameterizedTest
    @ValueSource(strings = {"false", "", "1", "yes"})
    void refusesToStartWhereTheEnvironmentLetsDjlUseTheNetwork(String value) {
        assertThatThrownBy(() -> TorchEngine.start(1, Path.of("unused"), Map.of("DJL_OFFLINE", value)))
                .isInstanceOf(EngineMayGoOnline.class)
                .hasMessage("The environment variable DJL_OFFLINE is '" + value
                        + "', which lets DJL use the network: unset it or set it to true.");
    }
}
