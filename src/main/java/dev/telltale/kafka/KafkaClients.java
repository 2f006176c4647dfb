package dev.telltale.kafka;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// Makes clients of Kafka. Each belongs to who asked for it, who closes it. To make one fails with a `KafkaException`
/// where a name of `bootstrap-servers` cannot be resolved, which may pass.
public final class KafkaClients {

    /// For one request to a broker.
    private static final Duration REQUEST = Duration.ofSeconds(5);

    private static final Duration CONNECTION = Duration.ofSeconds(3);
    private static final Duration LINGER = Duration.ofMillis(5);
    /// A caller of `send` waits no longer for room in the buffer, or to hear where a topic lies.
    private static final Duration LONGEST_BLOCK = Duration.ofSeconds(2);
    /// For records that are stored together: what a transaction costs hardly depends on how many it holds.
    private static final Duration LONGEST_GATHERING = Duration.ofMillis(500);
    /// Bytes of records that need not wait for more.
    private static final int WORTH_A_TRANSACTION = 1 << 20;

    private final KafkaProperties properties;
    private final Map<String, Object> given;

    private KafkaClients(KafkaProperties properties, Map<String, Object> given) {
        this.properties = properties;
        this.given = given;
    }

    /// Those that the settings describe.
    ///
    /// @throws KafkaUnusable if the file of client settings cannot be read
    public static KafkaClients of(KafkaProperties properties) {
        Path file = properties.clientFile();
        return new KafkaClients(properties, file == null ? Map.of() : read(file));
    }

    /// A producer of which each record is on all brokers that are in step, once it says so.
    ///
    /// @param name what it is for, such as `relay`
    /// @param timeout after it a record that is not written has failed, at least 1 s
    /// @param buffer bytes that wait at most
    public LazyProducer producer(String name, Duration timeout, long buffer) {
        long request = Math.min(REQUEST.toMillis(), timeout.toMillis() / 2);
        Map<String, Object> settings = settings(name);
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        settings.put(ProducerConfig.LINGER_MS_CONFIG, LINGER.toMillis());
        settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) request);
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, (int) timeout.toMillis());
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, Math.min(LONGEST_BLOCK.toMillis(), timeout.toMillis()));
        settings.put(ProducerConfig.BUFFER_MEMORY_CONFIG, buffer);
        return new LazyProducer(
                () -> new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer()));
    }

    /// A consumer that notes under the group what is stored, and is told which partitions to read.
    public Consumer<byte[], byte[]> consumer(String name) {
        int bytes = Math.toIntExact(properties.pollSize().toBytes());
        Map<String, Object> settings = settings(name);
        settings.put(ConsumerConfig.GROUP_ID_CONFIG, properties.group());
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, properties.pollRecords());
        settings.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, bytes);
        settings.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, bytes);
        settings.put(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, Math.min(bytes, WORTH_A_TRANSACTION));
        settings.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, (int) LONGEST_GATHERING.toMillis());
        settings.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) REQUEST.toMillis());
        settings.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) REQUEST.toMillis());
        return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /// Looks at topics and makes them.
    public Admin admin() {
        Map<String, Object> settings = settings("admin");
        settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) REQUEST.toMillis());
        settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) REQUEST.toMillis());
        return Admin.create(settings);
    }

    /// What others set goes before what the file says.
    private Map<String, Object> settings(String name) {
        Map<String, Object> settings = new HashMap<>(given);
        settings.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, properties.bootstrapServers());
        settings.put(CommonClientConfigs.CLIENT_ID_CONFIG, "telltale-" + name);
        settings.put(CommonClientConfigs.METRIC_REPORTER_CLASSES_CONFIG, ""); // no JMX
        settings.put(CommonClientConfigs.ENABLE_METRICS_PUSH_CONFIG, false);
        settings.put(CommonClientConfigs.SOCKET_CONNECTION_SETUP_TIMEOUT_MS_CONFIG, CONNECTION.toMillis());
        settings.put(CommonClientConfigs.SOCKET_CONNECTION_SETUP_TIMEOUT_MAX_MS_CONFIG, REQUEST.toMillis());
        return settings;
    }

    private static Map<String, Object> read(Path file) {
        Properties lines = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            lines.load(reader);
        } catch (IOException | IllegalArgumentException unreadable) {
            throw new KafkaUnusable(
                    "The settings of Kafka's clients cannot be read (" + unreadable + ").",
                    "Let telltale.kafka.client-file name a file of lines name=value that this user may read.");
        }
        Map<String, Object> given = new HashMap<>();
        lines.stringPropertyNames().forEach(name -> given.put(name, lines.getProperty(name)));
        return given;
    }
}
