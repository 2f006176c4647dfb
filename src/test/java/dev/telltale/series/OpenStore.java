package dev.telltale.series;

import dev.telltale.database.Database;
import java.nio.file.Path;

/// A store that a test has opened, with all that is under it.
interface OpenStore extends AutoCloseable {

    ChunkedSeriesStore store();

    Database database();

    @Override
    void close();

    /// Opens stores of one kind, for the contracts that each kind keeps to.
    interface Opening {

        /// Opens the store of a place.
        ///
        /// @param place where what is stored lies: the same place again opens what it was left with
        OpenStore open(Path place, ChunkedSeriesStore.Limits limits);
    }
}
