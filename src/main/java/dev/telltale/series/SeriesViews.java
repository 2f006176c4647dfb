package dev.telltale.series;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.telltale.http.Times;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Series as requests and answers show them.
final class SeriesViews {

    static final int HEAD = 5;

    private SeriesViews() {}

    /// What a caller says of a series.
    @Schema(name = "SeriesDescription")
    record Description(
            @Schema(example = "{\"instance\":\"i-1\"}") @Nullable
            Map<String, String> labels,

            @Schema(example = "bytes") @Nullable String unit,

            @Schema(type = "string", example = "PT5M") @Nullable
            Duration interval) {}

    /// A series in a list.
    @Schema(name = "SeriesItem")
    record Item(
            @Schema(example = "17") String id,
            @Schema(example = "ec2_disk_write_bytes") String name,
            @Schema(example = "{\"instance\":\"i-1\"}") Map<String, String> labels,
            @Schema(example = "bytes") @Nullable String unit,

            @Schema(type = "string", example = "PT5M") @Nullable
            Duration interval) {

        static Item of(Series series) {
            return new Item(
                    Long.toString(series.id()),
                    series.name(),
                    series.labels().values(),
                    series.unit().orElse(null),
                    series.interval().orElse(null));
        }
    }

    /// One sample as it stands in an answer.
    @Schema(name = "Sample")
    record SampleView(
            @Schema(example = "2014-03-01T17:34:00Z") String timestamp,
            @Schema(example = "6.5") double value) {

        private static List<SampleView> first(int count, IntFunction<SampleView> sample) {
            return IntStream.range(0, Math.min(HEAD, count)).mapToObj(sample).toList();
        }
    }

    /// A series by itself.
    @Schema(name = "Series")
    record Detail(
            @Schema(example = "17") String id,
            @Schema(example = "ec2_disk_write_bytes") String name,
            @Schema(example = "{\"instance\":\"i-1\"}") Map<String, String> labels,
            @Schema(example = "bytes") @Nullable String unit,

            @Schema(type = "string", example = "PT5M") @Nullable
            Duration interval,

            SeriesSummary summary,
            List<SampleView> head) {

        static Detail of(Series series, Samples samples) {
            Item item = Item.of(series);
            List<SampleView> head = SampleView.first(
                    samples.count(), row -> new SampleView(Times.format(samples.time(row)), samples.value(row)));
            return new Detail(
                    item.id(),
                    item.name(),
                    item.labels(),
                    item.unit(),
                    item.interval(),
                    SeriesSummary.of(samples),
                    head);
        }
    }

    /// Answer to a file that was only looked at.
    @Schema(name = "FileSummary")
    record FileSummary(SeriesSummary summary, List<SampleView> head) {

        static FileSummary of(SampleRows rows) {
            List<SampleView> head = SampleView.first(
                    rows.count(), row -> new SampleView(Times.format(rows.time(row)), rows.value(row)));
            return new FileSummary(rows.summary(), head);
        }
    }

    /// A row of an upload that was left out.
    @Schema(name = "RejectedRow")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Rejected(
            @Schema(description = "line of CSV or NDJSON, from 1", example = "17") @Nullable
            Long line,

            @Schema(description = "column of the line, from 1, if it is known", example = "2") @Nullable
            Integer column,

            @Schema(description = "JSON pointer into a JSON body", example = "/samples/16/value") @Nullable
            String pointer,

            @Schema(example = "'abc' is not a number") String reason) {

        private static List<Rejected> of(Uploads.Stored stored) {
            return stored.rejected().stream()
                    .map(error -> new Rejected(error.line(), error.column(), error.pointer(), error.detail()))
                    .toList();
        }
    }

    /// What became of an upload.
    @Schema(name = "UploadResult")
    record UploadResult(
            @Schema(description = "samples stored", example = "4729")
            long accepted,

            @Schema(description = "samples stored before with the same value", example = "0")
            long unchanged,

            @Schema(description = "rows dropped by `duplicates`", example = "1")
            long merged,

            @Schema(description = "rows without a value", example = "0")
            long missing,

            @Schema(
                    description =
                            "with `partial=true` the first 100 rows that were left out, in the order of the file;"
                                    + " rows that none of the counts holds were left out as well. Else empty: a bad row refuses the upload")
            List<Rejected> rejected) {

        static UploadResult of(Uploads.Stored stored) {
            return new UploadResult(
                    stored.sum(stored::accepted),
                    stored.sum(stored::unchanged),
                    stored.sum(stored::merged),
                    stored.sum(stored::missing),
                    Rejected.of(stored));
        }
    }

    /// What became of an upload of several series.
    @Schema(name = "UploadsResult")
    record UploadsResult(
            @Schema(description = "samples stored", example = "8000")
            long accepted,

            @Schema(description = "samples stored before with the same value", example = "0")
            long unchanged,

            @Schema(description = "rows dropped by `duplicates`", example = "0")
            long merged,

            @Schema(description = "cells without a value", example = "3")
            long missing,

            @Schema(
                    description =
                            "with `partial=true` the first 100 rows or cells that were left out, in the order of the"
                                    + " file; cells that none of the counts holds were left out as well. Else empty")
            List<Rejected> rejected,

            @Schema(description = "by the order in which the upload names them")
            List<UploadedSeries> series) {

        static UploadsResult of(Uploads.Stored stored) {
            return new UploadsResult(
                    stored.sum(stored::accepted),
                    stored.sum(stored::unchanged),
                    stored.sum(stored::merged),
                    stored.sum(stored::missing),
                    Rejected.of(stored),
                    IntStream.range(0, stored.series().size())
                            .mapToObj(number -> UploadedSeries.of(stored, number))
                            .toList());
        }
    }

    /// What became of one series of an upload.
    @Schema(name = "UploadedSeries")
    record UploadedSeries(
            @Schema(example = "17") String id,
            @Schema(example = "disk_a") String name,
            @Schema(example = "{\"instance\":\"i-1\"}") Map<String, String> labels,
            @Schema(example = "4000") long accepted,
            @Schema(example = "0") long unchanged,
            @Schema(example = "0") long merged,
            @Schema(example = "3") long missing) {

        private static UploadedSeries of(Uploads.Stored stored, int number) {
            Series series = stored.series().get(number);
            return new UploadedSeries(
                    Long.toString(series.id()),
                    series.name(),
                    series.labels().values(),
                    stored.accepted(number),
                    stored.unchanged(number),
                    stored.merged(number),
                    stored.missing(number));
        }
    }
}
