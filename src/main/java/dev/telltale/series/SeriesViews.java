package dev.telltale.series;

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

            @Schema(description = "always empty: a bad row refuses the upload")
            List<Object> rejected) {}
}
