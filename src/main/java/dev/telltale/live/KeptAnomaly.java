package dev.telltale.live;

import dev.telltale.http.EnumWords;
import dev.telltale.series.Labels;
import dev.telltale.series.Series;
import dev.telltale.series.SeriesKey;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/// An anomaly as its detector gave it, in JSON, until it is merged. Which incident it belongs to and what somebody said
/// of it stands elsewhere. Fields that are not known here, of a release to come, are passed over.
record KeptAnomaly(
        long id,
        String kind,
        List<KeptPart> parts,
        long start,
        long end,
        boolean open,
        long peakTime,
        double peakScore,
        @Nullable Double peakValue,
        @Nullable Double peakExpected,
        @Nullable String suppressed) {

    private static final JsonMapper JSON = new JsonMapper();
    private static final TypeReference<List<KeptAnomaly>> LIST = new TypeReference<>() {};

    /// A series of it.
    ///
    /// @param interval milliseconds
    record KeptPart(
            long id,
            String name,
            Map<String, String> labels,
            @Nullable String unit,
            @Nullable Long interval,
            @Nullable Double contribution) {

        static KeptPart of(Anomaly.Part part) {
            Series series = part.series();
            return new KeptPart(
                    series.id(),
                    series.name(),
                    series.labels().values(),
                    series.unit().orElse(null),
                    series.interval().map(Duration::toMillis).orElse(null),
                    orNull(part.contribution()));
        }

        Anomaly.Part part() {
            return new Anomaly.Part(
                    new Series(
                            id,
                            new SeriesKey(name, Labels.of(labels)),
                            Optional.ofNullable(unit),
                            Optional.ofNullable(interval).map(Duration::ofMillis)),
                    orNone(contribution));
        }
    }

    static String write(List<Anomaly> anomalies) {
        return JSON.writeValueAsString(anomalies.stream().map(KeptAnomaly::of).toList());
    }

    /// @param detector that gave them
    /// @throws RuntimeException if the text is none of ours
    static List<Anomaly> read(DetectorName detector, String json) {
        return JSON.readValue(json, LIST).stream()
                .map(kept -> kept.anomaly(detector))
                .toList();
    }

    private static KeptAnomaly of(Anomaly anomaly) {
        return new KeptAnomaly(
                anomaly.id(),
                EnumWords.of(anomaly.kind()),
                anomaly.parts().stream().map(KeptPart::of).toList(),
                anomaly.start(),
                anomaly.end(),
                anomaly.open(),
                anomaly.peak().time(),
                anomaly.peak().score(),
                orNull(anomaly.peak().value()),
                orNull(anomaly.peak().expected()),
                anomaly.suppressed().map(EnumWords::of).orElse(null));
    }

    private Anomaly anomaly(DetectorName detector) {
        return new Anomaly(
                id,
                Optional.empty(),
                detector,
                constant(Anomaly.Kind.values(), kind),
                parts.stream().map(KeptPart::part).toList(),
                start,
                end,
                open,
                new Anomaly.Peak(peakTime, peakScore, orNone(peakValue), orNone(peakExpected)),
                Optional.ofNullable(suppressed).map(word -> constant(Anomaly.Suppression.values(), word)),
                Optional.empty());
    }

    private static <E extends Enum<E>> E constant(E[] all, String word) {
        return Arrays.stream(all)
                .filter(one -> EnumWords.of(one).equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("an anomaly has the word '" + word + "'"));
    }

    private static @Nullable Double orNull(OptionalDouble number) {
        return number.isPresent() ? number.getAsDouble() : null;
    }

    private static OptionalDouble orNone(@Nullable Double number) {
        return number == null ? OptionalDouble.empty() : OptionalDouble.of(number);
    }
}
