package dev.telltale.ingest.firehose;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// How Amazon Data Firehose shows that it may deliver.
///
/// @param accessKey what the stream is to send as its access key, 16 to 4,096 printable ASCII characters; empty:
///     nothing is taken
@ConfigurationProperties(prefix = "telltale.ingest.firehose", ignoreUnknownFields = false)
record FirehoseProperties(@DefaultValue("") String accessKey) {

    FirehoseProperties {
        if (!accessKey.isEmpty() && !accessKey.matches("[!-~]{16,4096}")) {
            throw new IllegalArgumentException(
                    "telltale.ingest.firehose.access-key must have 16 to 4096 printable ASCII characters, or none");
        }
    }

    /// Does not tell the key.
    @Override
    public String toString() {
        return "FirehoseProperties[accessKey=" + (accessKey.isEmpty() ? "none" : "set") + "]";
    }
}
