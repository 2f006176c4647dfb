package dev.telltale.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.telltale.problem.Problem;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FreeSpaceTest {

    private static final FreeSpace.Bound BOUND = new FreeSpace.Bound(100, 0.05);

    @TempDir
    Path directory;

    private final Disk disk = new Disk();
    private long now;
    private final FreeSpace space = new FreeSpace(disk, BOUND, () -> now);

    private static final class Disk implements FreeSpace.Disk {

        private long size = 1_000;
        private long free = 1_000;
        private int looks;

        @Override
        public long size() {
            return size;
        }

        @Override
        public long free() {
            looks++;
            return free;
        }
    }

    private void leave(long free) {
        disk.free = free;
        later();
    }

    private void later() {
        now += TimeUnit.SECONDS.toNanos(1);
    }

    @Test
    void theLargerOfTheTwoBoundsCounts() {
        assertThat(BOUND.of(1_000)).isEqualTo(100);
        assertThat(BOUND.of(10_000)).isEqualTo(500);
    }

    @Test
    void isEnoughUntilLessThanTheBoundIsFreeAndAgainWhenItIs() {
        leave(100);
        assertThat(space.isEnough()).isTrue();
        leave(99);
        assertThat(space.isEnough()).isFalse();
        leave(100);
        assertThat(space.isEnough()).isTrue();
    }

    @Test
    void asksTheDiskOnceASecondHoweverOftenItIsAsked() {
        int looks = disk.looks;
        later();
        for (int i = 0; i < 100; i++) {
            assertThat(space.isEnough()).isTrue();
            space.require(0);
            assertThat(space.needed()).isEqualTo(100);
        }
        assertThat(disk.looks).isEqualTo(looks + 1);
    }

    @Test
    void looksAtOnceWhenAWriteFoundNoRoom() {
        disk.free = 0;
        space.look();
        assertThat(space.isEnough()).isFalse();
    }

    @Test
    void refusesWhatIsLargerThanTheRoomAboveTheBound() {
        leave(150);
        assertThatCode(() -> space.require(50)).doesNotThrowAnyException();
        assertThatThrownBy(() -> space.require(51))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("51 bytes more would leave less than 100 free");
    }

    @Test
    void withoutABoundTheDiskMayFillUp() {
        FreeSpace unbounded = new FreeSpace(disk, FreeSpace.Bound.NONE, () -> now);
        leave(1_000);
        assertThatCode(() -> unbounded.require(1_000)).doesNotThrowAnyException();
        assertThatThrownBy(() -> unbounded.require(1_001)).satisfies(FreeSpaceTest::isStorageFull);
        leave(0);
        assertThatCode(unbounded::require).doesNotThrowAnyException();
    }

    @Test
    void belowTheBoundTheStoreTakesNothingNewButMakesRoomAndIsRead() {
        try (DataDirectory held = DataDirectory.open(directory);
                SqliteDatabase database = SqliteDatabase.open(held, space);
                TemporaryFile begun = database.temporaryFile()) {
            database.write(connection -> execute(connection, "CREATE TABLE number (value INTEGER)"));
            database.write(connection -> execute(connection, "INSERT INTO number VALUES (1), (2)"));
            leave(99);

            assertThatThrownBy(() -> database.write(connection -> execute(connection, "INSERT INTO number VALUES (3)")))
                    .satisfies(FreeSpaceTest::isStorageFull)
                    .hasMessageContaining("99 bytes are free")
                    .hasMessageContaining("less than the 100")
                    .hasMessageContaining("telltale.storage.min-free");
            assertThatThrownBy(database::temporaryFile).satisfies(FreeSpaceTest::isStorageFull);
            assertThatThrownBy(() -> begun.write(ByteBuffer.allocate(1), 0)).satisfies(FreeSpaceTest::isStorageFull);
            assertThatThrownBy(() -> database.requireRoom(0)).satisfies(FreeSpaceTest::isStorageFull);
            assertThat(database.state()).isInstanceOf(StoreState.Full.class);

            database.writeFromReserve(connection -> execute(connection, "DELETE FROM number WHERE value = 1"));
            try (TemporaryFile inReserve = database.temporaryFileFromReserve()) {
                inReserve.write(ByteBuffer.allocate(1), 0);
            }
            assertThat(database.<Integer>read(FreeSpaceTest::count)).isEqualTo(1);

            leave(100);
            assertThat(database.state().isWritable()).isTrue();
            database.write(connection -> execute(connection, "INSERT INTO number VALUES (3)"));
            assertThat(database.<Integer>read(FreeSpaceTest::count)).isEqualTo(2);
        }
    }

    private static void isStorageFull(Throwable failure) {
        assertThat(failure)
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.type()).isEqualTo(DatabaseProblem.STORAGE_FULL));
    }

    private static int execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            return statement.executeUpdate(sql);
        }
    }

    private static int count(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                var row = statement.executeQuery("SELECT count(*) FROM number")) {
            return row.getInt(1);
        }
    }
}
