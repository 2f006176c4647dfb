package dev.telltale.database;

import java.util.Arrays;
import java.util.Optional;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationState;

/// The steps that make and change the tables of a database. They fail with Flyway's `FlywayException`.
final class Migrations {

    private final Flyway flyway;

    Migrations(DataSource source, Dialect dialect) {
        flyway = Flyway.configure(Migrations.class.getClassLoader())
                .dataSource(source)
                .locations(dialect.migrations())
                .loggers("slf4j")
                .load();
    }

    /// The version of the tables, if a newer Telltale made them: they would take what this one writes, and the newer
    /// one would not know it.
    Optional<String> newerVersion() {
        return Arrays.stream(flyway.info().applied())
                .filter(migration -> migration.getState() == MigrationState.FUTURE_SUCCESS)
                .map(MigrationInfo::getVersion)
                .map(String::valueOf)
                .findFirst();
    }

    boolean areDone() {
        return flyway.info().pending().length == 0;
    }

    void run() {
        flyway.migrate();
    }

    /// What the matter was; Flyway goes on for many lines.
    static String firstLine(Exception failure) {
        return String.valueOf(failure.getMessage()).strip().lines().findFirst().orElse("");
    }
}
