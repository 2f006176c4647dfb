package dev.telltale.detection;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class BlendTest {

    private final Calibration first = Calibration.of(even(1000));
    private final Calibration second = Calibration.of(even(500));
    private final Blend blend = new Blend(first, second);

    @Test
    void addsUpEvidence() {
        assertThat(blend.of(0, 0)).isZero();
        assertThat(blend.of(0.5, 0)).isEqualTo(first.evidence(0.5));
        assertThat(blend.of(0.5, 0.8)).isEqualTo(first.evidence(0.5) + second.evidence(0.8));
        assertThat(blend.of(
                                new ReconstructionErrors(new double[] {0, 0.5}),
                                new ReconstructionErrors(new double[] {7, 0.8}))
                        .values())
                .containsExactly(second.evidence(7), first.evidence(0.5) + second.evidence(0.8));
    }

    @Test
    void staysFinite() {
        Calibration certain = Calibration.of(new ReconstructionErrors(new double[200]));

        assertThat(new Blend(certain, certain).of(Double.MAX_VALUE, Double.MAX_VALUE))
                .isEqualTo(Double.MAX_VALUE);
    }

    private static ReconstructionErrors even(int count) {
        double[] errors = new double[count];
        Arrays.setAll(errors, i -> (i + 1.0) / count);
        return new ReconstructionErrors(errors);
    }

    @Test
    void findsWhatTwoJudgesSuspectTogether() {
        double[] suspected = {0.98, 0.98};
        double[] once = {0.99, 0.5};

        assertThat(blend.of(suspected[0], suspected[1])).isGreaterThan(blend.of(once[0], once[1]));
    }
}
