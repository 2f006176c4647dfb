package dev.telltale.series;

import dev.telltale.http.Accept;
import dev.telltale.http.HttpProblem;
import dev.telltale.http.Json;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// Takes uploads of samples and gives ranges of them back.
@RestController
@RequestMapping(path = "/api/v1")
@Tag(name = "Series")
class SampleController {

    private static final MediaType CSV = MediaType.valueOf(SamplesBody.CSV);

    private final SeriesStore store;
    private final SeriesLookup lookup;
    private final Intake intake;
    private final SampleReader reader;
    private final SampleWriter writer;

    SampleController(SeriesStore store, SeriesLookup lookup, Intake intake, Json json) {
        this.store = store;
        this.lookup = lookup;
        this.intake = intake;
        this.reader = new SampleReader(json);
        this.writer = new SampleWriter(store, json);
    }

    @PostMapping(
            path = "/series/{id}/samples",
            consumes = {SamplesBody.CSV, MediaType.APPLICATION_JSON_VALUE},
            produces = MediaType.APPLICATION_JSON_VALUE)
    @SamplesBody
    @Operation(
            operationId = "uploadSamples",
            summary = "Upload samples",
            description = "All or nothing. A name that no series has makes one without labels. The body may be gzip"
                    + " (`Content-Encoding`). The same sample again is `unchanged`; another value at a stored time is"
                    + " refused unless `replace=true`.")
    SeriesViews.UploadResult upload(
            @Parameter(description = "id or name", example = "ec2_disk_write_bytes") @PathVariable String id,
            @Parameter(description = "what becomes of rows that share a time") @RequestParam(defaultValue = "refuse")
                    Duplicates duplicates,
            @Parameter(description = "zone of times without one", example = "Europe/Berlin")
                    @RequestParam(defaultValue = "Z")
                    String zone,
            @Parameter(description = "overwrite stored values") @RequestParam(defaultValue = "false") boolean replace,
            @Parameter(hidden = true) @RequestHeader(HttpHeaders.CONTENT_TYPE) MediaType type,
            InputStream body) {
        SampleRows rows = rows(type, zone, body);
        Samples samples = rows.samples(duplicates);
        Acceptance acceptance =
                intake.accept(target(id).id(), samples, replace ? OnConflict.REPLACE : OnConflict.REFUSE);
        return new SeriesViews.UploadResult(
                acceptance.accepted(),
                acceptance.unchanged(),
                rows.count() - (long) samples.count(),
                rows.missing(),
                List.of());
    }

    @PostMapping(
            path = "/summaries",
            consumes = {SamplesBody.CSV, MediaType.APPLICATION_JSON_VALUE},
            produces = MediaType.APPLICATION_JSON_VALUE)
    @SamplesBody
    @Operation(
            operationId = "summarize",
            summary = "Describe a file",
            description = "Nothing is stored. Rows are described as they stand; repeated times are counted.")
    SeriesViews.FileSummary summarize(
            @Parameter(description = "zone of times without one", example = "Europe/Berlin")
                    @RequestParam(defaultValue = "Z")
                    String zone,
            @Parameter(hidden = true) @RequestHeader(HttpHeaders.CONTENT_TYPE) MediaType type,
            InputStream body) {
        return SeriesViews.FileSummary.of(rows(type, zone, body));
    }

    @GetMapping(
            path = "/series/{id}/samples",
            produces = {MediaType.APPLICATION_JSON_VALUE, SamplesBody.CSV})
    @Operation(
            operationId = "readSamples",
            summary = "Read a range of samples",
            description = "JSON or CSV by `Accept`, in a form that can be uploaded again.")
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
                        examples = @ExampleObject(SamplesBody.CSV_EXAMPLE))
            })
    void read(
            @Parameter(description = "id, or a name that one series has", example = "17") @PathVariable String id,
            @Parameter(description = "first time, inclusive") @RequestParam(required = false) @Nullable Instant start,
            @Parameter(description = "last time, inclusive") @RequestParam(required = false) @Nullable Instant end,
            @Parameter(description = "most samples, all if left out") @RequestParam(required = false) @Nullable
                    Integer limit,
            @Parameter(hidden = true)
                    @RequestHeader(name = HttpHeaders.ACCEPT, defaultValue = MediaType.APPLICATION_JSON_VALUE)
                    List<MediaType> accept,
            HttpMethod method,
            HttpServletResponse response)
            throws IOException {
        if (limit != null && limit < 1) {
            throw HttpProblem.INVALID_PARAMETER.because("limit must be at least 1, was %d", limit);
        }
        SampleWriter.Range range = new SampleWriter.Range(
                lookup.resolve(id).id(),
                start == null ? Long.MIN_VALUE : start.toEpochMilli(),
                end == null ? Long.MAX_VALUE : end.toEpochMilli(),
                limit == null ? Long.MAX_VALUE : limit);
        MediaType form = new Accept(accept).best(MediaType.APPLICATION_JSON, CSV);
        response.setCharacterEncoding("UTF-8");
        response.setContentType(form.toString());
        if (method.equals(HttpMethod.HEAD)) {
            return; // nobody would see the samples
        }
        if (form.equals(CSV)) {
            writer.csv(range, response.getOutputStream());
        } else {
            writer.json(range, response.getOutputStream());
        }
    }

    private SampleRows rows(MediaType type, String zone, InputStream body) {
        return type.isCompatibleWith(CSV) ? reader.csv(body, zone(zone)) : reader.json(body, zone(zone));
    }

    /// The series of an upload, made where a name is new: by now the upload has been read and is valid.
    private Series target(String reference) {
        return SeriesLookup.isId(reference) || !store.named(reference).isEmpty()
                ? lookup.resolve(reference)
                : store.findOrCreate(new SeriesKey(reference, Labels.NONE));
    }

    private static ZoneId zone(String name) {
        try {
            return name.equals("Z") ? ZoneOffset.UTC : ZoneId.of(name);
        } catch (DateTimeException unknown) {
            throw HttpProblem.INVALID_PARAMETER.because("zone is not known; name one such as Europe/Berlin or +01:00");
        }
    }
}
