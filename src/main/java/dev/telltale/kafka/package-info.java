/// The way to Kafka: its settings, its clients, and the topics that there must be.
@NullMarked
package dev.telltale.kafka;

import org.jspecify.annotations.NullMarked;
