package dev.telltale.ops.move;

import dev.telltale.access.AuditMove;
import dev.telltale.database.Database;
import dev.telltale.database.MoveListener;
import dev.telltale.database.MovedRows;
import dev.telltale.database.StoreUnusable;
import dev.telltale.database.UnfinishedMove;
import dev.telltale.models.ModelsMove;
import dev.telltale.series.SeriesMove;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Moves an installation into an empty database.
///
/// All of it comes in one transaction: after it the database holds everything, before it and in its place if it fails
/// nothing. It takes the server no more memory than many small ones, and nobody else works there. Until it is committed
/// a mark keeps services from starting there.
final class Move {

    /// What may have rows where nobody has stored anything yet.
    private static final String OF_SERVICES =
            "'counter', 'replica', 'lease', 'change', 'scheduled_tasks', 'store_partition', 'flyway_schema_history'";

    private static final String TABLES = "SELECT c.relname FROM pg_class c WHERE c.relkind = 'r'"
            + " AND c.relnamespace = current_schema()::regnamespace AND c.relname NOT IN (" + OF_SERVICES
            + ") ORDER BY c.relname";
    private static final String ALIVE =
            "SELECT name FROM replica WHERE seen > clock_timestamp() - interval '20 seconds' LIMIT 1";
    private static final String NUMBERED = "SELECT table_name, column_name FROM information_schema.columns"
            + " WHERE table_schema = current_schema() AND identity_generation = 'BY DEFAULT'";

    /// A large table takes its time; a move that stands still ends all the same.
    private static final String PATIENCE =
            "SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = '10min'";

    private static final String WAITING_UPLOADS =
            "SELECT subject FROM job WHERE kind = 'upload' AND state IN ('queued', 'running') ORDER BY id";
    private static final String WAITING_BACKUPS =
            "SELECT id FROM job WHERE kind = 'backup' AND state IN ('queued', 'running') ORDER BY id LIMIT 1";

    private final Database source;
    private final Database target;
    private final SeriesMove series;
    private final ModelsMove models;
    private final AuditMove audit;
    private final MoveListener listener;

    /// @param source nobody else works on it
    Move(
            Database source,
            Database target,
            SeriesMove series,
            ModelsMove models,
            AuditMove audit,
            MoveListener listener) {
        this.source = source;
        this.target = target;
        this.series = series;
        this.models = models;
        this.audit = audit;
        this.listener = listener;
    }

    /// Moves everything.
    ///
    /// @throws MoveRefused if source or target are not fit for it
    /// @throws dev.telltale.problem.Problem if one of them does not work now
    void run() {
        source.read(Move::requireNoBackup);
        target.write(connection -> {
            requireEmpty(connection);
            return UnfinishedMove.mark(connection);
        });
        try {
            source.read(from -> target.write(to -> copyAll(from, to)));
        } catch (MoveRefused | StoreUnusable unfit) { // nothing was wrong with the move
            target.write(UnfinishedMove::end);
            throw unfit;
        }
    }

    private int copyAll(Connection from, Connection to) throws SQLException {
        try (Statement set = to.createStatement()) {
            set.execute(PATIENCE);
        }
        requireEmpty(to); // a service or another move may have come first
        copy(from, to);
        return UnfinishedMove.end(to);
    }

    private void copy(Connection from, Connection to) throws SQLException {
        series.copy(from, to, listener);
        models.copy(from, to, listener);
        for (Map.Entry<String, String> table : Tables.plain().entrySet()) {
            MovedRows.copy(from, table.getValue(), to, table.getKey(), listener);
        }
        series.copyBodies(texts(from, WAITING_UPLOADS), to, listener);
        audit.copy(to, listener);
        setCounters(from, to);
        setNumbers(from, to);
    }

    /// Copies are made by PostgreSQL's own tools there.
    private static boolean requireNoBackup(Connection from) throws SQLException {
        for (String job : texts(from, WAITING_BACKUPS)) {
            throw new MoveRefused("Job " + job + ", a backup, has not ended, and cannot be done on PostgreSQL."
                    + " Let the jobs end first: start the service once more, and wait for the job or cancel it.");
        }
        return true;
    }

    private static void requireEmpty(Connection to) throws SQLException {
        for (String replica : texts(to, ALIVE)) {
            throw new MoveRefused("A service works on the database, '" + replica
                    + "'. End it, wait for 20 seconds if it was killed, and give the command again.");
        }
        for (String table : texts(to, TABLES)) {
            try (Statement select = to.createStatement();
                    ResultSet row = select.executeQuery("SELECT 1 FROM \"" + table + "\" LIMIT 1")) {
                if (row.next()) {
                    throw new MoveRefused("The database is not empty: its table '" + table
                            + "' has rows. Let telltale.database.url (--to) name a new one.");
                }
            }
        }
    }

    /// Numbers that were given already are not given again.
    private static void setCounters(Connection from, Connection to) throws SQLException {
        try (PreparedStatement select = from.prepareStatement(
                        "SELECT name, value FROM counter WHERE name IN ('anomaly', 'incident_news')");
                ResultSet row = select.executeQuery();
                PreparedStatement set = to.prepareStatement("INSERT INTO counter (name, value) VALUES (?, ?)"
                        + " ON CONFLICT (name) DO UPDATE SET value = excluded.value")) {
            while (row.next()) {
                set.setString(1, row.getString(1));
                set.setLong(2, row.getLong(2));
                set.executeUpdate();
            }
        }
    }

    /// The same of ids: of those that the source gave, also of rows that are deleted since.
    private static void setNumbers(Connection from, Connection to) throws SQLException {
        Map<String, Long> given = new HashMap<>();
        try (Statement select = from.createStatement();
                ResultSet row = select.executeQuery("SELECT name, seq FROM sqlite_sequence")) {
            while (row.next()) {
                given.merge(row.getString(1), row.getLong(2), Math::max);
            }
        }
        Map<String, String> columns = new HashMap<>();
        try (Statement select = to.createStatement();
                ResultSet row = select.executeQuery(NUMBERED)) {
            while (row.next()) {
                columns.put(row.getString(1), row.getString(2));
            }
        }
        for (Map.Entry<String, String> one : columns.entrySet()) {
            String table = one.getKey();
            String column = one.getValue();
            try (PreparedStatement set = to.prepareStatement("SELECT setval(pg_get_serial_sequence('" + table + "', '"
                    + column + "'), given) FROM (SELECT greatest(max(" + column + "), ?) AS given FROM " + table
                    + ") numbers WHERE given > 0")) {
                set.setLong(1, given.getOrDefault(table, 0L));
                set.execute();
            }
        }
    }

    private static List<String> texts(Connection connection, String query) throws SQLException {
        try (Statement select = connection.createStatement();
                ResultSet row = select.executeQuery(query)) {
            List<String> texts = new ArrayList<>();
            while (row.next()) {
                texts.add(row.getString(1));
            }
            return texts;
        }
    }
}
