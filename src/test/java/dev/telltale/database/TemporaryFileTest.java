package dev.telltale.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.telltale.problem.Problem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TemporaryFileTest {

    @TempDir
    private Path directory;

    @Test
    void whatIsWrittenIsReadAndNothingBehindIt() throws IOException {
        try (TemporaryFile file = new TemporaryFile(channel(), () -> {})) {
            file.write(ByteBuffer.wrap(new byte[] {1, 2, 3}), 2);
            ByteBuffer back = ByteBuffer.allocate(3);
            assertThat(file.read(back, 2)).isEqualTo(3);
            assertThat(back.array()).containsExactly(1, 2, 3);
            assertThatThrownBy(() -> file.read(ByteBuffer.allocate(4), 2)).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void aFileThatFailsIsAStoreThatDoesNotWorkNow() throws IOException {
        FileChannel channel = channel();
        TemporaryFile file = new TemporaryFile(channel, () -> {});
        channel.close();
        for (Problem problem : new Problem[] {
            problemOf(() -> file.write(ByteBuffer.allocate(1), 0)),
            problemOf(() -> file.read(ByteBuffer.allocate(1), 0))
        }) {
            assertThat(problem.type()).isEqualTo(DatabaseProblem.STORE_UNAVAILABLE);
            assertThat(problem.retryAfter()).isPresent();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "No space left on device, STORAGE_FULL",
        "Disk quota exceeded, STORAGE_FULL",
        "Input/output error, STORE_UNAVAILABLE",
        ", STORE_UNAVAILABLE"
    })
    void aDiskThatIsFullIsToldApartFromOneThatFails(String failure, DatabaseProblem type) {
        assertThat(TemporaryFile.failed(new IOException(failure)))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.type()).isEqualTo(type));
    }

    private static Problem problemOf(Runnable work) {
        try {
            work.run();
        } catch (Problem problem) {
            return problem;
        }
        throw new AssertionError("it did not fail");
    }

    private FileChannel channel() throws IOException {
        return FileChannel.open(
                directory.resolve("file"),
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE);
    }
}
