package dev.telltale.autoencoder.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.telltale.autoencoder.Contrast;
import dev.telltale.autoencoder.Contrast.Effect;
import dev.telltale.signal.Windows;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TrainingSetTest {

    private final Windows normal = new Windows(values(90, 0), 1, 1);

    private static float[] values(int count, float first) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = first + i;
        }
        return values;
    }

    @Test
    void goesThroughEveryNormalWindowOnce() {
        TrainingSet set = new TrainingSet(normal, Contrast.none(1, 1));
        set.shuffle(new SplittableRandom(1));

        assertThat(set.size()).isEqualTo(90);
        assertThat(set.hasContrast()).isFalse();
        assertThat(IntStream.range(0, 90).map(set::start))
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, 90).boxed().toList());
    }

    @Test
    void repeatsTheFewToPushAwayFromUntilTheyAreATenth() {
        Contrast three = new Contrast(new Windows(values(3, 500), 1, 1), new boolean[] {true, true, true}, true);
        TrainingSet set = new TrainingSet(normal, three);

        assertThat(set.size()).isEqualTo(100);
        assertThat(IntStream.range(90, 100).map(set::contrastAt)).containsExactly(0, 1, 2, 0, 1, 2, 0, 1, 2, 0);
        assertThat(set.source(91).values()[set.start(91)]).isEqualTo(501);
        assertThat(set.contrastAt(0)).isEqualTo(-1);
    }

    @Test
    void pushesNoFartherThanTheErrorOfTheMeanAndBeyondTheNormalError() {
        Contrast one = new Contrast(new Windows(new float[] {7}, 1, 1), new boolean[] {true}, true);
        TrainingSet set = new TrainingSet(normal, one);
        double ofTheMean = (90.0 * 90 - 1) / 12; // variance of 0 to 89

        assertThat(set.margin()).isCloseTo(ofTheMean, within(1e-9));
        for (int batch = 0; batch < 3_000; batch++) {
            set.normalError(0.2);
        }
        assertThat(set.margin()).isCloseTo(6, within(1e-6));
    }

    @Test
    void raisesAnomalousRowsWhereTheyAreJudged() {
        Windows two = new Windows(values(6, 0), 3, 1);
        boolean[] anomalous = {true, false, true, true, false, false};

        Contrast last = new Contrast(two, anomalous, true);
        assertThat(last.effect(0, 0)).isEqualTo(Effect.NONE);
        assertThat(last.effect(0, 1)).isEqualTo(Effect.LOWER);
        assertThat(last.effect(0, 2)).isEqualTo(Effect.RAISE);
        assertThat(last.raised(0)).isEqualTo(1);
        assertThat(last.raised(1)).isZero();
        Contrast all = new Contrast(two, anomalous, false);
        assertThat(all.effect(0, 0)).isEqualTo(Effect.RAISE);
        assertThat(all.raised(0)).isEqualTo(2);
        assertThat(all.raised(1)).isEqualTo(1);
    }

    @Test
    void refusesRowsWithoutAMark() {
        assertThatThrownBy(() -> new Contrast(normal, new boolean[89], true))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
