package dev.telltale.models;

import dev.telltale.autoencoder.Weights;
import dev.telltale.autoencoder.Weights.Parameter;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The safetensors layout: eight bytes of header length, a JSON header that names each tensor and says
/// where its bytes lie, then those bytes. All numbers are little endian, all tensors float32.
///
/// @see <a href="https://huggingface.co/docs/safetensors/index">Safetensors</a>
final class Safetensors {

    static final int LONGEST_HEADER = 8 << 20;

    private static final int PREFIX = Long.BYTES;
    private static final int CHUNK = 1 << 16;

    private Safetensors() {}

    /// @param metadata free text by name, stored in the header's `__metadata__`
    static void write(WritableByteChannel out, Map<String, String> metadata, Weights weights) throws IOException {
        byte[] header = SafetensorsHeader.of(metadata, weights).toBytes();
        if (header.length > LONGEST_HEADER) {
            throw new IllegalStateException("a header of " + header.length + " bytes could not be read back");
        }
        ByteBuffer prefix = littleEndian(PREFIX + header.length);
        prefix.putLong(header.length).put(header).flip();
        writeAll(out, prefix);
        for (Parameter parameter : weights.parameters()) {
            forEachChunk(parameter.values(), chunk -> writeAll(out, chunk));
        }
    }

    /// Adds the bytes of all tensors, as they stand in a file, to a digest.
    static void digest(Weights weights, MessageDigest digest) {
        for (Parameter parameter : weights.parameters()) {
            forEachChunk(parameter.values(), digest::update);
        }
    }

    /// The header of a file, held against the file's size before anything of that size is allocated.
    /// Leaves the channel at the first byte of the first tensor.
    ///
    /// @throws DamagedFileException if the header is no header, or its tensors do not fill the rest of the file
    static SafetensorsHeader readHeader(FileChannel in, long largestFile) throws IOException, DamagedFileException {
        long size = in.size();
        if (size < PREFIX || size > largestFile) {
            throw new DamagedFileException("it has " + size + " bytes, from 8 to " + largestFile + " can be read");
        }
        long length = readFully(in, littleEndian(PREFIX)).getLong();
        if (length < 2 || length > LONGEST_HEADER || length > size - PREFIX) {
            throw new DamagedFileException("its header claims " + Long.toUnsignedString(length) + " bytes");
        }
        SafetensorsHeader header = SafetensorsHeader.parse(
                readFully(in, littleEndian((int) length)).array());
        header.checkThatTensorsFill(size - PREFIX - length);
        return header;
    }

    /// The tensors of a header that was read from this channel just before.
    ///
    /// @throws DamagedFileException if a value is not finite
    static Weights readTensors(FileChannel in, SafetensorsHeader header) throws IOException, DamagedFileException {
        List<Parameter> parameters = new ArrayList<>();
        for (SafetensorsHeader.Tensor tensor : header.tensors()) {
            float[] values = new float[Math.toIntExact(tensor.bytes() / Float.BYTES)];
            for (int from = 0; from < values.length; from += CHUNK) {
                int count = Math.min(CHUNK, values.length - from);
                readFully(in, littleEndian(count * Float.BYTES)).asFloatBuffer().get(values, from, count);
            }
            for (float value : values) {
                if (!Float.isFinite(value)) {
                    throw new DamagedFileException("tensor " + tensor.name() + " holds " + value);
                }
            }
            parameters.add(new Parameter(tensor.name(), tensor.shape(), values));
        }
        return new Weights(parameters);
    }

    @FunctionalInterface
    private interface ChunkSink<E extends Exception> {
        void accept(ByteBuffer chunk) throws E;
    }

    private static <E extends Exception> void forEachChunk(float[] values, ChunkSink<E> sink) throws E {
        ByteBuffer chunk = littleEndian(Math.min(CHUNK, values.length) * Float.BYTES);
        for (int from = 0; from < values.length; from += CHUNK) {
            int count = Math.min(CHUNK, values.length - from);
            chunk.clear().asFloatBuffer().put(values, from, count);
            sink.accept(chunk.limit(count * Float.BYTES));
        }
    }

    private static void writeAll(WritableByteChannel out, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            out.write(bytes);
        }
    }

    private static ByteBuffer readFully(ReadableByteChannel in, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            if (in.read(bytes) < 0) {
                throw new EOFException("the file became shorter while it was read");
            }
        }
        return bytes.flip();
    }

    private static ByteBuffer littleEndian(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
