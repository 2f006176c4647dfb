package dev.telltale.models;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.telltale.http.EnumWords;
import dev.telltale.http.HttpProblem;
import dev.telltale.models.ModelSpecification.FeatureChoice;
import dev.telltale.problem.Excerpt;
import dev.telltale.signal.Feature;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A feature as users write it.
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(
        name = "Feature",
        description = "A channel derived from a series or from time; a kind alone may stand as a text")
record FeatureForm(
        @Schema(
                description = "`difference` from the row before; `rate`, that for each second; `rolling-mean` and"
                        + " `rolling-deviation` of the last `window` rows; `log1p`, the logarithm of 1 + |value| with"
                        + " the value's sign; `hour-of-day` and `day-of-week` (Monday first), UTC, as a sine and a"
                        + " cosine, which no row is judged by",
                example = "rolling-mean")
        Kind kind,

        @Schema(description = "rows, 2 to 10,000, of the rolling ones", example = "12") @Nullable
        Integer window,

        @Schema(
                description = "the series it is derived from, as `series` names it; each, if left out",
                example = "ec2_disk_write_bytes")
        @Nullable
        String of) {

    enum Kind {
        DIFFERENCE,
        RATE,
        ROLLING_MEAN,
        ROLLING_DEVIATION,
        LOG1P,
        HOUR_OF_DAY,
        DAY_OF_WEEK
    }

    /// A plain string, as in `"features": ["difference"]`.
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static FeatureForm of(String kind) {
        return Arrays.stream(Kind.values())
                .filter(known -> EnumWords.of(known).equals(kind))
                .findFirst()
                .map(known -> new FeatureForm(known, null, null))
                .orElseThrow(() -> HttpProblem.INVALID_VALUE.because(
                        "'%s' is none of %s", Excerpt.of(kind), EnumWords.choices(Kind.class)));
    }

    @JsonCreator(mode = JsonCreator.Mode.PROPERTIES)
    FeatureForm {
        feature(kind, window);
    }

    static FeatureForm of(FeatureChoice choice) {
        @Nullable String of = choice.of().orElse(null);
        return switch (choice.feature()) {
            case Feature.Difference() -> new FeatureForm(Kind.DIFFERENCE, null, of);
            case Feature.Rate() -> new FeatureForm(Kind.RATE, null, of);
            case Feature.RollingMean(int window) -> new FeatureForm(Kind.ROLLING_MEAN, window, of);
            case Feature.RollingDeviation(int window) -> new FeatureForm(Kind.ROLLING_DEVIATION, window, of);
            case Feature.Log1p() -> new FeatureForm(Kind.LOG1P, null, of);
            case Feature.HourOfDay() -> new FeatureForm(Kind.HOUR_OF_DAY, null, of);
            case Feature.DayOfWeek() -> new FeatureForm(Kind.DAY_OF_WEEK, null, of);
        };
    }

    FeatureChoice choice() {
        return new FeatureChoice(feature(kind, window), Optional.ofNullable(of));
    }

    private static Feature feature(Kind kind, @Nullable Integer window) {
        return switch (kind) {
            case DIFFERENCE -> without(window, kind, new Feature.Difference());
            case RATE -> without(window, kind, new Feature.Rate());
            case ROLLING_MEAN -> new Feature.RollingMean(needed(window, kind));
            case ROLLING_DEVIATION -> new Feature.RollingDeviation(needed(window, kind));
            case LOG1P -> without(window, kind, new Feature.Log1p());
            case HOUR_OF_DAY -> without(window, kind, new Feature.HourOfDay());
            case DAY_OF_WEEK -> without(window, kind, new Feature.DayOfWeek());
        };
    }

    private static int needed(@Nullable Integer window, Kind kind) {
        if (window == null) {
            throw HttpProblem.MISSING_PROPERTY.because("%s needs 'window', from 2 to 10000 rows", EnumWords.of(kind));
        }
        return window;
    }

    private static Feature without(@Nullable Integer window, Kind kind, Feature feature) {
        if (window != null) {
            throw HttpProblem.UNKNOWN_PROPERTY.because("%s has no window", EnumWords.of(kind));
        }
        return feature;
    }
}
