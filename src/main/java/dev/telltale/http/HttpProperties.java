package dev.telltale.http;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/// Limits of request bodies, counted after inflating.
///
/// @param maxBody of JSON and other bodies that are read whole
/// @param maxUpload of samples and models, which are read as they come
@ConfigurationProperties(prefix = "telltale.http", ignoreUnknownFields = false)
public record HttpProperties(
        @DefaultValue("32MB") DataSize maxBody,
        @DefaultValue("1GB") DataSize maxUpload) {

    public HttpProperties {
        if (maxBody.toBytes() < 1024 || maxUpload.toBytes() < maxBody.toBytes()) {
            throw new IllegalArgumentException("telltale.http.max-body must be at least 1KB and not above max-upload");
        }
    }
}
