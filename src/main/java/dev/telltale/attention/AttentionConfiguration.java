package dev.telltale.attention;

import dev.telltale.attention.torch.TorchSelfAttention;
import dev.telltale.series.SeriesLookup;
import dev.telltale.series.SeriesStore;
import dev.telltale.torch.TorchEngine;
import dev.telltale.torch.TorchExecutor;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(AttentionProperties.class)
class AttentionConfiguration {

    @Bean
    SelfAttention selfAttention(TorchEngine engine, TorchExecutor executor) {
        return new TorchSelfAttention(engine, executor);
    }

    @Bean
    AttentionBudget attentionBudget(AttentionProperties properties) {
        return new AttentionBudget(properties.maxRows(), properties.memory().toBytes());
    }

    @Bean
    StoredWindows storedWindows(SeriesStore store, SeriesLookup lookup) {
        return new StoredWindows(store, lookup);
    }
}
