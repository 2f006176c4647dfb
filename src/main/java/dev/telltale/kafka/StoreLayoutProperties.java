package dev.telltale.kafka;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// How the store divides its series, which the topic of samples does alike. The store checks these settings, and
/// another record declares the others of their prefix.
///
/// @param partitions of the store
/// @param groupLabel series that have the same value of this label lie in the same partition
@ConfigurationProperties(prefix = "telltale.store")
public record StoreLayoutProperties(
        @DefaultValue("16") int partitions,
        @DefaultValue("instance") String groupLabel) {}
