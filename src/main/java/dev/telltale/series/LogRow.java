package dev.telltale.series;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/// A row of the log of a partition: what one transaction changed of its series. The rows of a partition
/// are numbered without gaps in the order in which they were committed. Owns its bytes, which `docs/storage-format.md`
/// draws.
final class LogRow {

    private static final byte FORMAT = 1;
    /// Sequences of one partition stay below this power of two.
    private static final int SEQUENCE_BITS = 48;

    /// What a row tells.
    enum Kind {
        /// Samples came in.
        SAMPLES(1),
        /// All samples that some series had before the row are in chunks now, and those have changed.
        MOVED(2),
        /// Series were deleted.
        GONE(3),
        /// Unit or interval of a series changed.
        DESCRIBED(4),
        /// Senders said that no more samples of series come.
        ENDED(5),
        /// As `MOVED`, and with samples that no row told before.
        UPLOADED(6);

        private final int number;

        Kind(int number) {
            this.number = number;
        }

        /// As it stands in the table.
        int number() {
            return number;
        }

        private static Kind of(int number) {
            for (Kind kind : values()) {
                if (kind.number == number) {
                    return kind;
                }
            }
            throw new IllegalStateException("rows of kind " + number + " are of a newer Telltale");
        }
    }

    private final int partition;
    private final long sequence;
    private final Kind kind;
    private final byte[] bytes;

    private LogRow(int partition, long sequence, Kind kind, byte[] bytes) {
        this.partition = partition;
        this.sequence = sequence;
        this.kind = kind;
        this.bytes = bytes;
    }

    /// A row as it lies in the table.
    ///
    /// @throws dev.telltale.problem.Problem if the bytes are not those that were written
    static LogRow read(int partition, long sequence, int kind, byte[] bytes) {
        if (!Checksum.isIntact(bytes, owner(partition, sequence)) || bytes[0] != FORMAT) {
            throw SeriesProblem.DAMAGED_SAMPLES.because(
                    "row %d of the log of partition %d is damaged in the database; restore that from a copy. To go on"
                            + " without what the row tells: DELETE FROM journal WHERE partition = %d AND sequence = %d",
                    sequence, partition, partition, sequence);
        }
        return new LogRow(partition, sequence, Kind.of(kind), bytes);
    }

    /// Samples that came in.
    static LogRow samples(int partition, long sequence, SortedBatch batch) {
        return new LogRow(partition, sequence, Kind.SAMPLES, JournalCodec.encode(owner(partition, sequence), batch));
    }

    /// Series all of whose samples are in chunks.
    ///
    /// @param newest time of the newest sample of each by its id, `Long.MIN_VALUE` if there is none
    static LogRow moved(int partition, long sequence, SortedMap<Long, Long> newest) {
        return sealed(partition, sequence, Kind.MOVED, times(newest));
    }

    /// Series all of whose samples are in chunks, and that got some there.
    ///
    /// @param newest as of `moved`
    /// @param came from when to when samples came, of those of these series of which some did
    static LogRow uploaded(int partition, long sequence, SortedMap<Long, Long> newest, Map<Long, TimeSpan> came) {
        ByteBuffer out = list(newest.size(), 4);
        long before = 0;
        for (Map.Entry<Long, Long> series : newest.entrySet()) {
            Varint.write(out, series.getKey() - before);
            Varint.write(out, Varint.zigzag(series.getValue()));
            TimeSpan span = came.get(series.getKey());
            Varint.write(out, span == null ? 0 : span.last() - span.first() + 1);
            if (span != null) {
                Varint.write(out, Varint.zigzag(span.first()));
            }
            before = series.getKey();
        }
        return sealed(partition, sequence, Kind.UPLOADED, out);
    }

    /// Series whose senders said that they end.
    ///
    /// @param ends when, by the id of each
    static LogRow ended(int partition, long sequence, SortedMap<Long, Long> ends) {
        return sealed(partition, sequence, Kind.ENDED, times(ends));
    }

    /// A series that was deleted.
    static LogRow gone(int partition, long sequence, long seriesId) {
        ByteBuffer out = list(1, 1);
        Varint.write(out, seriesId);
        return sealed(partition, sequence, Kind.GONE, out);
    }

    /// A series whose unit or interval changed.
    static LogRow described(int partition, long sequence, Series series) {
        byte[] unit = series.unit().orElse("").getBytes(StandardCharsets.UTF_8);
        ByteBuffer out = ByteBuffer.allocate(2 + 2 * Varint.MOST_BYTES + unit.length);
        out.put(FORMAT);
        Varint.write(out, series.id());
        Varint.write(out, series.interval().map(Duration::toMillis).orElse(0L));
        out.put((byte) (series.unit().isPresent() ? 1 : 0));
        out.put(unit);
        return sealed(partition, sequence, Kind.DESCRIBED, out);
    }

    int partition() {
        return partition;
    }

    long sequence() {
        return sequence;
    }

    Kind kind() {
        return kind;
    }

    byte[] bytes() {
        return bytes;
    }

    /// Is told what a row says of each series.
    interface Reader {

        void samples(long seriesId, Samples samples);

        void moved(long seriesId, long newest);

        void gone(long seriesId);

        void described(long seriesId, Optional<String> unit, Optional<Duration> interval);

        void ended(long seriesId, long time);

        /// Samples came to the chunks of a series, of which `moved` tells too.
        void came(long seriesId, TimeSpan span);
    }

    /// Tells a row of ends without the rest of the log.
    ///
    /// @param ends takes ids of series and times
    void tellEnds(Taker ends) {
        forEach(in -> Varint.unzigzag(Varint.read(in)), ends);
    }

    void tell(Reader reader) {
        switch (kind) {
            case SAMPLES -> JournalCodec.decode(bytes, reader::samples);
            case MOVED -> forEach(in -> Varint.unzigzag(Varint.read(in)), reader::moved);
            case GONE -> forEach(in -> 0, (id, nothing) -> reader.gone(id));
            case DESCRIBED -> tellDescription(reader);
            case ENDED -> forEach(in -> Varint.unzigzag(Varint.read(in)), reader::ended);
            case UPLOADED -> tellUpload(reader);
        }
    }

    private void tellUpload(Reader reader) {
        ByteBuffer in = content();
        long id = 0;
        for (long left = Varint.read(in); left > 0; left--) {
            id += Varint.read(in);
            reader.moved(id, Varint.unzigzag(Varint.read(in)));
            long length = Varint.read(in);
            if (length > 0) {
                long first = Varint.unzigzag(Varint.read(in));
                reader.came(id, new TimeSpan(first, first + length - 1));
            }
        }
    }

    private void tellDescription(Reader reader) {
        ByteBuffer in = content();
        long id = Varint.read(in);
        Optional<Duration> interval =
                Optional.of(Varint.read(in)).filter(millis -> millis > 0).map(Duration::ofMillis);
        boolean hasUnit = in.get() == 1;
        String unit = StandardCharsets.UTF_8.decode(in).toString();
        reader.described(id, hasUnit ? Optional.of(unit) : Optional.empty(), interval);
    }

    /// What stands between format and checksum.
    private ByteBuffer content() {
        return ByteBuffer.wrap(bytes, 1, bytes.length - 1 - Checksum.BYTES);
    }

    private interface Field {
        long read(ByteBuffer in);
    }

    interface Taker {
        void accept(long id, long field);
    }

    private void forEach(Field field, Taker consumer) {
        ByteBuffer in = content();
        long id = 0;
        for (long left = Varint.read(in); left > 0; left--) {
            id += Varint.read(in);
            consumer.accept(id, field.read(in));
        }
    }

    /// A time of each series, by its id.
    private static ByteBuffer times(SortedMap<Long, Long> times) {
        ByteBuffer out = list(times.size(), 2);
        long before = 0;
        for (Map.Entry<Long, Long> series : times.entrySet()) {
            Varint.write(out, series.getKey() - before);
            Varint.write(out, Varint.zigzag(series.getValue()));
            before = series.getKey();
        }
        return out;
    }

    /// Room for the numbers of so many series.
    private static ByteBuffer list(int series, int numbersOfEach) {
        ByteBuffer out = ByteBuffer.allocate(1 + Varint.MOST_BYTES * (1 + numbersOfEach * series));
        out.put(FORMAT);
        Varint.write(out, series);
        return out;
    }

    private static LogRow sealed(int partition, long sequence, Kind kind, ByteBuffer content) {
        byte[] bytes = new byte[content.flip().remaining() + Checksum.BYTES];
        content.get(bytes, 0, content.remaining());
        Checksum.seal(bytes, owner(partition, sequence));
        return new LogRow(partition, sequence, kind, bytes);
    }

    private static long owner(int partition, long sequence) {
        return (long) partition << SEQUENCE_BITS | sequence;
    }
}
