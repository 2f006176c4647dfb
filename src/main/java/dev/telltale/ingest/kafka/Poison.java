package dev.telltale.ingest.kafka;

import org.apache.kafka.clients.consumer.ConsumerRecord;

/// A record that can never be stored.
///
/// @param detail what is wrong with it, for people
record Poison(ConsumerRecord<byte[], byte[]> source, Cause cause, String detail) {}
