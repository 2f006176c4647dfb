package dev.telltale.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Rows on their way into a table of PostgreSQL, sent some at a time. A NUL, which its texts cannot hold, becomes the
/// character that stands for one that cannot be shown.
public final class MovedRows {

    private static final int MOST_ROWS = 500;
    private static final long MOST_BYTES = 4L << 20;

    private final String table;
    private final MoveListener listener;
    private final PreparedStatement insert;
    private final int[] types;
    private int waiting;
    private long waitingBytes;
    private long changedTexts;

    private MovedRows(String table, MoveListener listener, PreparedStatement insert, int[] types) {
        this.table = table;
        this.listener = listener;
        this.insert = insert;
        this.types = types;
    }

    /// Gives rows to a table.
    @FunctionalInterface
    public interface Source {
        void into(MovedRows rows) throws SQLException;
    }

    /// Writes rows in the running transaction.
    ///
    /// @param columns those of which values come, in their order
    public static void write(Connection to, String table, List<String> columns, MoveListener listener, Source source)
            throws SQLException {
        String names = String.join(", ", columns);
        int[] types = types(to, "SELECT " + names + " FROM " + table + " LIMIT 0");
        try (PreparedStatement insert = to.prepareStatement("INSERT INTO " + table + " (" + names + ") VALUES ("
                + String.join(", ", Collections.nCopies(columns.size(), "?")) + ")")) {
            MovedRows rows = new MovedRows(table, listener, insert, types);
            source.into(rows);
            rows.send();
            if (rows.changedTexts > 0) {
                listener.warn(rows.changedTexts + " texts of the table " + table
                        + " held the character NUL, which PostgreSQL does not take; U+FFFD stands in its place.");
            }
        }
    }

    /// Copies what a query of another database answers: its columns are those of the table.
    public static void copy(Connection from, String query, Connection to, String table, MoveListener listener)
            throws SQLException {
        try (Statement select = from.createStatement();
                ResultSet row = select.executeQuery(query)) {
            ResultSetMetaData columns = row.getMetaData();
            String[] names = new String[columns.getColumnCount()];
            for (int i = 0; i < names.length; i++) {
                names[i] = columns.getColumnLabel(i + 1);
            }
            write(to, table, List.of(names), listener, rows -> {
                @Nullable Object[] values = new @Nullable Object[names.length];
                while (row.next()) {
                    for (int i = 0; i < names.length; i++) {
                        values[i] = row.getObject(i + 1);
                    }
                    rows.add(values);
                }
            });
        }
    }

    /// Adds a row.
    public void add(@Nullable Object... values) throws SQLException {
        for (int i = 0; i < types.length; i++) {
            Object value = values[i];
            switch (value) {
                case null -> insert.setNull(i + 1, types[i]);
                case String text -> {
                    String fit = fit(text);
                    insert.setString(i + 1, fit);
                    waitingBytes += fit.length();
                }
                case byte[] bytes -> {
                    insert.setBytes(i + 1, bytes);
                    waitingBytes += bytes.length;
                }
                default -> {
                    insert.setObject(i + 1, value, types[i]);
                    waitingBytes += Long.BYTES;
                }
            }
        }
        insert.addBatch();
        waiting++;
        if (waiting == MOST_ROWS || waitingBytes >= MOST_BYTES) {
            send();
        }
    }

    private void send() throws SQLException {
        if (waiting > 0) {
            insert.executeBatch();
            listener.moved(table, waiting, waitingBytes);
            waiting = 0;
            waitingBytes = 0;
        }
    }

    private String fit(String text) {
        if (text.indexOf('\0') < 0) {
            return text;
        }
        changedTexts++;
        return text.replace('\0', '\uFFFD');
    }

    private static int[] types(Connection connection, String query) throws SQLException {
        try (Statement select = connection.createStatement();
                ResultSet none = select.executeQuery(query)) {
            ResultSetMetaData columns = none.getMetaData();
            int[] types = new int[columns.getColumnCount()];
            for (int i = 0; i < types.length; i++) {
                types[i] = columns.getColumnType(i + 1);
            }
            return types;
        }
    }
}
