package dev.telltale.egress;

import static dev.telltale.egress.ListeningFarEnd.answer;
import static dev.telltale.egress.TestScores.cpu;
import static dev.telltale.egress.TestScores.score;
import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.egress.ListeningFarEnd.Behaviour;
import dev.telltale.live.LiveScore;
import dev.telltale.series.SeriesKey;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class ScoreSenderTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long NOW = 1_700_000_000_000L;
    private static final Behaviour TAKES_ALL = (exchange, number, request) -> answer(exchange, 204, "");

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final EgressMeters meters = new EgressMeters(registry);

    private final ListeningFarEnd listening;
    private volatile Behaviour behaviour = TAKES_ALL;
    private ScoreSender sender;

    ScoreSenderTest() throws IOException {
        listening = new ListeningFarEnd((exchange, number, request) -> behaviour.answer(exchange, number, request));
        sender = sender(Duration.ofSeconds(20), 1_000);
    }

    private ScoreSender sender(Duration timeout, int queue) {
        return sender(timeout, queue, () -> Instant.ofEpochMilli(NOW));
    }

    private ScoreSender sender(Duration timeout, int queue, InstantSource clock) {
        return new ScoreSender(
                new FarEnd(listening.url(), "secret", timeout, () -> Instant.ofEpochMilli(NOW)),
                "far",
                4,
                queue,
                Duration.ofHours(1),
                meters,
                clock);
    }

    private void start(Behaviour farEnd, Duration timeout, int queue) {
        sender = sender(timeout, queue);
        start(farEnd);
    }

    private void start(Behaviour farEnd) {
        behaviour = farEnd;
        sender.start();
    }

    @AfterEach
    void stop() {
        sender.close();
        listening.close();
    }

    private double samples(String outcome) {
        return registry.get("telltale.egress.samples")
                .tag("outcome", outcome)
                .counter()
                .count();
    }

    private double requests(String outcome) {
        return registry.get("telltale.egress.requests")
                .tag("outcome", outcome)
                .counter()
                .count();
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("patience").isLessThan(deadline);
            try {
                Thread.sleep(5);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private void awaitNothingWaits() {
        await(() -> registry.get("telltale.egress.waiting").gauge().value() == 0);
    }

    private static List<LiveScore> rows(SeriesKey series, long from, long to) {
        return LongStream.range(from, to)
                .mapToObj(row -> score(series, NOW + row, 0.5))
                .toList();
    }

    private static String sent(String instance, long... rows) {
        StringBuilder text =
                new StringBuilder("telltale_score{detector=\"d\",instance=\"" + instance + "\",metric=\"cpu\"}");
        for (long row : rows) {
            text.append(" 0.5@").append(NOW + row);
        }
        return text.toString();
    }

    @Test
    void anErrorCostsTheBatchAndNotTheThread(CapturedOutput output) {
        AtomicInteger looks = new AtomicInteger();
        sender = sender(Duration.ofSeconds(20), 1_000, () -> {
            if (looks.getAndIncrement() == 0) {
                throw new OutOfMemoryError("as the clock is read");
            }
            return Instant.ofEpochMilli(NOW);
        });
        sender.scored(rows(cpu("a"), 0, 6));
        start(TAKES_ALL);
        awaitNothingWaits();
        assertThat(listening.requests()).containsExactly(sent("a", 4, 5));
        assertThat(samples("refused")).isEqualTo(4);
        assertThat(samples("written")).isEqualTo(2);
        assertThat(output).contains("as the clock is read", "4 samples");
    }

    @Test
    void writesBatchesInOrder() {
        start(TAKES_ALL);
        sender.scored(rows(cpu("a"), 0, 10));
        awaitNothingWaits();
        assertThat(listening.requests()).containsExactly(sent("a", 0, 1, 2, 3), sent("a", 4, 5, 6, 7), sent("a", 8, 9));
        assertThat(listening.headers())
                .contains(
                        "Content-type: application/x-protobuf",
                        "Content-encoding: snappy",
                        "X-prometheus-remote-write-version: 0.1.0",
                        "Authorization: Bearer secret");
        assertThat(samples("written")).isEqualTo(10);
        assertThat(requests("written")).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 503, 599, 429})
    void sendsAgainWhatCannotBeTakenNow(int status) {
        start((exchange, number, request) -> answer(exchange, number < 2 ? status : 200, "busy", "Retry-After: 0"));
        sender.scored(rows(cpu("a"), 0, 6));
        awaitNothingWaits();
        assertThat(listening.requests())
                .containsExactly(sent("a", 0, 1, 2, 3), sent("a", 0, 1, 2, 3), sent("a", 0, 1, 2, 3), sent("a", 4, 5));
        assertThat(samples("written")).isEqualTo(6);
        assertThat(requests("failed")).isEqualTo(2);
    }

    @Test
    void sendsAgainWhereTheConnectionBreaks(CapturedOutput output) {
        start((exchange, number, request) -> {
            if (number == 0) {
                exchange.close();
            } else {
                answer(exchange, 204, "");
            }
        });
        sender.scored(rows(cpu("a"), 0, 2));
        awaitNothingWaits();
        assertThat(listening.requests()).containsExactly(sent("a", 0, 1), sent("a", 0, 1));
        assertThat(output)
                .contains("Scores cannot be written to far now", "far answers again; 2 samples of scores wait for it");
    }

    @Test
    void waitsAsLongAsTheFarEndAsks() {
        start((exchange, number, request) -> answer(exchange, number == 0 ? 503 : 204, "", "Retry-After: 1"));
        long begin = System.nanoTime();
        sender.scored(rows(cpu("a"), 0, 1));
        awaitNothingWaits();
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 404, 301, 307})
    void dropsWhatIsRefusedAsAWhole(int status) {
        start((exchange, number, request) ->
                answer(exchange, number == 0 ? status : 204, "", "Location: http://127.0.0.1:9/elsewhere"));
        sender.scored(rows(cpu("a"), 0, 6));
        awaitNothingWaits();
        assertThat(listening.requests()).containsExactly(sent("a", 0, 1, 2, 3), sent("a", 4, 5));
        assertThat(samples("refused")).isEqualTo(4);
        assertThat(samples("written")).isEqualTo(2);
    }

    @Test
    void findsTheSamplesThatAreRefused(CapturedOutput output) {
        start((exchange, number, request) -> {
            boolean isBad = request.getTimeseriesList().stream()
                    .anyMatch(series -> ListeningFarEnd.text(series).contains("bad"));
            answer(exchange, isBad ? 400 : 204, isBad ? "out of order sample" : "");
        });
        sender.scored(List.of(
                score(cpu("a"), NOW, 0.5),
                score(cpu("bad"), NOW, 0.5),
                score(cpu("a"), NOW + 1, 0.5),
                score(cpu("c"), NOW, 0.5)));
        awaitNothingWaits();
        assertThat(listening.requests())
                .containsExactly(
                        sent("a", 0, 1) + "; " + sent("bad", 0) + "; " + sent("c", 0),
                        sent("a", 0, 1),
                        sent("bad", 0) + "; " + sent("c", 0),
                        sent("bad", 0),
                        sent("c", 0));
        assertThat(samples("refused")).isEqualTo(1);
        assertThat(samples("written")).isEqualTo(3);
        assertThat(output)
                .contains("1 samples of scores were not written, such as of cpu{instance=\"bad\"}: far refuses them:"
                        + " it answers 400 out of order sample");
    }

    @Test
    void leavesOutWhatIsTooOld() {
        start(TAKES_ALL);
        long anHour = Duration.ofHours(1).toMillis();
        sender.scored(rows(cpu("a"), -anHour - 2, -anHour + 1));
        awaitNothingWaits();
        assertThat(listening.requests()).containsExactly(sent("a", -anHour));
        assertThat(samples("too-old")).isEqualTo(2);
    }

    @Test
    void keepsNobodyWaitingWhereTheFarEndHangs(CapturedOutput output) {
        CountDownLatch hanging = new CountDownLatch(1);
        Semaphore came = new Semaphore(0);
        start(
                (exchange, number, request) -> {
                    came.release();
                    try {
                        hanging.await();
                    } catch (InterruptedException e) {
                        throw new IOException(e);
                    }
                    answer(exchange, 204, "");
                },
                Duration.ofMinutes(5),
                10);
        sender.scored(rows(cpu("a"), 0, 1));
        came.acquireUninterruptibly();
        sender.scored(rows(cpu("a"), 1, 14)); // returns
        assertThat(samples("overflow")).isEqualTo(3);
        assertThat(output).contains("3 samples of scores were not written, such as of cpu{instance=\"a\"}");
        hanging.countDown();
        awaitNothingWaits();
        assertThat(listening.requests())
                .containsExactly(sent("a", 0), sent("a", 4, 5, 6, 7), sent("a", 8, 9, 10, 11), sent("a", 12, 13));
    }

    @Test
    void hasAnEndWithAFarEndThatNeverAnswers() {
        CountDownLatch hanging = new CountDownLatch(1);
        start(
                (exchange, number, request) -> {
                    if (number == 0) {
                        exchange.sendResponseHeaders(200, 1_000); // and then nothing of it
                        exchange.getResponseBody().flush();
                        try {
                            hanging.await();
                        } catch (InterruptedException e) {
                            throw new IOException(e);
                        }
                    }
                    answer(exchange, 204, "");
                },
                Duration.ofMillis(300),
                1_000);
        sender.scored(rows(cpu("a"), 0, 1));
        awaitNothingWaits();
        hanging.countDown();
        assertThat(requests("failed")).isPositive();
        assertThat(samples("written")).isEqualTo(1);
    }

    @Test
    void readsNoMoreThanTheBeginOfAnAnswer(CapturedOutput output) {
        CountDownLatch ended = new CountDownLatch(1);
        start((exchange, number, request) -> {
            if (number > 0) {
                answer(exchange, 204, "");
                return;
            }
            exchange.sendResponseHeaders(404, 0);
            byte[] line = "no such thing here ".repeat(1_000).getBytes(StandardCharsets.US_ASCII);
            try (OutputStream body = exchange.getResponseBody()) {
                for (long bytes = 0; bytes < 10_000_000_000L; bytes += line.length) {
                    body.write(line);
                }
            } catch (IOException closedByTheReader) {
                ended.countDown();
            }
        });
        sender.scored(rows(cpu("a"), 0, 5));
        awaitNothingWaits();
        await(() -> ended.getCount() == 0);
        assertThat(samples("refused")).isEqualTo(4);
        assertThat(output).contains("it answers 404 no such thing here").doesNotContain("here ".repeat(20));
    }

    @Test
    void writesWhatWaitsBeforeItEnds() {
        start(TAKES_ALL);
        sender.scored(rows(cpu("a"), 0, 200));
        sender.close();
        assertThat(samples("written")).isEqualTo(200);
    }

    @Test
    void saysWhatIsLeftWhereItCannot(CapturedOutput output) {
        start((exchange, number, request) -> answer(exchange, 503, "", "Retry-After: 100"));
        sender.scored(rows(cpu("a"), 0, 7));
        await(() -> requests("failed") > 0);
        sender.close();
        assertThat(output).contains("7 samples of scores are not written to far, and will not be");
    }
}
