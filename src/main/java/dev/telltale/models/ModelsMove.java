package dev.telltale.models;

import dev.telltale.database.MoveListener;
import dev.telltale.database.MovedRows;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.UUID;

/// Moves models from SQLite and the data directory to PostgreSQL, where their files lie too. A file is read as if it
/// were to score, with all checks: one that is damaged stays behind, and its version is there as it was, to be deleted
/// or trained again.
public final class ModelsMove {

    private static final List<String> COLUMNS = List.of(
            "id", "name", "version", "created", "series", "architecture", "length", "parameters", "sha256", "file");

    private final Path directory;
    private final ModelSignature signature;

    /// @param dataDirectory of the source
    /// @throws dev.telltale.database.DataDirectoryUnusable if its key is damaged
    public ModelsMove(Path dataDirectory) {
        directory = dataDirectory.resolve(DirectoryModelStore.DIRECTORY);
        try {
            signature = ModelSignature.of(dataDirectory);
        } catch (IOException e) {
            throw new UncheckedIOException("the key of the models cannot be read", e);
        }
    }

    /// Copies all models, in the running transaction of the target.
    public void copy(Connection from, Connection to, MoveListener listener) throws SQLException {
        String query = "SELECT id, name, version, created, series, architecture, length, parameters, sha256 FROM model"
                + " ORDER BY id";
        MovedRows.write(to, "model", COLUMNS, listener, models -> {
            try (Statement select = from.createStatement();
                    ResultSet row = select.executeQuery(query)) {
                while (row.next()) {
                    UUID file = UUID.randomUUID();
                    copyFile(new ModelName(row.getString(2)), row.getInt(3), row.getString(9), file, to, listener);
                    models.add(
                            row.getLong(1),
                            row.getString(2),
                            row.getInt(3),
                            row.getLong(4),
                            row.getString(5),
                            row.getString(6),
                            row.getInt(7),
                            row.getLong(8),
                            row.getString(9),
                            file);
                }
            }
        });
        MovedRows.copy(from, "SELECT * FROM active_model ORDER BY name", to, "active_model", listener);
    }

    private void copyFile(ModelName name, int version, String sha256, UUID id, Connection to, MoveListener listener)
            throws SQLException {
        Path file = directory
                .resolve(name.value())
                .resolve(Integer.toString(version))
                .resolve(DirectoryModelStore.FILE);
        try {
            requireSound(file, name, version, sha256);
        } catch (NoSuchFileException e) {
            listener.warn("Version " + version + " of model '" + name + "' has no file; it comes without one.");
            return;
        } catch (DamagedFileException | IOException e) {
            listener.warn(
                    "The file of version " + version + " of model '" + name + "' stays behind, since it is damaged ("
                            + e.getMessage() + "). Delete the version, or train it again.");
            return;
        }
        MovedRows.write(to, "model_part", List.of("file", "part", "bytes"), listener, rows -> {
            try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
                int number = 0;
                byte[] part = in.readNBytes(TableModelFiles.PART_BYTES);
                while (part.length > 0) {
                    rows.add(id, number++, part);
                    part = in.readNBytes(TableModelFiles.PART_BYTES);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private void requireSound(Path file, ModelName name, int version, String sha256)
            throws IOException, DamagedFileException {
        if (Files.isSymbolicLink(directory.resolve(name.value())) || Files.isSymbolicLink(ModelFile.parent(file))) {
            throw new DamagedFileException("a symbolic link stands in the place of its directory");
        }
        ModelFile.read(file, sha256);
        if (!signature.isNew()) { // else nothing is signed here yet
            signature.check(ModelFile.parent(file), name, version, sha256);
        }
    }
}
