package dev.telltale.live;

import static dev.telltale.live.LiveClient.key;
import static dev.telltale.live.LiveService.INTERVAL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.telltale.series.SeriesKey;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Many threads push the same watched series at once, in pieces that overlap and come late or twice, while other
/// detectors come and go. The scores are those that the stored ranges get from one thread.
///
/// Goes on for `-Dstress.seconds` with more rows each time, from `-Dstress.seed` on.
class StressedLanesIT {

    private static final int THREADS = 6;
    private static final int SERIES = 4;
    private static final int TRAINED = 600;
    private static final int ROWS = 240;
    private static final int SECONDS = Integer.getInteger("stress.seconds", 0);
    private static final int SEED = Integer.getInteger("stress.seed", 1);

    @TempDir
    private Path directory;

    private long start;

    @Test
    void givesTheScoresOfOneThread() throws Exception {
        long end = System.nanoTime() + SECONDS * 1_000_000_000L;
        try (LiveService service = new LiveService(directory, "--telltale.live.workers=3")) {
            start = Instant.now().toEpochMilli() / INTERVAL * INTERVAL - 100_000 * INTERVAL;
            prepare(service);
            int from = TRAINED;
            do {
                pushAtOnce(service, from, from + ROWS);
                from += ROWS;
                service.awaitScored("d", time(from - 1));
                assertScoredLikeTheBatch(service);
            } while (System.nanoTime() < end && from < 90_000);
        }
    }

    private void prepare(LiveService service) {
        for (int series = 0; series < SERIES; series++) {
            service.push(name(series), time(0), values(series, 0, TRAINED));
        }
        service.train("{\"name\":\"m\",\"series\":[\"s0\"],\"windowing\":{\"length\":16},\"training\":{\"epochs\":3}}");
        service.watch("d", watching("s.*"));
    }

    private static String watching(String names) {
        return "{\"model\":\"m\",\"select\":\"{__name__=~\\\"" + names + "\\\"}\",\"scaling\":\"model\"}";
    }

    private void pushAtOnce(LiveService service, int from, int to) throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS + 1)) {
            List<Future<?>> all = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                Random random = new Random(SEED * 1_000L + from * 10L + thread);
                all.add(threads.submit(() -> push(service, pieces(from, to, random), random)));
            }
            all.add(threads.submit(() -> {
                for (int i = 0; i < 5; i++) {
                    service.watch("other", watching("s[0-" + i + "]"));
                    service.json("DELETE", "/api/v1/detectors/other", "", 204);
                }
            }));
            for (Future<?> one : all) {
                one.get();
            }
        }
    }

    /// Stretches of a few rows that cover all of them, late by forty rows at most.
    private static List<int[]> pieces(int from, int to, Random random) {
        List<int[]> pieces = new ArrayList<>();
        for (int series = 0; series < SERIES; series++) {
            for (int row = from; row < to; ) {
                int length = 1 + random.nextInt(12);
                pieces.add(new int[] {series, row, Math.min(to, row + length)});
                row += length;
            }
        }
        pieces.sort((one, other) -> Integer.compare(one[1], other[1]));
        for (int i = 0; i < pieces.size(); i += 4) {
            Collections.shuffle(pieces.subList(i, Math.min(pieces.size(), i + 8)), random);
        }
        return pieces;
    }

    private void push(LiveService service, List<int[]> pieces, Random random) {
        for (int[] piece : pieces) {
            int times = random.nextInt(5) == 0 ? 2 : 1;
            for (int i = 0; i < times; i++) {
                service.push(name(piece[0]), time(piece[1]), values(piece[0], piece[1], piece[2]));
            }
        }
    }

    private void assertScoredLikeTheBatch(LiveService service) {
        for (int series = 0; series < SERIES; series++) {
            String name = "s" + series;
            Map<Instant, Double> batch = service.batchScores("m", name);
            batch.keySet().removeIf(time -> time.toEpochMilli() < time(TRAINED));
            service.await(() -> service.scores("d", name).size() == batch.size());
            Map<Instant, Double> live = service.scores("d", name);
            assertThat(live.keySet()).isEqualTo(batch.keySet());
            batch.forEach((time, score) ->
                    assertThat(live.get(time)).as("%s at %s", name, time).isCloseTo(score, within(1e-9)));
        }
    }

    private static SeriesKey name(int series) {
        return key("s" + series);
    }

    private long time(int row) {
        return start + row * INTERVAL;
    }

    /// A wave of an hour with noise; a row has the same value whoever pushes it.
    private static double[] values(int series, int from, int to) {
        double[] values = new double[to - from];
        Arrays.setAll(values, i -> {
            int row = from + i;
            return 50
                    + 20 * Math.sin(2 * Math.PI * row / 60)
                    + new SplittableRandom(row * 31L + series).nextDouble(-2, 2);
        });
        return values;
    }
}
