package dev.telltale.detection;

import java.util.function.Supplier;

/// How the line is drawn above which a row's error is anomalous.
public sealed interface ThresholdRule {

    /// The error that a share of normal rows exceeds.
    ///
    /// @param rate in (0, 1)
    record Rate(double rate) implements ThresholdRule {

        public static final Rate DEFAULT = new Rate(0.0001);

        public Rate {
            if (!(rate > 0 && rate < 1)) {
                throw DetectionProblem.BAD_THRESHOLD.because(
                        "rate must be more than 0 and less than 1, such as 0.0001, was %s", rate);
            }
        }
    }

    /// A quantile of the normal errors.
    ///
    /// @param q in [0, 1]
    record Quantile(double q) implements ThresholdRule {

        public Quantile {
            if (!(q >= 0 && q <= 1)) {
                throw DetectionProblem.BAD_THRESHOLD.because("q must be from 0 to 1, such as 0.97, was %s", q);
            }
        }
    }

    /// Mean and standard deviations of the normal errors: mean + k·deviation.
    ///
    /// @param k from 0 to 1,000,000
    record Sigma(double k) implements ThresholdRule {

        private static final double LARGEST = 1e6;

        public Sigma {
            if (!(k >= 0 && k <= LARGEST)) {
                throw DetectionProblem.BAD_THRESHOLD.because("k must be from 0 to 1000000, such as 3, was %s", k);
            }
        }
    }

    /// A given error.
    ///
    /// @param error at least 0 and finite, in squared scaled units
    record Fixed(double error) implements ThresholdRule {

        public Fixed {
            if (!(error >= 0 && error <= Double.MAX_VALUE)) {
                throw DetectionProblem.BAD_THRESHOLD.because("error must be at least 0 and finite, was %s", error);
            }
        }
    }

    /// The line that agrees best with annotations, by F1: the only rule that looks at anomalous rows.
    record BestF1() implements ThresholdRule {}

    /// The line of a rule that looks at normal rows only.
    default double line(ReconstructionErrors normal) {
        return line(normal, () -> Calibration.of(normal), () -> {
            throw new IllegalStateException("this rule needs annotated rows");
        });
    }

    /// The error above which a row is anomalous, finite and at least 0, in the units of the errors.
    ///
    /// @param calibration of the normal errors, asked for by the rule that needs it
    /// @param annotated rows with their annotations, asked for by the rule that needs them
    /// @throws dev.telltale.problem.Problem NO_NORMAL_ROWS if the rule needs normal errors and there is none,
    ///     NO_ANNOTATED_ROWS likewise
    default double line(ReconstructionErrors normal, Supplier<Calibration> calibration, Supplier<Ranking> annotated) {
        return switch (this) {
            case Rate(double rate) -> calibration.get().exceededBy(rate);
            case Quantile(double q) -> normal.quantile(q);
            case Sigma(double k) -> Math.min(normal.mean() + k * normal.deviation(), Double.MAX_VALUE);
            case Fixed(double error) -> error;
            case BestF1() ->
                annotated
                        .get()
                        .bestF1Line()
                        .orElseThrow(() -> DetectionProblem.NO_ANNOTATED_ROWS.because(
                                "best-f1 draws its line between rows annotated as anomalous and others of the"
                                        + " validation part, and no error there tells one; annotate some, choose"
                                        + " another split or another rule"));
        };
    }
}
