package dev.telltale.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.telltale.problem.Problem;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A database server that ends and is started again, while a process works on.
class PostgresOutageTest {

    @TempDir
    private Path directory;

    @Test
    @Timeout(value = 3, unit = TimeUnit.MINUTES)
    void callersAreToldToComeAgainUntilTheServerIsBack() throws Exception {
        try (EmbeddedServer server = new EmbeddedServer(directory.resolve("server"), true);
                DataDirectory held = DataDirectory.open(directory.resolve("data"));
                Database database = Postgres.on(server).open(held)) {
            database.write(connection -> raised(connection));

            server.stop();
            Problem first = refused(database);
            assertThat(first.type()).isEqualTo(DatabaseProblem.STORE_UNAVAILABLE);
            assertThat(first.retryAfter()).isPresent();
            while (database.state().isWritable()) {
                refused(database);
            }
            assertThat(database.state())
                    .isInstanceOfSatisfying(
                            StoreState.Failed.class,
                            failed -> assertThat(failed.reason()).contains("database server"));
            // As long as a server takes to start: more looks than one go by.
            for (int i = 0; i < 30; i++) {
                assertThat(refused(database).type()).isEqualTo(DatabaseProblem.STORE_UNAVAILABLE);
                assertThatThrownBy(() -> database.read(connection -> 1)).isInstanceOf(Problem.class);
                Thread.sleep(100);
            }

            server.start();
            while (!database.state().isWritable()) {
                Thread.sleep(20);
            }
            assertThat(database.<Long>write(connection -> raised(connection))).isEqualTo(2);
        }
    }

    private static Problem refused(Database database) {
        Problem[] refusal = new Problem[1];
        assertThatThrownBy(() -> database.write(connection -> raised(connection)))
                .isInstanceOfSatisfying(Problem.class, problem -> refusal[0] = problem);
        return refusal[0];
    }

    private static long raised(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "UPDATE counter SET value = value + 1 WHERE name = 'anomaly' RETURNING value")) {
            row.next();
            return row.getLong(1);
        }
    }
}
