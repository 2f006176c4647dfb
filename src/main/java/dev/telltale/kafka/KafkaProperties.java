package dev.telltale.kafka;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/// Kafka between those who push and the store, and between the detectors and who listens to them. Only with
/// PostgreSQL.
///
/// @param bootstrapServers such as `kafka-1:9092,kafka-2:9092`; empty: Kafka is not used
/// @param clientFile settings of Kafka's own clients, one `name=value` a line, as its tools take them by
///     `--command-config`: where TLS, user and password stand
/// @param group under which it is noted what is stored
/// @param createTopics whether topics that are not there are made
/// @param topics their names
/// @param sendTimeout what is pushed is in the topic after that time, or refused; 1 s to 1 min
/// @param pollRecords records that are stored together at most, 1 to 10,000
/// @param pollSize bytes of records that are read or stored together, about; 64 KB to 64 MB
/// @param recordSize larger records are not read, 1 KB to 64 MB
/// @param scoreQueue samples of scores that wait in memory while Kafka does not take them, 1,000 to 10,000,000; beyond
///     it the oldest go
@ConfigurationProperties(prefix = "telltale.kafka", ignoreUnknownFields = false)
public record KafkaProperties(
        @DefaultValue("") String bootstrapServers,
        @Nullable Path clientFile,
        @DefaultValue("telltale") String group,
        @DefaultValue("true") boolean createTopics,
        @DefaultValue Topics topics,
        @DefaultValue("10s") Duration sendTimeout,
        @DefaultValue("500") int pollRecords,
        @DefaultValue("8MB") DataSize pollSize,
        @DefaultValue("4MB") DataSize recordSize,
        @DefaultValue("100000") int scoreQueue) {

    private static final String HOST = "[^\\s,]+:[0-9]{1,5}";
    private static final int MOST_RECORDS = 10_000;
    private static final int SMALLEST_QUEUE = 1_000;
    private static final int LARGEST_QUEUE = 10_000_000;
    private static final DataSize LARGEST = DataSize.ofMegabytes(64);

    public KafkaProperties {
        require(
                bootstrapServers.isEmpty() || bootstrapServers.matches(HOST + "( *, *" + HOST + ")*"),
                "bootstrap-servers must be a list such as kafka-1:9092,kafka-2:9092, was '" + bootstrapServers + "'");
        require(!group.isBlank(), "group must not be blank");
        require(
                sendTimeout.compareTo(Duration.ofSeconds(1)) >= 0 && sendTimeout.compareTo(Duration.ofMinutes(1)) <= 0,
                "send-timeout must be from 1s to 1m, was " + sendTimeout);
        require(
                pollRecords >= 1 && pollRecords <= MOST_RECORDS,
                "poll-records must be from 1 to 10000, was " + pollRecords);
        require(
                scoreQueue >= SMALLEST_QUEUE && scoreQueue <= LARGEST_QUEUE,
                "score-queue must be from 1000 to 10000000, was " + scoreQueue);
        require(isFrom(pollSize, DataSize.ofKilobytes(64)), "poll-size must be from 64KB to 64MB, was " + pollSize);
        require(isFrom(recordSize, DataSize.ofKilobytes(1)), "record-size must be from 1KB to 64MB, was " + recordSize);
    }

    /// The topics. Those of scores and anomalies may be empty: nothing is sent then.
    ///
    /// @param samples what monitoring systems push, with as many partitions as the store has
    /// @param deadLetters records that could not be read
    /// @param scores of watched series
    /// @param anomalies and incidents, as they change
    public record Topics(
            @DefaultValue("telltale.samples") String samples,
            @DefaultValue("telltale.samples.dlt") String deadLetters,
            @DefaultValue("telltale.scores") String scores,
            @DefaultValue("telltale.anomalies") String anomalies) {

        private static final String NAME = "[A-Za-z0-9._-]{1,249}";

        public Topics {
            List<String> names = Stream.of(samples, deadLetters, scores, anomalies)
                    .filter(name -> !name.isEmpty())
                    .toList();
            Set<String> different = new HashSet<>(names);
            require(!samples.isEmpty() && !deadLetters.isEmpty(), "topics: samples and dead-letters need names");
            require(
                    names.stream().allMatch(name -> name.matches(NAME)),
                    "topics: a name has up to 249 letters, digits, '.', '_' and '-'");
            require(different.size() == names.size(), "topics: no name may stand twice");
        }
    }

    private static boolean isFrom(DataSize size, DataSize least) {
        return size.compareTo(least) >= 0 && size.compareTo(LARGEST) <= 0;
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalArgumentException("telltale.kafka." + otherwise);
        }
    }
}
