package dev.telltale.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;

/// Floats that Java and the engine see at one address: what is written here is there, nothing is
/// copied and no native call is made.
public final class SharedTensor {

    private static final int CACHE_LINE = 64; // aligned alike always, so that the kernels run alike

    private final MemorySegment values;
    private final NDArray array;

    /// Zeros of this shape.
    SharedTensor(NDManager manager, Arena arena, long... shape) {
        Shape dimensions = new Shape(shape);
        values = arena.allocate(dimensions.size() * Float.BYTES, CACHE_LINE);
        array = manager.create(values.asByteBuffer().order(ByteOrder.nativeOrder()), dimensions, DataType.FLOAT32);
    }

    /// The memory as the engine sees it.
    public NDArray array() {
        return array;
    }

    /// The memory as Java sees it, row-major.
    public MemorySegment values() {
        return values;
    }

    /// The memory of an array that the engine made, row-major, as long as that array is open.
    public static MemorySegment valuesOf(NDArray array) {
        return MemorySegment.ofBuffer(array.toByteBuffer(true).order(ByteOrder.nativeOrder()));
    }
}
