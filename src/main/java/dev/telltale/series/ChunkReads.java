package dev.telltale.series;

import dev.telltale.database.Database;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/// Looks at the chunks of series that the caller holds. Nobody else changes these meanwhile, so that one look
/// sees what the look before it saw, in whatever transactions they are.
interface ChunkReads {

    <T extends @Nullable Object> T read(Look<T> look);

    /// A look, which keeps nothing of the table.
    @FunctionalInterface
    interface Look<T extends @Nullable Object> {
        T at(ChunkTable chunks) throws SQLException;
    }

    /// Looks of a transaction, which sees what it has changed itself.
    ///
    /// @return one whose looks throw `FailedLook`, for who runs the transaction
    static ChunkReads on(Connection connection) {
        return new ChunkReads() {
            @Override
            public <T extends @Nullable Object> T read(Look<T> look) {
                try (ChunkTable chunks = new ChunkTable(connection)) {
                    return look.at(chunks);
                } catch (SQLException e) {
                    throw new FailedLook(e);
                }
            }
        };
    }

    /// Looks of which each is a read of its own, so that long work between them keeps no reader from others.
    static ChunkReads of(Database database) {
        return new ChunkReads() {
            @Override
            public <T extends @Nullable Object> T read(Look<T> look) {
                return database.read(connection -> {
                    try (ChunkTable chunks = new ChunkTable(connection)) {
                        return look.at(chunks);
                    }
                });
            }
        };
    }
}
