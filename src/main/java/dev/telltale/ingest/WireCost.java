package dev.telltale.ingest;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.WireFormat;
import java.io.IOException;

/// About how much heap a protobuf message takes once it is decoded. Two bytes can become an object, so this is
/// told before one is made.
public final class WireCost {

    private static final int MESSAGE = 80;
    private static final int TEXT = 56;
    private static final int NUMBER = 8;
    private static final int DEEPEST = 100;

    private WireCost() {}

    /// Bytes, about.
    ///
    /// @throws IOException if it is no protobuf, or nested more than 100 levels deep
    public static long of(byte[] message, Descriptor type) throws IOException {
        return of(CodedInputStream.newInstance(message), type, 0);
    }

    private static long of(CodedInputStream in, Descriptor type, int depth) throws IOException {
        if (depth > DEEPEST) {
            throw new IOException("nested too deep");
        }
        long cost = MESSAGE;
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            FieldDescriptor field = type.findFieldByNumber(WireFormat.getTagFieldNumber(tag));
            if (field == null) {
                cost += TEXT;
                in.skipField(tag);
            } else if (WireFormat.getTagWireType(tag) != WireFormat.WIRETYPE_LENGTH_DELIMITED) {
                cost += field.isRepeated() ? NUMBER : 0;
                in.skipField(tag);
            } else {
                int length = in.readRawVarint32();
                int outer = in.pushLimit(length);
                if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
                    cost += of(in, field.getMessageType(), depth + 1);
                } else {
                    // A packed number may be a single byte.
                    cost += TEXT + (field.isPackable() ? (long) NUMBER * length : length);
                    in.skipRawBytes(length);
                }
                in.popLimit(outer);
            }
        }
        return cost;
    }
}
