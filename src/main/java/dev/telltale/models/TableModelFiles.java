package dev.telltale.models;

import dev.telltale.database.Database;
import dev.telltale.jobs.PeriodicWork;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Files of models in a table of PostgreSQL, cut into parts: they come before the row of their version, and go after
/// it. A file is never changed, so that a version that was deleted and made again has another one.
final class TableModelFiles implements ModelFiles, PeriodicWork {

    private static final Logger LOG = LoggerFactory.getLogger(TableModelFiles.class);

    /// Of memory for each file that is kept or fetched.
    static final int PART_BYTES = 1 << 20;
    private static final Duration SWEEP = Duration.ofMinutes(15);

    /// The last commit, which waits for the disk, brings those before it there too.
    private static final String BEFORE_OTHERS = "SET LOCAL synchronous_commit = off";

    private static final String INSERT = "insert into model_part (file, part, bytes) values (?, ?, ?)";
    private static final String PART =
            "select p.bytes from model m join model_part p on p.file = m.file where m.id = ? and p.part = ?";

    /// A save that is under way gets new parts all the time, and its row soon after the last.
    private static final String SWEEP_UNUSED = "delete from model_part where file in (select p.file from model_part p"
            + " where not exists (select 1 from model m where m.file = p.file) group by p.file"
            + " having max(p.at) < clock_timestamp() - interval '1 hour')";

    private final Database database;

    TableModelFiles(Database database) {
        this.database = database;
    }

    @Override
    public Optional<UUID> keep(Path file) throws IOException {
        UUID id = UUID.randomUUID();
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            byte[] part = in.readNBytes(PART_BYTES);
            for (int number = 0; part.length > 0; number++) {
                byte[] next = in.readNBytes(PART_BYTES);
                insert(id, number, part, next.length == 0);
                part = next;
            }
        }
        return Optional.of(id);
    }

    @Override
    public boolean fetch(StoredModel model, FileChannel out) throws IOException {
        int number = 0;
        Optional<byte[]> part = part(model, number);
        while (part.isPresent()) {
            ByteBuffer bytes = ByteBuffer.wrap(part.get());
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            part = part(model, ++number);
        }
        return number > 0;
    }

    @Override
    public boolean areShared() {
        return true;
    }

    @Override
    public String name() {
        return "model-files";
    }

    @Override
    public Duration interval() {
        return SWEEP;
    }

    /// Deletes files that no version has, since their saves were never finished or their versions are deleted.
    @Override
    public void run() {
        int parts = database.writeAlone(connection -> {
            try (Statement delete = connection.createStatement()) {
                return delete.executeUpdate(SWEEP_UNUSED);
            }
        });
        if (parts > 0) {
            LOG.info("{} parts of files that no model has any more are deleted", parts);
        }
    }

    private void insert(UUID file, int number, byte[] part, boolean isLast) {
        database.writeAlone(connection -> {
            if (!isLast) {
                try (Statement set = connection.createStatement()) {
                    set.execute(BEFORE_OTHERS);
                }
            }
            try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
                insert.setObject(1, file);
                insert.setInt(2, number);
                insert.setBytes(3, part);
                return insert.executeUpdate();
            }
        });
    }

    private Optional<byte[]> part(StoredModel model, int number) {
        return database.read(connection -> {
            try (PreparedStatement select = connection.prepareStatement(PART)) {
                select.setLong(1, model.id());
                select.setInt(2, number);
                try (ResultSet row = select.executeQuery()) {
                    return row.next() ? Optional.of(row.getBytes(1)) : Optional.empty();
                }
            }
        });
    }
}
