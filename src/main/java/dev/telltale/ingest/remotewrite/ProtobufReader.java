package dev.telltale.ingest.remotewrite;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import java.io.IOException;

/// Walks over the fields of protobuf messages in an array and makes no objects of them: a request has
/// thousands.
final class ProtobufReader {

    /// Is told of a field; reads it or has it skipped.
    @FunctionalInterface
    interface Field {
        void read(int tag, ProtobufReader in) throws IOException;
    }

    private final byte[] body;
    private final CodedInputStream in;

    ProtobufReader(byte[] body) {
        this.body = body;
        this.in = CodedInputStream.newInstance(body);
    }

    /// The tag of a field that holds a length and so many bytes.
    static int bytesTag(int field) {
        return tag(field, WireFormat.WIRETYPE_LENGTH_DELIMITED);
    }

    static int varintTag(int field) {
        return tag(field, WireFormat.WIRETYPE_VARINT);
    }

    static int fixed64Tag(int field) {
        return tag(field, WireFormat.WIRETYPE_FIXED64);
    }

    byte[] body() {
        return body;
    }

    /// Hands over each field up to the end of the message.
    void fields(Field field) throws IOException {
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            field.read(tag, this);
        }
    }

    /// Hands over each field of a message within, whose tag was just read.
    void message(Field field) throws IOException {
        int limit = in.pushLimit(in.readRawVarint32());
        fields(field);
        in.checkLastTagWas(0);
        in.popLimit(limit);
    }

    /// Passes over bytes of which the length comes first.
    ///
    /// @return that length; the bytes end at `position`
    int bytes() throws IOException {
        int length = in.readRawVarint32();
        in.skipRawBytes(length);
        return length;
    }

    int position() {
        return in.getTotalBytesRead();
    }

    /// Where to stop, for a field that packs several numbers.
    int packed() throws IOException {
        return in.pushLimit(in.readRawVarint32());
    }

    boolean isAtEnd() throws IOException {
        return in.isAtEnd();
    }

    void endPacked(int limit) {
        in.popLimit(limit);
    }

    long varint() throws IOException {
        return in.readRawVarint64();
    }

    long fixed64() throws IOException {
        return in.readRawLittleEndian64();
    }

    /// Passes over a field that nobody knows.
    void skip(int tag) throws IOException {
        if (!in.skipField(tag)) {
            throw new InvalidProtocolBufferException("a group ends that did not begin");
        }
    }

    private static int tag(int field, int type) {
        return field << 3 | type;
    }
}
