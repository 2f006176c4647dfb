package dev.telltale;

import dev.telltale.database.Postgres;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/// The tour where all is kept in PostgreSQL: nobody who calls the service sees a difference.
class PostgresTourIT extends ReadmeTour {

    @TempDir
    static Path secrets;

    @DynamicPropertySource
    static void database(DynamicPropertyRegistry registry) {
        Postgres postgres = Postgres.fresh();
        Path password = postgres.passwordFile(secrets);
        registry.add("telltale.database.url", postgres::url);
        registry.add("telltale.database.user", postgres::user);
        registry.add("telltale.database.password-file", password::toString);
    }
}
