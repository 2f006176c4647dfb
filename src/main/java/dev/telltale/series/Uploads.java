package dev.telltale.series;

import dev.telltale.database.TemporaryFile;
import dev.telltale.problem.Problem;
import dev.telltale.problem.ProblemError;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntToLongFunction;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/// Reads uploads, and brings them through the intake into the series for which they are.
final class Uploads {

    private final SampleReader reader;
    private final SeriesStore store;
    private final SeriesLookup lookup;
    private final Intake intake;
    private final Supplier<TemporaryFile> files;
    private final int mostSeries;

    /// @param files make room for what does not fit into memory
    /// @param mostSeries that may exist
    Uploads(
            SampleReader reader,
            SeriesStore store,
            SeriesLookup lookup,
            Intake intake,
            Supplier<TemporaryFile> files,
            int mostSeries) {
        this.reader = reader;
        this.store = store;
        this.lookup = lookup;
        this.intake = intake;
        this.files = files;
        this.mostSeries = mostSeries;
    }

    /// Reads an upload. Nothing is stored, and no series made. Who gets it closes it.
    ///
    /// @param body makes what is to be read, which may look at the rows that were read so far
    /// @throws Problem with the faults, if they refuse the upload
    Upload read(
            UploadTarget target, UploadOptions options, UploadFormat format, Function<UploadRows, InputStream> body) {
        check(target, format);
        UploadRows rows = new UploadRows(new SampleFaults(options.partial()), files);
        UploadSeries series = series(target);
        CsvColumns.Layout layout = switch (target) {
            case UploadTarget.One ignored -> CsvColumns::ofOneSeries;
            case UploadTarget.Several ignored -> (header, line) -> CsvColumns.ofSeveralSeries(header, line, series);
        };
        try {
            reader.read(format, layout, body.apply(rows), options.zoneId(), rows);
            UploadSamples samples = new UploadSamples(rows, options.duplicates(), SampleReader.faults(format));
            samples.check();
            return new Upload(target, options, rows, samples, series.keys());
        } catch (Problem refused) {
            intake.refused(rows.count() + rows.spoilt());
            rows.close();
            throw refused;
        } catch (RuntimeException | Error failure) {
            rows.close();
            throw failure;
        }
    }

    /// Refuses a format that cannot hold what the target needs.
    static void check(UploadTarget target, UploadFormat format) {
        if (target instanceof UploadTarget.Several && format != UploadFormat.CSV) {
            throw SeriesProblem.NOT_A_TABLE.because(
                    "send CSV with a column for each series, or with columns 'timestamp', 'series' and 'value'");
        }
    }

    /// What became of an upload, by series.
    ///
    /// @param series by their numbers
    /// @param rejected the first hundred rows that were left out
    record Stored(Upload upload, List<Series> series, Uploaded uploaded, List<ProblemError> rejected) {

        long accepted(int number) {
            return uploaded.series().get(number).accepted();
        }

        long unchanged(int number) {
            return uploaded.series().get(number).unchanged();
        }

        long missing(int number) {
            return upload.rows().missing(number);
        }

        /// Rows of a series that `duplicates` dropped.
        long merged(int number) {
            return upload.samples().merged(number);
        }

        long sum(IntToLongFunction ofSeries) {
            return IntStream.range(0, series.size()).mapToLong(ofSeries).sum();
        }
    }

    /// Stores an upload whole or, as far as its options tolerate bad rows, without these.
    ///
    /// @throws Problem if it does not fit what is stored; no series was made then
    Stored store(Upload upload) {
        List<Series> made = new ArrayList<>();
        try {
            List<Series> series = store.findOrCreate(keys(upload), made::add);
            long[] ids = series.stream().mapToLong(Series::id).toArray();
            Uploaded uploaded =
                    intake.accept(upload.samples(), ids, upload.options().onConflict());
            return new Stored(upload, series, uploaded, rejected(upload, uploaded));
        } catch (Problem refused) {
            made.forEach(series -> store.deleteIfUnused(series.id()));
            throw refused;
        }
    }

    private UploadSeries series(UploadTarget target) {
        return switch (target) {
            case UploadTarget.One ignored -> new UploadSeries("", Labels.NONE, mostSeries);
            case UploadTarget.Several(String prefix, Labels labels) -> new UploadSeries(prefix, labels, mostSeries);
        };
    }

    private List<SeriesKey> keys(Upload upload) {
        return switch (upload.target()) {
            case UploadTarget.One(String reference) ->
                List.of(
                        SeriesLookup.isId(reference) || !store.named(reference).isEmpty()
                                ? lookup.resolve(reference).key()
                                : new SeriesKey(reference, Labels.NONE));
            case UploadTarget.Several ignored -> upload.series();
        };
    }

    private static List<ProblemError> rejected(Upload upload, Uploaded uploaded) {
        if (!upload.options().partial()) {
            return List.of();
        }
        FirstFaults rejected = new FirstFaults();
        rejected.addAll(upload.rows().faults().found());
        rejected.addAll(uploaded.conflicts());
        return rejected.errors();
    }
}
