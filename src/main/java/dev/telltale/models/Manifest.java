package dev.telltale.models;

import dev.telltale.autoencoder.EpochLosses;
import dev.telltale.autoencoder.LayerDescription;
import dev.telltale.series.Labels;
import dev.telltale.series.Samples;
import dev.telltale.series.Series;
import dev.telltale.series.SeriesKey;
import dev.telltale.signal.Grid;
import dev.telltale.signal.Scaling;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// All that a saved model says of itself. With the weights it is the whole model: scores follow from
/// these two and a window alone.
///
/// @param formatVersion of the file it lies in
/// @param sources one for each channel, in the order of the specification
/// @param grid on which the model's rows lie
/// @param scoring from errors to scores
/// @param history one entry for each epoch run
/// @param trainingSeconds from the first batch to the last
/// @param warnings what the user should know of the data, such as `constant`
/// @param software names and versions of what trained it
/// @param imported where it came from, null if this installation has trained it
record Manifest(
        int formatVersion,
        ModelName name,
        int version,
        Instant created,
        ModelSpecification specification,
        List<Source> sources,
        Grid grid,
        Scaling scaling,
        Scoring scoring,
        List<Epoch> history,
        int bestEpoch,
        double trainingSeconds,
        Evaluation evaluation,
        List<String> warnings,
        Map<String, String> software,
        @Nullable Import imported) {

    /// The format that this code writes; it reads older ones too, see `ManifestUpgrade`.
    static final int FORMAT_VERSION = 2;

    Manifest {
        sources = List.copyOf(sources);
        history = List.copyOf(history);
        warnings = List.copyOf(warnings);
        software = Map.copyOf(software);
        int channels = specification.channels();
        if (sources.size() != channels || scaling.channels().size() != channels) {
            throw new IllegalArgumentException(channels + " series are specified, " + sources.size() + " described and "
                    + scaling.channels().size() + " scaled");
        }
    }

    /// The manifest of the same model under another name and number.
    Manifest importedAs(ModelName newName, int newVersion, Instant time) {
        return new Manifest(
                FORMAT_VERSION,
                newName,
                newVersion,
                created,
                specification.named(newName),
                sources,
                grid,
                scaling,
                scoring,
                history,
                bestEpoch,
                trainingSeconds,
                evaluation,
                warnings,
                software,
                new Import(name, version, time));
    }

    /// The same without what only people ask for, such as a history of 10,000 epochs: what scoring takes, and
    /// all that is held of a model in memory.
    Manifest forScoring() {
        return new Manifest(
                formatVersion,
                name,
                version,
                created,
                specification,
                sources,
                grid,
                scaling,
                scoring,
                List.of(),
                bestEpoch,
                trainingSeconds,
                Evaluation.NOT_HELD,
                List.of(),
                Map.of(),
                imported);
    }

    /// What each channel is called in requests and answers: the name of its series or, where several of the
    /// model have that name, the name with the labels, as a selector.
    List<String> channels() {
        Map<String, Long> times = sources.stream().collect(Collectors.groupingBy(Source::name, Collectors.counting()));
        return sources.stream()
                .map(source -> times.getOrDefault(source.name(), 0L) == 1
                        ? source.name()
                        : source.key().toString())
                .toList();
    }

    List<LayerDescription> layers() {
        return specification.layers();
    }

    /// How many numbers the network has learned.
    long parameters() {
        return layers().stream().mapToLong(LayerDescription::parameters).sum();
    }

    /// What an imported model was called before.
    @Schema(name = "ModelImport", description = "Where an imported model comes from")
    record Import(
            @Schema(type = "string", description = "in the file", example = "disk-writes")
            ModelName name,

            @Schema(description = "in the file", example = "3")
            int version,

            @Schema(description = "when it was imported") Instant time) {}

    /// The samples that one channel was made of.
    ///
    /// @param id of the series
    /// @param fingerprint SHA-256 over the times and values used, 64 hexadecimal digits
    record Source(
            @Schema(description = "of the series", example = "17")
            String id,

            @Schema(description = "of the series", example = "ec2_disk_write_bytes")
            String name,

            Map<String, String> labels,

            @Schema(description = "time of the first sample")
            Instant start,

            @Schema(description = "time of the last sample") Instant end,
            @Schema(example = "4719") long samples,

            @Schema(description = "SHA-256 over times and values")
            String fingerprint) {

        Source {
            labels = Map.copyOf(labels);
        }

        static Source of(Series series, Samples samples) {
            return new Source(
                    Long.toString(series.id()),
                    series.name(),
                    series.labels().values(),
                    Instant.ofEpochMilli(samples.time(0)),
                    Instant.ofEpochMilli(samples.time(samples.count() - 1)),
                    samples.count(),
                    Fingerprint.of(samples));
        }

        SeriesKey key() {
            return new SeriesKey(name, Labels.of(labels));
        }
    }

    /// One epoch: losses in squared scaled units, and shares of rows whose verdict would be that of the
    /// annotations. Null where the part was empty; accuracies also without annotations.
    record Epoch(
            @Schema(description = "from 1", example = "1") int epoch,

            @Schema(description = "mean of its batches, in squared scaled units", example = "0.021")
            double trainLoss,

            @Schema(description = "null without such a part", example = "0.018") @Nullable
            Double validationLoss,

            @Schema(description = "null without such a part", example = "0.019") @Nullable
            Double testLoss,

            @Schema(
                    description = "share of right verdicts at the line that the rule draws from the errors after this"
                            + " epoch, over all rows of the part; null without annotations",
                    example = "0.93")
            @Nullable
            Double trainAccuracy,

            @Schema(description = "likewise", example = "0.92") @Nullable
            Double validationAccuracy,

            @Schema(description = "likewise", example = "0.93") @Nullable
            Double testAccuracy) {

        static Epoch of(EpochLosses losses, EpochAccuracies.Accuracies accuracies) {
            return new Epoch(
                    losses.epoch(),
                    losses.trainLoss(),
                    orNull(losses.validationLoss()),
                    orNull(losses.testLoss()),
                    orNull(accuracies.train()),
                    orNull(accuracies.validation()),
                    orNull(accuracies.test()));
        }

        private static @Nullable Double orNull(OptionalDouble value) {
            return value.isPresent() ? value.getAsDouble() : null;
        }
    }
}
