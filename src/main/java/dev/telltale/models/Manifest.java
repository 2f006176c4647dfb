package dev.telltale.models;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import dev.telltale.autoencoder.EpochLosses;
import dev.telltale.autoencoder.LayerDescription;
import dev.telltale.autoencoder.TrainingSettings;
import dev.telltale.http.Times;
import dev.telltale.problem.Excerpt;
import dev.telltale.series.Intake;
import dev.telltale.series.Labels;
import dev.telltale.series.Samples;
import dev.telltale.series.Series;
import dev.telltale.series.SeriesKey;
import dev.telltale.signal.Grid;
import dev.telltale.signal.Scaling;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// All that a saved model says of itself. With the weights it is the whole model: scores follow from
/// these two and a window alone.
///
/// @param formatVersion of the file it lies in
/// @param sources one for each channel, in the order of the specification
/// @param grid on which the model's rows lie
/// @param scoring from the errors of the network to scores by these alone
/// @param partner null without one
/// @param history one entry for each epoch run
/// @param bestEpoch from 1 to 10,000, the one whose weights were kept
/// @param trainingSeconds from the making of the network to its best weights, with the accuracies that were
///     measured after each epoch
/// @param warnings what the user should know of the data, such as `constant`
/// @param software names and versions of what trained it, the processor among them
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
        @Nullable LearnedPartner partner,
        List<Epoch> history,
        int bestEpoch,
        double trainingSeconds,
        Evaluation evaluation,
        List<String> warnings,
        Map<String, String> software,
        @Nullable Import imported) {

    /// The format that this code writes; it reads older ones too, see `ManifestUpgrade`.
    static final int FORMAT_VERSION = 3;

    Manifest {
        sources = List.copyOf(sources);
        history = List.copyOf(history);
        warnings = List.copyOf(warnings);
        software = Map.copyOf(software);
        int channels = specification.channels();
        if (sources.size() != specification.series().size()
                || scaling.channels().size() != channels) {
            throw new IllegalArgumentException(specification.series().size() + " series and " + channels
                    + " channels are specified, " + sources.size() + " described and "
                    + scaling.channels().size() + " scaled");
        }
        requirePartner(specification, partner);
        require(version >= 1, "version must be at least 1, was %s", version);
        int epochs = history.isEmpty() ? TrainingSettings.MOST_EPOCHS : history.size();
        require(
                bestEpoch >= 1 && bestEpoch <= epochs,
                "bestEpoch must be from 1 to %s, the epochs run, was %s",
                epochs,
                bestEpoch);
        require(
                trainingSeconds >= 0 && trainingSeconds <= Double.MAX_VALUE,
                "trainingSeconds must be at least 0 and finite, was %s",
                trainingSeconds);
        for (int i = 0; i < history.size(); i++) {
            int epoch = history.get(i).epoch();
            require(epoch == i + 1, "history must tell of epoch %s next, tells of %s", i + 1, epoch);
        }
    }

    private static void requirePartner(ModelSpecification specification, @Nullable LearnedPartner partner) {
        boolean specified = specification.partner().isPresent();
        require(
                specified == (partner != null),
                "a partner is %s",
                specified ? "specified, none is told of" : "told of");
        if (partner != null) {
            int expected = specification.partner().equals(Optional.of(ModelSpecification.Partner.ROBUST_Z_SCORE))
                    ? specification.series().size()
                    : 0;
            int found = partner.channels() == null ? 0 : partner.channels().size();
            require(found == expected, "partner.channels must tell of %s series, tells of %s", expected, found);
        }
    }

    @FormatMethod
    private static void require(boolean condition, @FormatString String otherwise, Object... arguments) {
        if (!condition) {
            throw new IllegalArgumentException(String.format(Locale.ROOT, otherwise, arguments));
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
                partner,
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
                partner,
                List.of(),
                bestEpoch,
                trainingSeconds,
                Evaluation.NOT_HELD,
                List.of(),
                Map.of(),
                imported);
    }

    /// What each channel is called in answers: the series, and those derived from them.
    List<String> channels() {
        List<String> series = seriesNames();
        return Stream.concat(series.stream(), specification.derivation().names(series).stream())
                .toList();
    }

    /// What each series is called in requests and answers: the name of its series or, where several of the
    /// model have that name, the name with the labels, as a selector.
    List<String> seriesNames() {
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

        private static final Pattern ID = Pattern.compile("[0-9]{1,19}");
        private static final Pattern FINGERPRINT = Pattern.compile("[0-9a-f]{64}");

        Source {
            labels = Map.copyOf(labels);
            require(ID.matcher(id).matches(), "an id is up to 19 digits, was '%s'", Excerpt.of(id));
            require(
                    FINGERPRINT.matcher(fingerprint).matches(),
                    "a fingerprint is 64 hexadecimal digits, was '%s'",
                    Excerpt.of(fingerprint));
            require(samples >= 1, "samples must be at least 1, was %s", samples);
            boolean inOrder = !end.isBefore(start);
            require(inOrder, "the samples end at %s, before they start at %s", end, start);
            requireTaken(start);
            requireTaken(end);
            new SeriesKey(name, Labels.of(labels));
        }

        private static void requireTaken(Instant time) {
            long millis = time.toEpochMilli();
            require(
                    millis >= Intake.EARLIEST && millis <= Intake.LATEST,
                    "samples lie from %s to %s, one was at %s",
                    Times.format(Intake.EARLIEST),
                    Times.format(Intake.LATEST),
                    time);
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
                            + " epoch, over all rows of the part or, if it has more, 4,096; null without annotations",
                    example = "0.93")
            @Nullable
            Double trainAccuracy,

            @Schema(description = "likewise", example = "0.92") @Nullable
            Double validationAccuracy,

            @Schema(description = "likewise", example = "0.93") @Nullable
            Double testAccuracy) {

        Epoch {
            require(
                    epoch >= 1 && epoch <= TrainingSettings.MOST_EPOCHS,
                    "an epoch is from 1 to %s, was %s",
                    TrainingSettings.MOST_EPOCHS,
                    epoch);
            requireUpTo(Double.MAX_VALUE, "trainLoss", trainLoss);
            requireUpTo(Double.MAX_VALUE, "validationLoss", validationLoss);
            requireUpTo(Double.MAX_VALUE, "testLoss", testLoss);
            requireUpTo(1, "trainAccuracy", trainAccuracy);
            requireUpTo(1, "validationAccuracy", validationAccuracy);
            requireUpTo(1, "testAccuracy", testAccuracy);
        }

        private static void requireUpTo(double largest, String name, @Nullable Double value) {
            boolean fits = value == null || (value >= 0 && value <= largest);
            require(fits, "%s must be from 0 to %s, was %s", name, largest, String.valueOf(value));
        }

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
