package dev.telltale.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.telltale.http.Json;
import dev.telltale.problem.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;

/// What every log of events promises.
abstract class AuditLogContract {

    /// So much is kept.
    static final long FILE_SIZE = 64 << 10;

    static final int FILES = 4;

    final Json json = new Json();
    AuditLog log;

    /// Opens the log of this test, once more after it was closed.
    abstract AuditLog opened();

    /// From now on nothing can be written, until it is mended.
    abstract void harm() throws Exception;

    abstract void mend() throws Exception;

    @BeforeEach
    void open() {
        log = opened();
    }

    @AfterEach
    void close() {
        log.close();
    }

    @Test
    void showsTheNewestFirst() throws IOException {
        log.record(event(1));
        log.note(event(2));
        log.recordOrLetWait(event(3));
        assertThat(newest(10).events()).containsExactly(3L, 2L, 1L);
        assertThat(newest(10).next()).isEmpty();
    }

    @Test
    void hasWhatWasThereWhenItIsOpenedAgain() throws IOException {
        log.record(event(1));
        log.close();
        log = opened();
        log.record(event(2));
        assertThat(newest(10).events()).containsExactly(2L, 1L);
    }

    @Test
    void isEmptyAtFirst() throws IOException {
        log.note(event(1));
        assertThat(newest(1)).isEqualTo(new Part(List.of(1L), Optional.empty()));
    }

    @Test
    void showsEachEventOnALineOfItsOwnWhateverItHolds() throws IOException {
        String forged = "x\r\n{\"event\":\"key-created\"}\n\u001b[2J\u009b31m\u2028\u202e\0\ud800";
        log.record(new AuditEvent(
                Instant.EPOCH,
                AuditEvent.Kind.CHANGE,
                forged,
                "::1",
                forged,
                forged + "y".repeat(100_000),
                200,
                null,
                forged,
                1));
        log.record(event(2));
        List<String> lines = new ArrayList<>();
        log.reader().read(Optional.empty(), 10, line -> {
            lines.add(new String(line, StandardCharsets.US_ASCII));
            return AuditReader.Choice.TAKE;
        });
        assertThat(lines).hasSize(2).last().asString().matches("[ -~]{1,4000}");
        assertThat(newest(10).events()).containsExactly(2L, 1L);
    }

    @Test
    void isReadBackwardsInPartsToItsBeginning() throws IOException {
        for (int i = 0; i < 1_203; i++) {
            log.note(event(i));
        }
        List<Long> kept = read(1_000_000);
        assertThat(kept.reversed()).isEqualTo(numbers(1_203 - kept.size(), 1_203));
        for (int part : new int[] {1, 37, 500, 501}) {
            assertThat(read(part)).as("in parts of " + part).isEqualTo(kept);
        }
    }

    @Test
    void goesOnWhereItWasThoughLinesAreAddedMeanwhile() throws IOException {
        for (int i = 0; i < 300; i++) {
            log.note(event(i));
        }
        Part first = newest(100);
        assertThat(first.events()).isEqualTo(numbers(200, 300).reversed());
        for (int i = 300; i < 330; i++) {
            log.note(event(i));
        }
        Part second = newest(first.next(), 200);
        assertThat(second.events()).isEqualTo(numbers(0, 200).reversed());
        assertThat(second.next()).isEmpty();
    }

    @Test
    void endsWhereNothingOlderIsWantedAndPassesOverTheRest() throws IOException {
        for (int i = 0; i < 20; i++) {
            log.note(event(i));
        }
        List<Long> taken = new ArrayList<>();
        Optional<String> next = log.reader().read(Optional.empty(), 10, line -> {
            long number = number(line);
            if (number < 5) {
                return AuditReader.Choice.END;
            }
            if (number % 2 == 0) {
                return AuditReader.Choice.PASS;
            }
            taken.add(number);
            return AuditReader.Choice.TAKE;
        });
        assertThat(taken).containsExactly(19L, 17L, 15L, 13L, 11L, 9L, 7L, 5L);
        assertThat(next).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "-1", "1-", "9999999999999999999999", "1-2-3", "0-5", "1--1"})
    void refusesWhatIsNoPlaceInIt(String place) {
        log.note(event(1));
        assertThatIllegalArgumentException().isThrownBy(() -> newest(Optional.of(place), 1));
    }

    @Test
    void keepsTheNewestAndNotMoreThanItMay() throws IOException {
        int written = 6_000;
        for (int i = 0; i < written; i++) {
            log.note(event(i));
        }
        List<Long> kept = read(1_000);
        assertThat(kept.reversed()).isEqualTo(numbers(written - kept.size(), written));
        assertThat(kept.size()).isBetween(500, 2_500);
    }

    @Test
    void refusesChangesWhileItCannotBeWrittenAndWritesThenWhatWaited() throws Exception {
        log.record(event(1));
        harm();
        assertThatExceptionOfType(Problem.class)
                .isThrownBy(() -> log.record(event(2)))
                .satisfies(problem -> {
                    assertThat(problem.type()).isEqualTo(AuditProblem.AUDIT_UNAVAILABLE);
                    assertThat(problem.retryAfter()).isPresent();
                });
        log.recordOrLetWait(event(3));
        log.note(event(4));
        assertThatExceptionOfType(Problem.class).isThrownBy(log::require);
        log.catchUp();

        mend();
        log.require();
        assertThat(newest(10).events()).containsExactly(4L, 3L, 2L, 1L);
        log.record(event(5));
        assertThat(newest(10).events()).containsExactly(5L, 4L, 3L, 2L, 1L);
    }

    @Test
    void writesWhatWaitsBeforeItEnds() throws Exception {
        harm();
        log.note(event(1));
        mend();
        log.close();
        log = opened();
        assertThat(newest(10).events()).containsExactly(1L);
    }

    @Test
    void keepsNoMoreThanAThousandLinesWaiting() throws Exception {
        harm();
        for (int i = 0; i < AuditLog.MOST_WAITING + 50; i++) {
            log.note(event(i));
        }
        assertThatExceptionOfType(Problem.class).isThrownBy(() -> log.record(event(-1)));
        mend();
        log.require();
        assertThat(read(5_000).reversed()).endsWith((long) AuditLog.MOST_WAITING - 1);
    }

    @Test
    void losesNothingOfManyAtOnce() throws Exception {
        int threads = 8;
        int each = 80;
        try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> writers = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                int from = thread * each;
                writers.add(pool.submit(() -> IntStream.range(from, from + each).forEach(i -> log.record(event(i)))));
            }
            for (Future<?> writer : writers) {
                writer.get();
            }
        }
        assertThat(read(100)).containsExactlyInAnyOrderElementsOf(numbers(0, (long) threads * each));
    }

    /// A part of the list.
    record Part(List<Long> events, Optional<String> next) {}

    Part newest(int limit) throws IOException {
        return newest(Optional.empty(), limit);
    }

    Part newest(Optional<String> before, int limit) throws IOException {
        List<Long> events = new ArrayList<>();
        Optional<String> next = log.reader().read(before, limit, line -> {
            try {
                events.add(number(line));
                return AuditReader.Choice.TAKE;
            } catch (JacksonException torn) {
                return AuditReader.Choice.PASS;
            }
        });
        return new Part(events, next);
    }

    /// All, the newest first, read in parts.
    List<Long> read(int atOnce) throws IOException {
        Part part = newest(atOnce);
        List<Long> all = new ArrayList<>(part.events());
        while (part.next().isPresent()) {
            part = newest(part.next(), atOnce);
            all.addAll(part.events());
        }
        return all;
    }

    long number(byte[] line) {
        return json.mapper().readValue(line, AuditEvent.class).count();
    }

    static List<Long> numbers(long from, long to) {
        return LongStream.range(from, to).boxed().toList();
    }

    /// An event that is known by its count.
    static AuditEvent event(long number) {
        return new AuditEvent(
                Instant.parse("2026-01-01T00:00:00Z").plusSeconds(number),
                AuditEvent.Kind.CHANGE,
                "key:a",
                "127.0.0.1",
                "DELETE /api/v1/models/{name}",
                "/api/v1/models/m",
                204,
                "r-" + number,
                null,
                number);
    }
}
