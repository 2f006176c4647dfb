package dev.telltale.ingest.firehose;

import dev.telltale.http.Json;
import dev.telltale.ingest.WorkingMemory;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(FirehoseProperties.class)
class FirehoseConfiguration {

    @Bean
    AccessKey firehoseAccessKey(FirehoseProperties properties) {
        return new AccessKey(properties.accessKey());
    }

    @Bean
    WorkingMemory firehoseMemory() {
        return WorkingMemory.ofTheHeap();
    }

    @Bean
    FirehoseMeters firehoseMeters(MeterRegistry registry) {
        return new FirehoseMeters(registry);
    }

    @Bean
    FirehoseForm firehoseForm(Json json) {
        return new FirehoseForm(json, InstantSource.system());
    }
}
