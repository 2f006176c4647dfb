package dev.telltale.ops.move;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.database.DataDirectory;
import dev.telltale.database.Database;
import dev.telltale.database.Databases;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.Statement;
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
