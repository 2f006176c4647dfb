package dev.telltale.ops;

import dev.telltale.database.Postgres;
import dev.telltale.kafka.Kafka;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// What several processes of the service work on, for `bench/replicas`: a PostgreSQL database and a Kafka broker.
/// This prints the process id of the server of the database, then what a service needs to be told, a setting a word.
/// The lines from there on tell who works on what, one each time that it changes, until the input ends:
///
///     <epoch ms> <kind> <subject> <owner> <state>
///
/// with `-` for none. Kinds are `job`, `partition` and `lease`; the state is that of a job, or the number that fences.
final class ReplicaServers {

    private static final String OWNERS = """
            SELECT 'job', CAST(id AS text), coalesce(owner, '-'), state FROM job
            UNION ALL
            SELECT 'partition', CAST(partition AS text), coalesce(owner, '-'), CAST(epoch AS text) FROM store_partition
            UNION ALL
            SELECT 'lease', name, owner, CAST(token AS text) FROM lease WHERE name NOT LIKE '%/%' -- that one process alone may have
            """;
    private static final long LOOK_MILLIS = 200;
    private static final int ANSWER_SECONDS = 5;

    private ReplicaServers() {}

    public static void main(String[] arguments) throws IOException, InterruptedException, SQLException {
        Path directory = Files.createTempDirectory("telltale-replicas");
        Postgres postgres = Postgres.durable(Files.createDirectory(directory.resolve("database")));
        System.out.println("PostgreSQL is process "
                + postgres.number("SELECT split_part(pg_read_file('postmaster.pid'), chr(10), 1)::bigint"));
        System.out.println("--telltale.database.url=" + postgres.url()
                + " --telltale.database.user=" + postgres.user()
                + " --telltale.database.password-file=" + postgres.passwordFile(directory)
                + " --telltale.kafka.bootstrap-servers=" + Kafka.shared().servers());
        Thread watch = Thread.ofPlatform().daemon().start(() -> watch(postgres));
        while (System.in.read() >= 0) {
            // whoever started this ends it by closing its input
        }
        watch.interrupt();
        watch.join(TimeUnit.SECONDS.toMillis(5));
        System.exit(0); // ends the servers
    }

    private static void watch(Postgres postgres) {
        Map<String, String> before = new HashMap<>();
        try (Connection connection = postgres.admin();
                Statement select = connection.createStatement()) {
            while (!Thread.interrupted()) {
                try (ResultSet row = select.executeQuery(OWNERS)) {
                    long now = System.currentTimeMillis();
                    Set<String> seen = new HashSet<>();
                    while (row.next()) {
                        String subject = row.getString(1) + " " + row.getString(2);
                        String state = row.getString(3) + " " + row.getString(4);
                        seen.add(subject);
                        if (!state.equals(before.put(subject, state))) {
                            System.out.println(now + " " + subject + " " + state);
                        }
                    }
                    before.keySet().retainAll(seen);
                } catch (SQLException e) {
                    // The first process has not made the tables yet, or is about to: the next look tells.
                    if (!connection.isValid(ANSWER_SECONDS)) {
                        throw e;
                    }
                }
                Thread.sleep(LOOK_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (SQLException e) {
            System.out.println("the watch ended: " + e.getMessage());
        }
    }
}
