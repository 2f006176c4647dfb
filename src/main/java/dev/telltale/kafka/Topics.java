package dev.telltale.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The topics that there must be. Looks at them at the start, and again until a broker has answered; nothing is sent
/// or read before that.
public final class Topics implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Topics.class);
    private static final Duration PAUSE = Duration.ofSeconds(2);
    private static final Duration END = Duration.ofSeconds(10);

    private final KafkaClients clients;
    private final KafkaProperties properties;
    private final int partitions;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile Optional<String> fault = Optional.of("the topics were not looked at yet");
    private Optional<Thread> looking = Optional.empty();

    /// @param partitions of the store
    public Topics(KafkaClients clients, KafkaProperties properties, int partitions) {
        this.clients = clients;
        this.properties = properties;
        this.partitions = partitions;
    }

    /// Looks at the topics, and makes those that are missing if that is allowed. Where no broker answers it is tried
    /// again from now on.
    ///
    /// @throws KafkaUnusable if they are not as they must be, or this service is not let in
    public void start() {
        try {
            look();
            fault = Optional.empty();
        } catch (KafkaException unreachable) {
            fault = Optional.of(saying(unreachable));
            LOG.warn("Kafka does not answer, and is tried again: {}", saying(unreachable));
            looking = Optional.of(Thread.ofVirtual().name("kafka-topics").start(this::lookAgain));
        }
    }

    /// Whether all is as it must be.
    public boolean areReady() {
        return fault.isEmpty();
    }

    /// What is the matter, if anything.
    public Optional<String> fault() {
        return fault;
    }

    @Override
    public void close() {
        closed.countDown();
        try {
            if (looking.isPresent() && !looking.get().join(END)) {
                LOG.debug("Somebody still looks at the topics");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void lookAgain() {
        try {
            while (!closed.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
                String before = fault.orElse("");
                try {
                    look();
                    fault = Optional.empty();
                    LOG.info("Kafka answers, and its topics are as they must be");
                    return;
                } catch (KafkaUnusable wrong) {
                    fault = Optional.of(saying(wrong));
                    if (!fault.get().equals(before)) {
                        LOG.error("{} {}", wrong.getMessage(), wrong.advice());
                    }
                } catch (KafkaException unreachable) {
                    fault = Optional.of(saying(unreachable));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// @throws KafkaException if no broker answers
    private void look() {
        try (Admin admin = clients.admin()) {
            KafkaProperties.Topics names = properties.topics();
            require(admin, names.samples(), partitions);
            int found = partitions(admin, names.samples()).orElse(partitions);
            if (found != partitions) {
                throw new KafkaUnusable(
                        "The topic '%s' has %d partitions, and the store %d: they must be as many."
                                .formatted(names.samples(), found, partitions),
                        "Let telltale.kafka.topics.samples name another topic, or one that is not there yet; the store"
                                + " keeps the telltale.store.partitions of its first start.");
            }
            require(admin, names.deadLetters(), 1);
            if (!names.scores().isEmpty()) {
                require(admin, names.scores(), partitions);
            }
            if (!names.anomalies().isEmpty()) {
                require(admin, names.anomalies(), 1);
            }
        }
    }

    /// Makes a topic if it is not there.
    private void require(Admin admin, String topic, int wanted) {
        if (partitions(admin, topic).isPresent()) {
            return;
        }
        if (!properties.createTopics()) {
            throw new KafkaUnusable(
                    "There is no topic '" + topic + "'.",
                    "Make it with " + wanted + " partitions, or set telltale.kafka.create-topics to true.");
        }
        NewTopic wish = new NewTopic(topic, Optional.of(wanted), Optional.empty());
        List<KafkaException> refusals = new ArrayList<>();
        await(admin.createTopics(List.of(wish)).all(), refusals);
        if (refusals.isEmpty()) {
            LOG.info("Made the topic '{}' of {} partitions", topic, wanted);
        } else if (!(refusals.getFirst() instanceof TopicExistsException)) { // else another process was faster
            throw refusals.getFirst();
        }
    }

    /// How many partitions a topic has; empty if it is not there.
    private static Optional<Integer> partitions(Admin admin, String topic) {
        List<KafkaException> refusals = new ArrayList<>();
        Optional<Map<String, TopicDescription>> found =
                await(admin.describeTopics(List.of(topic)).allTopicNames(), refusals);
        if (!refusals.isEmpty() && !(refusals.getFirst() instanceof UnknownTopicOrPartitionException)) {
            throw refusals.getFirst();
        }
        return found.map(topics -> topics.get(topic))
                .map(one -> one.partitions().size());
    }

    /// @param refusals gets what the broker said, unless it does not let this service in
    private static <T> Optional<T> await(KafkaFuture<T> future, List<KafkaException> refusals) {
        try {
            return Optional.ofNullable(future.get());
        } catch (ExecutionException failure) {
            Throwable cause = failure.getCause();
            if (cause instanceof AuthenticationException || cause instanceof AuthorizationException) {
                throw new KafkaUnusable(
                        "Kafka does not let this service do what it must (" + cause.getMessage() + ").",
                        "Correct user, password or certificate in the file that telltale.kafka.client-file names, or"
                                + " what this user is allowed.");
            }
            refusals.add(cause instanceof KafkaException kafka ? kafka : new KafkaException(cause));
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted", e);
        }
    }

    private static String saying(RuntimeException failure) {
        return String.valueOf(failure.getMessage());
    }
}
