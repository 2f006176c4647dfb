package dev.telltale.series;

import dev.telltale.database.Database;
import dev.telltale.problem.Problem;
import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Bodies in a table of PostgreSQL, cut into parts, where each process finds what another has taken in.
final class TableUploadBodies implements UploadBodies {

    private static final Logger LOG = LoggerFactory.getLogger(TableUploadBodies.class);

    /// Of memory for each body that arrives or is read.
    static final int PART_BYTES = 256 * 1024;
    /// Bodies that one turn removes; those of the next follow.
    private static final int MOST_AT_ONCE = 1_000;

    /// The last commit, which waits for the disk, brings those before it there too.
    private static final String BEFORE_OTHERS = "SET LOCAL synchronous_commit = off";

    private static final String INSERT = "INSERT INTO upload_body (upload, part, bytes) VALUES (?, ?, ?)";
    private static final String SIZE =
            "SELECT count(*), coalesce(sum(octet_length(bytes)), 0) FROM upload_body WHERE upload = ?";
    private static final String PART = "SELECT bytes FROM upload_body WHERE upload = ? AND part = ?";
    private static final String DELETE = "DELETE FROM upload_body WHERE upload = ?";

    /// A body that arrives gets new parts all the time, and its job once it is there.
    private static final String LEFT = "SELECT upload FROM upload_body GROUP BY upload"
            + " HAVING max(at) < clock_timestamp() - interval '1 hour' ORDER BY upload LIMIT " + MOST_AT_ONCE;

    private final Database database;
    private final Predicate<String> isNeeded;

    /// @param isNeeded whether a job that has not ended works on the body of this name
    TableUploadBodies(Database database, Predicate<String> isNeeded) {
        this.database = database;
        this.isNeeded = isNeeded;
    }

    @Override
    public Arrival keep(InputStream body) {
        Arrival arrival = new Arrival(this::ended);
        try {
            write(body, arrival.name());
            return arrival;
        } catch (RuntimeException | Error refused) {
            arrival.close();
            throw refused;
        }
    }

    @Override
    public Body open(String name) throws IOException {
        record Extent(int parts, long bytes) {}
        Extent extent = database.read(connection -> {
            try (PreparedStatement select = connection.prepareStatement(SIZE)) {
                select.setString(1, name);
                try (ResultSet row = select.executeQuery()) {
                    row.next();
                    return new Extent(row.getInt(1), row.getLong(2));
                }
            }
        });
        if (extent.parts() == 0) {
            throw new FileNotFoundException("the body " + name + " of an upload is gone");
        }
        return new Body(new Parts(name, extent.parts()), extent.bytes());
    }

    @Override
    public void remove(String name) {
        try {
            database.writeAlone(connection -> {
                try (PreparedStatement delete = connection.prepareStatement(DELETE)) {
                    delete.setString(1, name);
                    return delete.executeUpdate();
                }
            });
        } catch (Problem storeIsBusy) {
            LOG.warn("The body {} of an upload that has ended cannot be removed: {}", name, storeIsBusy.detail());
        }
    }

    @Override
    public void run() {
        left().stream().filter(isNeeded.negate()).forEach(this::remove);
    }

    private List<String> left() {
        return database.read(connection -> {
            List<String> names = new ArrayList<>();
            try (Statement select = connection.createStatement();
                    ResultSet row = select.executeQuery(LEFT)) {
                while (row.next()) {
                    names.add(row.getString(1));
                }
            }
            return names;
        });
    }

    private void ended(Arrival arrival) {
        if (!arrival.isTaken()) {
            remove(arrival.name());
        }
    }

    /// One part is read ahead, since the last is written otherwise. There is always one, if only an empty one.
    private void write(InputStream body, String name) {
        byte[] part = readPart(body);
        int number = 0;
        while (part.length == PART_BYTES) {
            byte[] next = readPart(body);
            if (next.length == 0) {
                break;
            }
            insert(name, number++, part, false);
            part = next;
        }
        insert(name, number, part, true);
    }

    /// The next bytes, fewer than a part holds only at the end.
    private static byte[] readPart(InputStream body) {
        byte[] part = new byte[PART_BYTES];
        int filled = 0;
        while (filled < PART_BYTES) {
            int count = UploadBodies.read(body, part, filled);
            if (count < 0) {
                return Arrays.copyOf(part, filled);
            }
            filled += count;
        }
        return part;
    }

    private void insert(String name, int number, byte[] part, boolean isLast) {
        database.writeAlone(connection -> {
            if (!isLast) {
                try (Statement set = connection.createStatement()) {
                    set.execute(BEFORE_OTHERS);
                }
            }
            try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
                insert.setString(1, name);
                insert.setInt(2, number);
                insert.setBytes(3, part);
                return insert.executeUpdate();
            }
        });
    }

    /// A body part by part, each in a transaction of its own: none changes once it is there.
    private final class Parts extends InputStream {

        private final String name;
        private final int count;
        private int next;
        private ByteArrayInputStream current = new ByteArrayInputStream(new byte[0]);

        Parts(String name, int count) {
            this.name = name;
            this.count = count;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            while (current.available() == 0) {
                if (next == count) {
                    return -1;
                }
                current = new ByteArrayInputStream(part(next++));
            }
            return current.read(buffer, offset, length);
        }

        private byte[] part(int number) throws IOException {
            Optional<byte[]> part = database.read(connection -> {
                try (PreparedStatement select = connection.prepareStatement(PART)) {
                    select.setString(1, name);
                    select.setInt(2, number);
                    try (ResultSet row = select.executeQuery()) {
                        return row.next() ? Optional.of(row.getBytes(1)) : Optional.<byte[]>empty();
                    }
                }
            });
            return part.orElseThrow(() -> new FileNotFoundException("the body " + name + " of an upload is gone"));
        }
    }
}
