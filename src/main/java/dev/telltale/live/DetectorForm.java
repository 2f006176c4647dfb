package dev.telltale.live;

import dev.telltale.detection.AlarmPolicy;
import dev.telltale.models.ModelName;
import dev.telltale.problem.Excerpt;
import dev.telltale.series.Selector;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A detector as users write it and as it is kept. What is absent has its default.
@Schema(name = "DetectorSpecification", description = "What to watch; all but model and select may be left out")
record DetectorForm(
        @Schema(type = "string", description = "its active version judges", example = "cpu")
        ModelName model,

        @Schema(description = "selector in Prometheus' syntax", example = "node_cpu{instance=~\"i-.*\"}")
        String select,

        @Schema(
                description = "by what rows are measured: `auto` takes the model's scaling and calibration for the"
                        + " series that it was trained on and lets each other learn its own; `model` takes the model's"
                        + " for all; `series` lets each learn its own",
                example = "auto",
                defaultValue = "auto")
        Detector.@Nullable ScaleOf scaling,

        @Schema(
                description = "on which side of the expected value an anomalous one lies",
                example = "both",
                defaultValue = "both")
        AlarmPolicy.@Nullable Direction direction,

        @Nullable MinDeviation minDeviation,
        @Nullable Persistence persistence,

        @Schema(
                description = "after an alarm: what begins within it is kept, and nobody is told",
                example = "PT30M",
                defaultValue = "PT0S")
        @Nullable
        Duration silence,

        @Schema(
                description = "no sample for so long is an anomaly too; never if left out; at least a second",
                example = "PT15M")
        @Nullable
        Duration noData,

        @Schema(description = "names of those to tell, up to 20", example = "[\"on-call\"]") @Nullable
        List<String> receivers) {

    private static final Duration SHORTEST_NO_DATA = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofDays(366);
    private static final int MOST_RECEIVERS = 20;
    private static final Pattern RECEIVER = Pattern.compile("[a-z0-9][a-z0-9._-]{0,62}");

    /// How far a row must be from what is expected.
    @Schema(name = "MinDeviation", description = "How far from the expected value an anomalous one is at least")
    record MinDeviation(
            @Schema(description = "in units of the series", example = "5", defaultValue = "0") @Nullable
            Double absolute,

            @Schema(description = "share of the expected value", example = "0.1", defaultValue = "0") @Nullable
            Double relative) {}

    /// How many rows make an alarm.
    @Schema(name = "Persistence", description = "An alarm needs m anomalous ones among the last n rows, n up to 64")
    record Persistence(
            @Schema(example = "1") int m,
            @Schema(example = "1") int n) {}

    DetectorForm {
        receivers = receivers == null ? null : List.copyOf(receivers);
        requireUpToLongest("silence", silence, Duration.ZERO);
        requireUpToLongest("noData", noData, SHORTEST_NO_DATA);
        if (receivers != null) {
            checkReceivers(receivers);
        }
    }

    private static void checkReceivers(List<String> receivers) {
        if (receivers.size() > MOST_RECEIVERS) {
            throw LiveProblem.BAD_DETECTOR.because(
                    "a detector tells up to %d receivers, %d were named", MOST_RECEIVERS, receivers.size());
        }
        receivers.stream()
                .filter(receiver -> !RECEIVER.matcher(receiver).matches())
                .findFirst()
                .ifPresent(receiver -> {
                    throw LiveProblem.BAD_DETECTOR.because("'%s' is no receiver's name", Excerpt.of(receiver));
                });
    }

    private static void requireUpToLongest(String name, @Nullable Duration value, Duration shortest) {
        if (value != null && (value.compareTo(shortest) < 0 || value.compareTo(LONGEST) > 0)) {
            throw LiveProblem.BAD_DETECTOR.because("%s must be from %s to %s, was %s", name, shortest, LONGEST, value);
        }
    }

    static DetectorForm of(Detector detector) {
        AlarmPolicy policy = detector.policy();
        return new DetectorForm(
                detector.model(),
                detector.select().toString(),
                detector.scale(),
                policy.direction(),
                new MinDeviation(policy.absolute(), policy.relative()),
                new Persistence(policy.m(), policy.n()),
                detector.silence(),
                detector.noData().orElse(null),
                detector.receivers());
    }

    /// What is specified.
    ///
    /// @throws dev.telltale.problem.Problem if a part is not valid
    Detector detector(DetectorName name) {
        AlarmPolicy policy = new AlarmPolicy(
                Objects.requireNonNullElse(direction, AlarmPolicy.Direction.BOTH),
                minDeviation == null ? 0 : orZero(minDeviation.absolute()),
                minDeviation == null ? 0 : orZero(minDeviation.relative()),
                persistence == null ? 1 : persistence.m(),
                persistence == null ? 1 : persistence.n());
        return new Detector(
                name,
                model,
                Selector.parse(select),
                Objects.requireNonNullElse(scaling, Detector.ScaleOf.AUTO),
                policy,
                Objects.requireNonNullElse(silence, Duration.ZERO),
                Optional.ofNullable(noData),
                receivers == null ? List.of() : receivers);
    }

    private static double orZero(@Nullable Double value) {
        return value == null ? 0 : value;
    }
}
