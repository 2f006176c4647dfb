package dev.telltale.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 3, unit = TimeUnit.MINUTES)
class LazyProducerTest {

    private final Kafka kafka = Kafka.shared();
    private final KafkaProperties.Topics names = Kafka.freshTopics();
    private final LazyProducer producer =
            KafkaClients.of(kafka.properties(names)).producer("lazy", Duration.ofSeconds(2), 1 << 20);

    private Producer<byte[], byte[]> open() {
        return producer.open().orElseThrow();
    }

    @Test
    void isTheSameUntilItIsDiscardedAndThenANewOneWhichStays() {
        Producer<byte[], byte[]> first = open();
        assertThat(open()).isSameAs(first);

        producer.discard(first);
        assertThatThrownBy(() -> first.send(new ProducerRecord<>(names.scores(), new byte[1])))
                .isInstanceOf(IllegalStateException.class);
        Producer<byte[], byte[]> second = open();
        assertThat(second).isNotSameAs(first);

        producer.discard(first);
        assertThat(open()).isSameAs(second);
        producer.close(Duration.ZERO);
    }

    @Test
    void thereIsNoneOnceItIsClosedAndWhatWasOnItsWayIsWritten() {
        kafka.create(names.scores(), 1, Map.of());
        Future<?> sent = open().send(new ProducerRecord<>(names.scores(), new byte[1]));

        producer.close(Duration.ofSeconds(30));

        assertThat(sent.state()).isEqualTo(Future.State.SUCCESS);
        assertThat(kafka.count(names.scores())).isEqualTo(1);
        assertThat(producer.open()).isEmpty();
    }
}
