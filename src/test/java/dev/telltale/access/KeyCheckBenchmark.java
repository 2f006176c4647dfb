package dev.telltale.access;

import dev.telltale.database.DataDirectory;
import dev.telltale.database.Replicas;
import dev.telltale.database.SqliteDatabase;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import org.springframework.http.server.PathContainer;

/// What it costs to check a key and to look up the route's role, with 1,000 valid keys.
final class KeyCheckBenchmark {

    private static final int TIMES = 200_000;

    private KeyCheckBenchmark() {}

    private static final class Silent implements AccessEvents {

        @Override
        public void unauthenticated(HttpServletRequest request, boolean showed) {}

        @Override
        public void forbidden(HttpServletRequest request) {}

        @Override
        public void badAddress(HttpServletRequest request) {}

        @Override
        public void limited(HttpServletRequest request, int status) {}

        @Override
        public void keyCreated(Key key, String by) {}

        @Override
        public void keyRevoked(Key key, String by) {}
    }

    public static void main(String[] arguments) throws Exception {
        Path directory = Files.createTempDirectory("keys");
        try (DataDirectory held = DataDirectory.open(directory);
                SqliteDatabase database = SqliteDatabase.open(held);
                Keys keys =
                        new Keys(database, Replicas.on(database, "benchmark"), InstantSource.system(), new Silent())) {
            String right = "";
            for (int i = 0; i < KeyTable.MOST_LIVE; i++) {
                right = keys.create("k" + i, Set.of(Role.WRITER), null, "benchmark")
                        .text()
                        .written();
            }
            String wrong = right.substring(0, right.length() - 2) + "xx";
            String unknown = KeyText.fresh().written();
            PathContainer path = PathContainer.parsePath("/api/v1/series/cpu/samples");
            for (int round = 0; round < 3; round++) {
                measure("right key", keys, right, path);
                measure("wrong secret", keys, wrong, path);
                measure("unknown id", keys, unknown, path);
            }
        }
    }

    private static void measure(String what, Keys keys, String text, PathContainer path) {
        long[] nanos = new long[TIMES];
        int allowed = 0;
        for (int i = 0; i < TIMES; i++) {
            long start = System.nanoTime();
            Optional<Caller> caller = KeyText.parse(text).flatMap(keys::check);
            allowed += RouteRoles.allow("POST", path, caller, true) ? 1 : 0;
            nanos[i] = System.nanoTime() - start;
        }
        Arrays.sort(nanos);
        System.out.printf(
                "%-12s  %d of %d allowed, median %.1f µs, 99 %% %.1f µs%n",
                what, allowed, TIMES, nanos[TIMES / 2] / 1e3, nanos[TIMES * 99 / 100] / 1e3);
    }
}
