package dev.telltale.detection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.signal.Frame;
import dev.telltale.signal.Frames;
import dev.telltale.signal.Scaling;
import dev.telltale.signal.Windowing;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CutForestTest {

    private static final Windowing WINDOWING = new Windowing(8, 1);

    /// A wave that misses a beat in row 650.
    private static final Frame WAVE = wave(650);

    private static final int[] LEARNED = WINDOWING.lastRows(wave(-1));
    private static final Scaling SCALING = Scaling.fit(Scaling.Kind.MIN_MAX, WAVE, Frames.allRows(WAVE));

    @Test
    void findsAShapeThatItHasNotLearnedThoughEachOfItsValuesIsOrdinary() {
        double[] errors = forest(7).errors(WAVE, LEARNED).values();

        int largest = IntStream.range(0, errors.length)
                .boxed()
                .max((one, other) -> Double.compare(errors[one], errors[other]))
                .orElseThrow();
        assertThat(LEARNED[largest]).isBetween(650, 657);
    }

    @Test
    void isTheSameForestFromTheSamePointsAndSeedOnly() {
        double[] errors = forest(7).errors(WAVE, LEARNED).values();

        CutForest rebuilt = new CutForest(forest(7).points(), SCALING, 7);
        assertThat(rebuilt.errors(WAVE, LEARNED).values()).containsExactly(errors);
        assertThat(forest(8).errors(WAVE, LEARNED).values()).isNotEqualTo(errors);
    }

    /// Saved models are scored by what the library makes of their points: one that does otherwise is not theirs.
    @Test
    void givesTheErrorsThatItGaveSavedModels() {
        assertThat(forest(7).errors(WAVE, new int[] {100, 650, 653}).values())
                .containsExactly(0.7971777116217565, 1.4618195277788815, 1.9289112015002112);
    }

    @Test
    void judgesARowAlikeAloneAmongOthersAndByManyAtOnce() throws ExecutionException, InterruptedException {
        double[] errors = forest(7).errors(WAVE, LEARNED).values();
        CutForest forest = forest(7);
        assertThat(forest.errors(WAVE, new int[] {650}).value(0)).isEqualTo(errors[650 - LEARNED[0]]);

        CutForest asked = forest(7);
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<double[]>> answers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                answers.add(threads.submit(() -> asked.errors(WAVE, LEARNED).values()));
            }
            for (Future<double[]> answer : answers) {
                assertThat(answer.get()).containsExactly(errors);
            }
        }
    }

    @Test
    void isMadeOfSoManyWindowsEvenlySpread() {
        double[] values = new double[5000];
        Arrays.setAll(values, i -> i);
        Frame frame = Frames.of(values);
        Scaling asTheyAre = new Scaling(Scaling.Kind.NONE, List.of(new Scaling.Channel(0, 1, false)));

        CutForest forest = CutForest.learn(frame, asTheyAre, new Windowing(1, 1), Frames.allRows(frame), 1);

        assertThat(forest.points().count()).isEqualTo(CutForest.MOST_POINTS);
        assertThat(forest.points().values()[1024]).isEqualTo(2500);
    }

    @Test
    void seesTheNewestRowsOfLongWindowsAndAlwaysARow() {
        assertThat(CutForest.rows(1, 1)).isEqualTo(1);
        assertThat(CutForest.rows(32, 1)).isEqualTo(32);
        assertThat(CutForest.rows(1000, 1)).isEqualTo(64);
        assertThat(CutForest.rows(32, 3)).isEqualTo(21);
        assertThat(CutForest.rows(32, 256)).isEqualTo(1);
    }

    @Test
    void judgesWhatNeverChanged() {
        Frame frame = Frames.of(new double[] {42, 42, 42, 42, 43});
        Scaling scaling = Scaling.fit(Scaling.Kind.MIN_MAX, frame, new int[] {0, 1, 2, 3});

        double[] errors = CutForest.learn(frame, scaling, new Windowing(1, 1), new int[] {0, 1, 2, 3}, 1)
                .errors(frame, Frames.allRows(frame))
                .values();

        assertThat(errors[4]).isGreaterThan(errors[0]);
    }

    @Test
    void judgesWindowsOfAnyValues() {
        Random random = new Random(5);
        float[] sizes = {0, -0f, Float.MIN_VALUE, Float.MIN_NORMAL, 1e-10f, 1, Math.nextUp(1f), 1e6f, -1e6f};
        Scaling asTheyAre = new Scaling(Scaling.Kind.NONE, List.of(new Scaling.Channel(0, 1, false)));
        for (int round = 0; round < 60; round++) {
            int few = 1 + random.nextInt(sizes.length);
            double[] values = new double[8 + random.nextInt(400)];
            Arrays.setAll(values, i -> sizes[random.nextInt(few)]);
            Frame frame = Frames.of(values);
            Windowing windowing = new Windowing(1 + random.nextInt(3), 1);
            int[] rows = windowing.lastRows(frame);

            CutForest forest = CutForest.learn(frame, asTheyAre, windowing, rows, round);

            // errors that were not finite would be refused
            assertThat(forest.errors(frame, rows).count()).isEqualTo(rows.length);
        }
    }

    private static CutForest forest(long seed) {
        return CutForest.learn(wave(-1), SCALING, WINDOWING, LEARNED, seed);
    }

    private static Frame wave(int missed) {
        Random random = new Random(3);
        double[] values = new double[700];
        Arrays.setAll(
                values, i -> Math.sin((i + (i >= missed && missed > 0 ? 4 : 0)) * 0.7) + random.nextGaussian() / 50);
        return Frames.of(values);
    }
}
