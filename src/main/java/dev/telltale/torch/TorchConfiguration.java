package dev.telltale.torch;

import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.util.Map;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(TorchProperties.class)
class TorchConfiguration {

    @Bean
    TorchEngine torchEngine(TorchProperties properties) {
        Map<String, String> environment = System.getenv();
        try {
            return TorchEngine.start(properties.threads(), libraries(properties, environment), environment);
        } catch (EngineMayGoOnline e) {
            // Spring Boot ends the start with the sentence in place of a stack trace.
            throw new InvalidConfigurationPropertyValueException("DJL_OFFLINE", e.value(), e.getMessage());
        }
    }

    private static Path libraries(TorchProperties properties, Map<String, String> environment) {
        try {
            return properties.libraries(environment);
        } catch (IllegalStateException e) {
            throw new InvalidConfigurationPropertyValueException(
                    "telltale.torch.library-dir", properties.libraryDir(), String.valueOf(e.getMessage()));
        }
    }

    @Bean
    TorchExecutor torchExecutor(TorchProperties properties) {
        return new TorchExecutor(properties.workersOrDefault(), properties.queueCapacity());
    }

    @Bean
    TorchMeters torchMeters(MeterRegistry registry, TorchEngine engine, TorchExecutor executor) {
        return new TorchMeters(registry, engine, executor);
    }
}
