package dev.telltale.models;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;

/// Where the processes that share a database find the files of models that others of them have saved. Each keeps
/// those that it uses in its own data directory, where they may be missing or old.
interface ModelFiles {

    /// Where one process has the database for itself, the files in its data directory are all there are.
    ModelFiles LOCAL = new ModelFiles() {
        @Override
        public Optional<UUID> keep(Path file) {
            return Optional.empty();
        }

        @Override
        public boolean fetch(StoredModel model, FileChannel out) {
            return false;
        }

        @Override
        public boolean areShared() {
            return false;
        }
    };

    /// Keeps a file for the others. Without a row that names it, it is swept after a while.
    ///
    /// @return what the row of its version is to name it by, empty if there are no others
    /// @throws dev.telltale.problem.Problem if there is no room for it, or the store does not work now
    Optional<UUID> keep(Path file) throws IOException;

    /// Writes the file that was kept for a version, from the position of `out` on.
    ///
    /// @return whether there is one; it may be cut short if the version is deleted meanwhile
    boolean fetch(StoredModel model, FileChannel out) throws IOException;

    /// Whether there are others.
    boolean areShared();
}
