package dev.telltale.models;

import dev.telltale.database.DataDirectory;
import dev.telltale.database.SqliteDatabase;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// A store of models in an empty data directory, opened before each test and closed after it.
abstract class ModelStoreOnDisk {

    @TempDir
    Path path;

    DataDirectory directory;
    SqliteDatabase database;
    DirectoryModelStore store;

    @BeforeEach
    void open() {
        directory = DataDirectory.open(path);
        database = SqliteDatabase.open(directory);
        store = new DirectoryModelStore(path, database, new DamagedModels(Stream::empty));
    }

    @AfterEach
    void close() {
        database.close();
        directory.close();
    }
}
