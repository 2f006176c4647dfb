package dev.telltale.access;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.telltale.problem.Problem;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.unit.DataSize;

class AuditFileLogTest extends AuditLogContract {

    @TempDir
    private Path data;

    private final Disk disk = new Disk();

    @Override
    AuditLog opened() {
        return new AuditFileLog(
                AuditFiles.ofChanges(data),
                new AuditProperties(DataSize.ofBytes(FILE_SIZE), FILES),
                json,
                new AccessMeters(new SimpleMeterRegistry()),
                disk);
    }

    @Override
    void harm() throws IOException {
        if (Files.exists(directory())) {
            Files.move(directory(), away());
        }
        Files.createFile(directory());
    }

    @Override
    void mend() throws IOException {
        Files.delete(directory());
        if (Files.exists(away())) {
            Files.move(away(), directory());
        }
    }

    private Path directory() {
        return data.resolve("audit");
    }

    private Path away() {
        return data.resolve("away");
    }

    /// A disk that loses what it could not write, as Linux does: the next `fsync` of the file says nothing of it.
    private static final class Disk implements AuditFileLog.Force {

        private final Map<Object, Long> kept = new HashMap<>();
        private int failures;
        private String failure = "Input/output error";

        @Override
        public void of(FileChannel file, boolean metadata) throws IOException {
            if (failures > 0) {
                failures--;
                file.truncate(kept.getOrDefault(file, 0L));
                throw new IOException(failure);
            }
            file.force(metadata);
            kept.put(file, file.size());
        }
    }

    @Test
    void addsOneLineForEachEventThatItsOwnerAloneMayRead() throws IOException {
        log.record(event(1));
        log.note(event(2));
        assertThat(numbersIn(current())).containsExactly(1L, 2L);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(current())))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(current().getParent())))
                .isEqualTo("rwx------");
    }

    @Test
    void keepsWhatIsThereWhenItIsOpenedAgain() throws IOException {
        log.record(event(1));
        log.close();
        open();
        log.record(event(2));
        assertThat(numbersIn(current())).containsExactly(1L, 2L);
    }

    @Test
    void makesALineOfWhatACrashLeft() throws IOException {
        log.record(event(1));
        log.close();
        Files.writeString(current(), "{\"time\":\"2026-", StandardOpenOption.APPEND);
        open();
        log.record(event(2));
        assertThat(Files.readAllLines(current())).hasSize(3).element(1).isEqualTo("{\"time\":\"2026-");
        assertThat(newest(Optional.empty(), 10).events()).containsExactly(2L, 1L);
    }

    @Test
    void beginsANewFileWhenOneIsFullAndKeepsSoManyOfThem() throws IOException {
        int written = 4_000;
        for (int i = 0; i < written; i++) {
            log.note(event(i));
        }
        List<Path> files = files();
        assertThat(files).hasSize(FILES);
        for (Path file : files) {
            assertThat(Files.size(file)).as(file.toString()).isLessThanOrEqualTo(FILE_SIZE);
        }
        List<Long> kept = new ArrayList<>();
        for (Path file : files) {
            kept.addAll(numbersIn(file));
        }
        assertThat(kept).isEqualTo(numbers(written - kept.size(), written)).hasSizeGreaterThan(500);

        List<Long> read = new ArrayList<>();
        Optional<String> before = Optional.empty();
        do {
            Part part = newest(before, 37);
            read.addAll(part.events());
            before = part.next();
        } while (before.isPresent());
        assertThat(read.reversed()).as("read backwards in parts").isEqualTo(kept);
    }

    @Test
    void goesOnReadingWhereItWasWhileFilesAreBegunAndRemoved() throws IOException {
        for (int i = 0; i < 300; i++) {
            log.note(event(i));
        }
        Part first = newest(Optional.empty(), 100);
        assertThat(first.events()).isEqualTo(numbers(200, 300).reversed());
        for (int i = 300; i < 700; i++) {
            log.note(event(i));
        }
        assertThat(files()).as("it lies in another file by now").hasSizeGreaterThan(1);
        Part second = newest(first.next(), 200);
        assertThat(second.events()).isEqualTo(numbers(0, 200).reversed());
        assertThat(second.next()).isEmpty();
        for (int i = 0; i < 4_000; i++) {
            log.note(event(i));
        }
        assertThat(newest(first.next(), 200).events())
                .as("of a file that is gone")
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "1-", "-1", "0-1", "1--1", "1-2-3", "a-b", "9223372036854775808-0"})
    void takesNoPlaceThatIsNone(String forged) {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> log.reader().read(Optional.of(forged), 10, line -> AuditReader.Choice.TAKE));
    }

    @Test
    void goesOnAtTheEndFromAPlaceBehindIt() throws IOException {
        log.record(event(1));
        List<byte[]> lines = new ArrayList<>();
        assertThat(log.reader().read(Optional.of("7-999999"), 10, line -> {
                    lines.add(line);
                    return AuditReader.Choice.TAKE;
                }))
                .isEmpty();
        assertThat(lines).hasSize(1);
    }

    @Test
    void readsNoFurtherThanIsWanted() throws IOException {
        for (int i = 1; i <= 3; i++) {
            log.record(event(i));
        }
        List<byte[]> lines = new ArrayList<>();
        assertThat(log.reader().read(Optional.empty(), 10, line -> {
                    lines.add(line);
                    return lines.size() == 2 ? AuditReader.Choice.END : AuditReader.Choice.TAKE;
                }))
                .as("there is nothing to go on with")
                .isEmpty();
        assertThat(lines).hasSize(2);
    }

    @Test
    void followsWhoMovesItsFileAway() throws IOException {
        log.record(event(1));
        Files.move(current(), data.resolve("moved.jsonl"));
        log.record(event(2));
        assertThat(numbersIn(current())).containsExactly(2L);
        assertThat(numbersIn(data.resolve("moved.jsonl"))).containsExactly(1L);
    }

    @Test
    void writesWhatWaitedIntoItsFileOnceItIsInItsPlaceAgain() throws IOException {
        log.record(event(1));
        Path away = data.resolve("away");
        Files.move(current().getParent(), away);
        Files.createFile(current().getParent());
        assertThatExceptionOfType(Problem.class).isThrownBy(log::require).satisfies(problem -> {
            assertThat(problem.type()).isEqualTo(AuditProblem.AUDIT_UNAVAILABLE);
            assertThat(problem.retryAfter()).isPresent();
        });
        assertThatExceptionOfType(Problem.class).isThrownBy(() -> log.record(event(2)));
        log.note(event(3));

        Files.delete(current().getParent());
        Files.move(away, current().getParent());
        log.require();
        assertThat(numbersIn(current())).containsExactly(1L, 2L, 3L);
    }

    @Test
    void hasEachLineItAnsweredForOnDiskThoughTheDiskFailsNowAndThen() throws Exception {
        Set<Long> answered = ConcurrentHashMap.newKeySet();
        for (int round = 0; round < 40; round++) {
            disk.failures = round % 3;
            int from = round * 10;
            try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = from; i < from + 10; i++) {
                    int number = i;
                    Future<?> _ = pool.submit(() -> {
                        log.record(event(number));
                        answered.add((long) number);
                    });
                }
            }
        }
        disk.failures = 0;
        log.require();
        List<Long> all = allLines();
        assertThat(all).containsAll(answered);
        assertThat(all).as("those that were not answered for came later").containsAll(numbers(0, 400));
    }

    @Test
    void saysThatTheDiskIsFull() {
        disk.failures = 1;
        assertThatExceptionOfType(Problem.class)
                .isThrownBy(() -> log.record(event(1)))
                .satisfies(problem -> assertThat(problem.type()).isEqualTo(AuditProblem.AUDIT_UNAVAILABLE));
        disk.failures = 1;
        disk.failure = "No space left on device";
        assertThatExceptionOfType(Problem.class)
                .isThrownBy(() -> log.record(event(2)))
                .satisfies(problem -> assertThat(problem.type()).isEqualTo(AuditProblem.AUDIT_FULL));
    }

    @Test
    void goesOnWhereTheFileInDoubtWasTakenAway() throws IOException {
        log.record(event(1));
        disk.failures = 1;
        assertThatExceptionOfType(Problem.class).isThrownBy(() -> log.record(event(2)));
        Files.delete(current());

        log.require();
        log.record(event(3));
        assertThat(Files.readAllLines(current())).hasSize(2);
    }

    @Test
    void letsNoChangeBeginBeforeALineThatIsOwedIsOnDisk() throws IOException {
        log.record(event(1));
        disk.failures = 2;
        assertThatExceptionOfType(Problem.class).isThrownBy(() -> log.record(event(2)));
        assertThatExceptionOfType(Problem.class).isThrownBy(log::require);
        log.require();
        disk.failures = 1;
        assertThatExceptionOfType(Problem.class).as("another one").isThrownBy(() -> log.record(event(3)));
        log.require();
        assertThat(allLines()).contains(1L, 2L, 3L);
    }

    @Test
    void keepsItsHistoryHoweverLongTheDiskFails() throws IOException {
        log.record(event(1));
        disk.failures = 100;
        for (int i = 0; i < 50; i++) {
            assertThatExceptionOfType(Problem.class).isThrownBy(() -> log.record(event(2)));
        }
        disk.failures = 0;
        log.record(event(3));
        for (int i = 4; i < 40; i++) { // fails each time after it went well
            disk.failures = 1;
            assertThatExceptionOfType(Problem.class).isThrownBy(() -> log.record(event(4)));
            log.record(event(i));
        }
        assertThat(files()).hasSizeLessThan(80);
        assertThat(allLines()).contains(1L, 2L).containsAll(numbers(3, 40));
    }

    private List<Long> allLines() throws IOException {
        List<Long> all = new ArrayList<>();
        for (Path file : files()) {
            all.addAll(numbersIn(file));
        }
        return all;
    }

    @Test
    void writesThroughNoLink() throws IOException {
        Path elsewhere = Files.createFile(data.resolve("elsewhere"));
        Files.createDirectory(current().getParent());
        Files.createSymbolicLink(current(), elsewhere);
        assertThatExceptionOfType(Problem.class).isThrownBy(() -> log.record(event(1)));
        Files.delete(current());
        Files.delete(current().getParent());
        Path directory = Files.createDirectory(data.resolve("other"));
        Files.createSymbolicLink(current().getParent(), directory);
        assertThatExceptionOfType(Problem.class).isThrownBy(() -> log.record(event(2)));
        assertThat(elsewhere).isEmptyFile();
        assertThat(directory).isEmptyDirectory();
    }

    private Path current() {
        return data.resolve("audit").resolve("audit.jsonl");
    }

    /// The oldest first.
    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(current().getParent())) {
            return files.sorted(Comparator.comparing((Path file) -> file.equals(current()))
                            .thenComparing(Comparator.naturalOrder()))
                    .toList();
        }
    }

    private List<Long> numbersIn(Path file) {
        try (Stream<String> lines = Files.lines(file, UTF_8)) {
            return lines.map(line ->
                            json.mapper().readValue(line, AuditEvent.class).count())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
