package dev.telltale.database;

/// The SQL that a database speaks. Most statements are one text for both; the others ask here for theirs.
public enum Dialect {
    SQLITE("sqlite", "(SELECT value FROM json_each(?))"),
    POSTGRESQL("postgresql", "(SELECT CAST(jsonb_array_elements_text(CAST(? AS jsonb)) AS bigint))");

    private final String migrations;
    private final String idsIn;

    Dialect(String migrations, String idsIn) {
        this.migrations = migrations;
        this.idsIn = idsIn;
    }

    /// The one of two texts that this database understands.
    public String choose(String sqlite, String postgresql) {
        return switch (this) {
            case SQLITE -> sqlite;
            case POSTGRESQL -> postgresql;
        };
    }

    /// A subselect of ids, to be written after `IN`. It has one parameter: a text that is a JSON array of integers.
    public String idsIn() {
        return idsIn;
    }

    /// Where the class path holds the migrations that make its tables.
    String migrations() {
        return "classpath:db/migration/" + migrations;
    }
}
