package dev.telltale.ingest.otlp;

import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/// How OpenTelemetry metrics are taken.
///
/// @param rateMemory heap for the last points of streams that count up, about; the streams that were silent
///     longest go first
/// @param ignoredResourceAttributes attributes of resources that become no labels, since they change from one
///     start of a process to the next; `*` at the end stands for the rest of a name
@ConfigurationProperties(prefix = "telltale.ingest.otlp", ignoreUnknownFields = false)
record OtlpProperties(
        @DefaultValue("32MB") DataSize rateMemory,

        @DefaultValue({"process.*", "telemetry.sdk.*", "os.description"})
        List<String> ignoredResourceAttributes) {

    OtlpProperties {
        if (rateMemory.toMegabytes() < 1) {
            throw new IllegalArgumentException(
                    "telltale.ingest.otlp.rate-memory must be at least 1MB, was " + rateMemory);
        }
        ignoredResourceAttributes = List.copyOf(ignoredResourceAttributes);
    }
}
