package dev.telltale.ops.move;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.database.DataDirectory;
import dev.telltale.database.Database;
import dev.telltale.database.Databases;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TablesTest {

    @TempDir
    private Path directory;

    /// Whoever adds a table says here what becomes of it in a move.
    @Test
    void eachTableOfSqliteMovesOrIsLeftOutOnPurpose() {
        Set<String> told = new TreeSet<>(Tables.plain().keySet());
        told.addAll(Tables.OF_ROOMS);
        told.addAll(Tables.LEFT_OUT);
        assertThat(told)
                .hasSize(Tables.plain().size() + Tables.OF_ROOMS.size() + Tables.LEFT_OUT.size())
                .isEqualTo(tables());
    }

    /// And whoever adds a column.
    @Test
    void eachColumnOfATableThatMovesAsItIsComesAlong() {
        try (DataDirectory held = DataDirectory.open(directory);
                Database database = Databases.toMove(held)) {
            database.read(connection -> {
                for (Map.Entry<String, String> table : Tables.plain().entrySet()) {
                    Set<String> all = columns(connection, "SELECT * FROM " + table.getKey());
                    if (table.getKey().equals("job")) {
                        all.remove("owner"); // nobody runs it
                    }
                    assertThat(columns(connection, table.getValue()))
                            .as(table.getKey())
                            .isEqualTo(all);
                }
                return null;
            });
        }
    }

    private static Set<String> columns(Connection connection, String query) throws SQLException {
        try (Statement select = connection.createStatement();
                ResultSet row = select.executeQuery(query)) {
            Set<String> columns = new TreeSet<>();
            for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                columns.add(row.getMetaData().getColumnLabel(i));
            }
            return columns;
        }
    }

    private Set<String> tables() {
        Set<String> tables = new TreeSet<>();
        try (DataDirectory held = DataDirectory.open(directory);
                Database database = Databases.toMove(held)) {
            database.read(connection -> {
                try (Statement select = connection.createStatement();
                        ResultSet row = select.executeQuery("SELECT name FROM sqlite_master WHERE type = 'table'"
                                + " AND name NOT LIKE 'sqlite_%' AND name <> 'flyway_schema_history'")) {
                    while (row.next()) {
                        tables.add(row.getString(1));
                    }
                }
                return tables;
            });
        }
        return tables;
    }
}
