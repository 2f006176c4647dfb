package dev.telltale.series;

import dev.telltale.http.Accept;
import dev.telltale.http.HttpProblem;
import dev.telltale.http.StreamedAnswer;
import dev.telltale.problem.Excerpt;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// Gives ranges of stored samples.
@RestController
@Tag(name = "Series")
class SampleController {

    private static final MediaType CSV = MediaType.valueOf(SamplesBody.CSV);

    private final SeriesLookup lookup;
    private final SampleWriter writer;

    private final ObjectProvider<SampleColumn> columns; // of rooms below, which need the store to be made

    SampleController(SeriesLookup lookup, SeriesStore store, ObjectProvider<SampleColumn> columns) {
        this.lookup = lookup;
        this.writer = new SampleWriter(store);
        this.columns = columns;
    }

    @GetMapping(
            path = "/api/v1/series/{id}/samples",
            produces = {MediaType.APPLICATION_JSON_VALUE, SamplesBody.CSV, SamplesBody.NDJSON})
    @Operation(
            operationId = "readSamples",
            summary = "Read a range of samples",
            description = "JSON, CSV or NDJSON by `Accept`, in a form that can be uploaded again. `maxPoints` thins a"
                    + " longer range out for a chart: time is cut into maxPoints / 2 spans of equal length, and of"
                    + " each come the samples with the smallest and the largest value, in order of time; a gap stays"
                    + " a gap.")
    @ApiResponse(
            responseCode = "200",
            content = {
                @Content(
                        mediaType = MediaType.APPLICATION_JSON_VALUE,
                        schema = @Schema(type = "object"),
                        examples = @ExampleObject(SamplesBody.JSON_EXAMPLE)),
                @Content(
                        mediaType = SamplesBody.CSV,
                        schema = @Schema(type = "string"),
                        examples = @ExampleObject(SamplesBody.CSV_EXAMPLE)),
                @Content(
                        mediaType = SamplesBody.NDJSON,
                        schema = @Schema(type = "string"),
                        examples = @ExampleObject(SamplesBody.NDJSON_EXAMPLE))
            })
    void read(
            @Parameter(description = "id, or a name that one series has", example = "17") @PathVariable String id,
            @Parameter(description = "first time, inclusive") @RequestParam(required = false) @Nullable Instant start,
            @Parameter(description = "last time, inclusive") @RequestParam(required = false) @Nullable Instant end,
            @Parameter(description = "most samples, the earliest of the range; all if left out")
                    @RequestParam(required = false)
                    @Nullable
                    Integer limit,
            @Parameter(
                            description =
                                    "most samples, over the whole range; 2 to 100,000, none is left out without it",
                            example = "1000")
                    @RequestParam(required = false)
                    @Nullable
                    Integer maxPoints,
            @Parameter(
                            description =
                                    "`score:` and the name of a detector: the scores that it gave stand beside the"
                                            + " samples, as `score`; null, in CSV empty, where there is none",
                            example = "score:cpu")
                    @RequestParam(required = false)
                    @Nullable
                    String with,
            @Parameter(hidden = true) @RequestHeader(name = HttpHeaders.ACCEPT, defaultValue = MediaType.ALL_VALUE)
                    List<MediaType> accept,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        SampleRange range = new SampleRange(
                start == null ? Long.MIN_VALUE : start.toEpochMilli(),
                end == null ? Long.MAX_VALUE : end.toEpochMilli(),
                limit == null ? Long.MAX_VALUE : limit,
                maxPoints == null ? OptionalInt.empty() : OptionalInt.of(maxPoints));
        Series series = lookup.resolve(id);
        Optional<SampleWriter.Beside> beside =
                Optional.ofNullable(with).map(text -> beside(text, series, range.start()));
        MediaType type = new Accept(accept).best(MediaType.APPLICATION_JSON, CSV, MediaType.APPLICATION_NDJSON);
        StreamedAnswer.write(
                request, response, type.toString(), out -> writer.write(series.id(), range, form(type), beside, out));
    }

    private SampleWriter.Beside beside(String with, Series series, long start) {
        String[] parts = with.split(":", 2);
        return columns.stream()
                .filter(column -> parts.length == 2 && column.name().equals(parts[0]))
                .findFirst()
                .map(column -> new SampleWriter.Beside(column.name(), column.values(parts[1], series, start)))
                .orElseThrow(() -> HttpProblem.INVALID_PARAMETER.because(
                        "with is score: and the name of a detector, such as score:cpu, was '%s'", Excerpt.of(with)));
    }

    private static SampleForm form(MediaType type) {
        if (type.equals(CSV)) {
            return SampleForm.CSV;
        }
        return type.equals(MediaType.APPLICATION_NDJSON) ? SampleForm.NDJSON : SampleForm.JSON;
    }
}
