package dev.telltale.kafka;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;

/// A broker of Kafka as a process of this machine, which also is its own controller.
public final class BrokerProcess implements AutoCloseable {

    private final Path directory;
    private final int port = freePort();
    private final int controllerPort = freePort();
    private Optional<Process> process = Optional.empty();

    /// @param directory of its data, not there yet or empty
    public BrokerProcess(Path directory) {
        this.directory = directory;
        try {
            Path data = Files.createDirectories(directory.resolve("data"));
            Files.writeString(data.resolve("meta.properties"), """
                    version=1
                    cluster.id=%s
                    node.id=1
                    directory.id=%s
                    """.formatted(Uuid.randomUuid(), Uuid.randomUuid()));
            Files.writeString(directory.resolve("server.properties"), """
                    process.roles=broker,controller
                    node.id=1
                    controller.quorum.voters=1@127.0.0.1:%2$d
                    listeners=PLAINTEXT://127.0.0.1:%1$d,CONTROLLER://127.0.0.1:%2$d
                    advertised.listeners=PLAINTEXT://127.0.0.1:%1$d
                    controller.listener.names=CONTROLLER
                    listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
                    log.dirs=%3$s
                    auto.create.topics.enable=false
                    offsets.topic.num.partitions=1
                    offsets.topic.replication.factor=1
                    transaction.state.log.replication.factor=1
                    transaction.state.log.min.isr=1
                    share.coordinator.state.topic.replication.factor=1
                    share.coordinator.state.topic.min.isr=1
                    """.formatted(port, controllerPort, data));
            Files.writeString(directory.resolve("logback.xml"), """
                    <configuration>
                      <appender name="out" class="ch.qos.logback.core.ConsoleAppender">
                        <encoder><pattern>%d %-5level %logger{20} %msg%n</pattern></encoder>
                      </appender>
                      <root level="WARN"><appender-ref ref="out"/></root>
                    </configuration>
                    """);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start();
        // Who forgets to close it leaves nothing behind.
        Runtime.getRuntime().addShutdownHook(new Thread(this::stop));
    }

    /// Its address.
    public String servers() {
        return "127.0.0.1:" + port;
    }

    /// Starts it again after `stop`, on the same port.
    public void start() {
        try {
            Path log = directory.resolve("log");
            Process started = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx256m",
                            "-XX:+UseSerialGC",
                            "-XX:TieredStopAtLevel=1",
                            "-Dlogback.configurationFile=" + directory.resolve("logback.xml"),
                            "-cp",
                            System.getProperty("java.class.path"),
                            "kafka.Kafka",
                            directory.resolve("server.properties").toString())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
            process = Optional.of(started);
            while (!answers()) {
                if (!started.isAlive()) {
                    throw new IllegalStateException("the broker has ended:\n" + Files.readString(log));
                }
                Thread.sleep(50);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /// Kills it.
    public void stop() {
        process.ifPresent(one -> {
            one.destroyForcibly();
            try {
                one.waitFor(10, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        process = Optional.empty();
    }

    /// Ends it in order, so that it trusts its files when it is started again.
    public void end() {
        process.ifPresent(one -> {
            one.destroy();
            try {
                one.waitFor(60, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        process = Optional.empty();
    }

    /// The file of the first records of a partition.
    public Path file(String topic, int partition) {
        return directory.resolve("data").resolve(topic + "-" + partition).resolve("00000000000000000000.log");
    }

    /// Ends it and removes what it wrote.
    @Override
    public void close() {
        stop();
        try (Stream<Path> files = Files.walk(directory)) {
            List<Path> deepestFirst =
                    files.sorted((one, other) -> other.compareTo(one)).toList();
            for (Path file : deepestFirst) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean answers() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
