package dev.telltale.torch;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;
import java.util.OptionalLong;

/// The memory that this process has outside the Java heap, as the C library counts it: the engine's arrays, and what
/// the JVM, its compilers and the database need. It leaves out what was given back, which the resident memory does not.
///
/// @see <a href="https://man7.org/linux/man-pages/man3/mallinfo.3.html">mallinfo2(3)</a>
public final class NativeMemory {

    private static final String IN_BLOCKS = "uordblks";
    private static final String MAPPED = "hblkhd"; // large blocks of their own

    private static final StructLayout LAYOUT = MemoryLayout.structLayout(
            ValueLayout.JAVA_LONG.withName("arena"),
            ValueLayout.JAVA_LONG.withName("ordblks"),
            ValueLayout.JAVA_LONG.withName("smblks"),
            ValueLayout.JAVA_LONG.withName("hblks"),
            ValueLayout.JAVA_LONG.withName(MAPPED),
            ValueLayout.JAVA_LONG.withName("usmblks"),
            ValueLayout.JAVA_LONG.withName("fsmblks"),
            ValueLayout.JAVA_LONG.withName(IN_BLOCKS),
            ValueLayout.JAVA_LONG.withName("fordblks"),
            ValueLayout.JAVA_LONG.withName("keepcost"));

    private static final Optional<MethodHandle> MALLINFO = find();

    private NativeMemory() {}

    /// Bytes handed out and not given back; empty where the C library does not count them, which glibc does from 2.33.
    public static OptionalLong inUse() {
        return MALLINFO.isPresent() ? OptionalLong.of(ask(MALLINFO.get())) : OptionalLong.empty();
    }

    private static long ask(MethodHandle mallinfo) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment counts = (MemorySegment) mallinfo.invokeExact((SegmentAllocator) arena);
            return get(counts, IN_BLOCKS) + get(counts, MAPPED);
        } catch (Throwable e) { // which the signature of a method handle allows
            throw new IllegalStateException("mallinfo2 takes nothing and throws nothing", e);
        }
    }

    private static long get(MemorySegment counts, String name) {
        return counts.get(ValueLayout.JAVA_LONG, LAYOUT.byteOffset(MemoryLayout.PathElement.groupElement(name)));
    }

    @SuppressWarnings("restricted") // its signature is that of the manual
    private static Optional<MethodHandle> find() {
        Linker linker = Linker.nativeLinker();
        return linker.defaultLookup()
                .find("mallinfo2")
                .map(function -> linker.downcallHandle(function, FunctionDescriptor.of(LAYOUT)));
    }
}
