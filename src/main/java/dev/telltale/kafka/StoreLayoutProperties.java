package dev.telltale.kafka;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Into how many parts the store divides its series, which the topic of samples does alike. The store checks this
/// setting, and another record declares the others of its prefix.
///
/// @param partitions of the store
@ConfigurationProperties(prefix = "telltale.store")
public record StoreLayoutProperties(@DefaultValue("16") int partitions) {}
