package dev.telltale.torch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// The processor as far as it decides the last bits of a training: the engine has its kernels once for each set of
/// vector instructions, and they add up in different orders.
///
/// @param name as its maker calls it, or the architecture where it does not say
/// @param vectors the set that the engine uses: `avx512`, `avx2`, `default`, or what `ATEN_CPU_CAPABILITY` asks for
record Processor(String name, String vectors) {

    private static final Path DESCRIPTION = Path.of("/proc/cpuinfo");
    private static final String CHOSEN = "ATEN_CPU_CAPABILITY";
    private static final Set<String> AVX512 = Set.of("avx512vl", "avx512bw", "avx512dq", "fma");
    private static final Set<String> AVX2 = Set.of("avx2", "fma");

    static Processor current(Map<String, String> environment) {
        try (Stream<String> lines = Files.lines(DESCRIPTION)) {
            return of(lines.toList(), environment);
        } catch (IOException e) {
            return of(List.of(), environment); // not Linux
        }
    }

    /// @param description the lines of Linux' `/proc/cpuinfo`
    static Processor of(List<String> description, Map<String, String> environment) {
        Set<String> flags =
                Set.copyOf(Arrays.asList(first(description, "flags").orElse("").split(" ", -1)));
        String best = flags.containsAll(AVX512) ? "avx512" : flags.containsAll(AVX2) ? "avx2" : "default";
        return new Processor(
                first(description, "model name").orElse(System.getProperty("os.arch", "unknown")),
                environment.getOrDefault(CHOSEN, best).toLowerCase(Locale.ROOT));
    }

    private static Optional<String> first(List<String> description, String name) {
        return description.stream()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst();
    }
}
