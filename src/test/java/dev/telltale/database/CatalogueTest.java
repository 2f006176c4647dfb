package dev.telltale.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The tables of both databases beside each other, as each tells of them itself.
class CatalogueTest {

    private static final Set<String> ONLY_FOR_PROCESSES_THAT_SHARE = Set.of(
            "audit",
            "change",
            "finding_inbox",
            "gone_series",
            "lane_status",
            "lease",
            "model_part",
            "replica",
            "store_partition",
            "upload_body");

    /// By table.
    private static final Map<String, Set<String>> COLUMNS_THERE_ONLY = Map.of(
            "series", Set.of("identity"),
            "journal", Set.of("partition", "kind"),
            "model", Set.of("file"));

    private static final Map<String, Set<String>> TYPES = Map.of(
            "INTEGER", Set.of("bigint", "integer", "smallint"),
            "TEXT", Set.of("text"),
            "REAL", Set.of("double precision"),
            "BLOB", Set.of("bytea"));

    @TempDir
    private static Path directory;

    private static final Map<String, Map<String, Column>> SQLITE = new TreeMap<>();
    private static final Map<String, Map<String, Column>> POSTGRES = new TreeMap<>();
    private static final Map<String, String> SQLITE_REFERENCES = new TreeMap<>();
    private static final Map<String, String> POSTGRES_REFERENCES = new TreeMap<>();

    private record Column(String type, boolean isRequired) {}

    @BeforeAll
    static void readBoth() {
        try (DataDirectory held = DataDirectory.open(directory.resolve("sqlite"));
                Database database = SqliteDatabase.open(held)) {
            database.read(connection -> {
                read(
                        connection,
                        "SELECT t.name, c.name, c.type, c.\"notnull\" = 1 OR c.pk > 0 FROM pragma_table_list t"
                                + " JOIN pragma_table_xinfo(t.name) c WHERE t.type = 'table' AND t.schema = 'main'",
                        SQLITE);
                references(
                        connection,
                        "SELECT t.name || '.' || f.\"from\", f.\"table\" || '.' || f.\"to\" || ' ' || f.on_delete"
                                + " FROM pragma_table_list t JOIN pragma_foreign_key_list(t.name) f",
                        SQLITE_REFERENCES);
                return null;
            });
        }
        try (DataDirectory held = DataDirectory.open(directory.resolve("postgres"));
                Database database = Postgres.fresh().open(held)) {
            database.read(connection -> {
                read(
                        connection,
                        "SELECT table_name, column_name, data_type, is_nullable = 'NO' FROM information_schema.columns"
                                + " WHERE table_schema = 'public'",
                        POSTGRES);
                references(
                        connection,
                        "SELECT c.conrelid::regclass::text || '.' || a.attname, c.confrelid::regclass::text || '.' || b.attname"
                                + " || ' ' || CASE c.confdeltype WHEN 'c' THEN 'CASCADE' WHEN 'n' THEN 'SET NULL'"
                                + " ELSE 'NO ACTION' END FROM pg_constraint c, unnest(c.conkey, c.confkey) AS k(here, there),"
                                + " pg_attribute a, pg_attribute b WHERE c.contype = 'f'"
                                + " AND a.attrelid = c.conrelid AND a.attnum = k.here"
                                + " AND b.attrelid = c.confrelid AND b.attnum = k.there",
                        POSTGRES_REFERENCES);
                return null;
            });
        }
    }

    @Test
    void everyTableHasItsTwin() {
        Set<String> expected = new TreeSet<>(SQLITE.keySet());
        expected.addAll(ONLY_FOR_PROCESSES_THAT_SHARE);
        assertThat(POSTGRES.keySet()).isEqualTo(expected).hasSizeGreaterThan(30);
    }

    @Test
    void everyColumnHasItsTwin() {
        SQLITE.forEach((table, columns) -> {
            Set<String> expected = new TreeSet<>(columns.keySet());
            expected.addAll(COLUMNS_THERE_ONLY.getOrDefault(table, Set.of()));
            assertThat(twins(table).keySet()).as(table).isEqualTo(expected);
        });
    }

    @Test
    void whatEachColumnHoldsIsOfOneKindAndMayBeAbsentInBothOrNeither() {
        SQLITE.forEach((table, columns) -> columns.forEach((name, column) -> {
            Column twin = Objects.requireNonNull(twins(table).get(name), table + "." + name);
            if (!table.equals("scheduled_tasks")) { // both as db-scheduler asks for them
                assertThat(twin.type()).as(table + "." + name).isIn(TYPES.get(column.type()));
            }
            assertThat(twin.isRequired()).as(table + "." + name).isEqualTo(column.isRequired());
        }));
    }

    @Test
    void rowsThatNeedOrTakeAlongOthersDoSoInBoth() {
        Map<String, String> shared = POSTGRES_REFERENCES.entrySet().stream()
                .filter(one -> ONLY_FOR_PROCESSES_THAT_SHARE.stream()
                        .noneMatch(table -> one.getKey().startsWith(table + ".")))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        assertThat(new TreeMap<>(shared)).isEqualTo(SQLITE_REFERENCES).hasSizeGreaterThan(8);
    }

    private static Map<String, Column> twins(String table) {
        return Objects.requireNonNull(POSTGRES.get(table), table);
    }

    private static void read(Connection connection, String sql, Map<String, Map<String, Column>> into)
            throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) {
                String table = row.getString(1);
                if (!table.startsWith("sqlite_") && !table.startsWith("flyway_")) {
                    into.computeIfAbsent(table, name -> new TreeMap<>())
                            .put(row.getString(2), new Column(row.getString(3), row.getBoolean(4)));
                }
            }
        }
    }

    private static void references(Connection connection, String sql, Map<String, String> into) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) {
                into.put(row.getString(1), row.getString(2));
            }
        }
    }
}
