package dev.telltale.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CounterTest {

    @TempDir
    private Path directory;

    @Test
    void givesEachNumberOnceToManyProcessesInBlocks() throws Exception {
        try (Processes processes = new Processes(directory);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<List<Long>>> takers = new ArrayList<>();
            for (int process = 0; process < 3; process++) {
                Counter counter = new Counter(processes.start(), "of this test", 8);
                for (int thread = 0; thread < 2; thread++) {
                    takers.add(threads.submit(() -> LongStream.range(0, 50)
                            .map(i -> counter.next())
                            .boxed()
                            .toList()));
                }
            }
            List<Long> all = new ArrayList<>();
            for (Future<List<Long>> taker : takers) {
                assertThat(taker.get()).isSorted();
                all.addAll(taker.get());
            }
            assertThat(all).hasSize(300).doesNotHaveDuplicates().allMatch(number -> number >= 1 && number <= 312);
        }
    }

    @Test
    void goesOnAfterARestartBehindItsLastBlock() {
        try (DataDirectory held = DataDirectory.open(directory)) {
            try (Database sqlite = SqliteDatabase.open(held)) {
                Counter counter = new Counter(sqlite, "of this test", 32);
                assertThat(counter.next()).isEqualTo(1);
                assertThat(counter.next()).isEqualTo(2);
            }
            try (Database sqlite = SqliteDatabase.open(held)) {
                assertThat(new Counter(sqlite, "of this test", 32).next()).isEqualTo(33);
                assertThat(new Counter(sqlite, "another", 1).next()).isEqualTo(1);
            }
        }
    }

    @Test
    void whatATransactionTookIsGivenAgainIfItIsRolledBack() {
        try (Processes processes = new Processes(directory)) {
            Database database = processes.start();
            Counter counter = new Counter(database, "of this test", 1);
            assertThatThrownBy(() -> database.write(connection -> {
                        assertThat(counter.take(connection, 5)).isEqualTo(5);
                        throw new IllegalArgumentException("no");
                    }))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThat(database.<Long>read(counter::last)).isZero();
            assertThat(database.<Long>write(connection -> counter.take(connection, 2)))
                    .isEqualTo(2);
            assertThat(database.<Long>read(counter::last)).isEqualTo(2);
        }
    }
}
