package dev.telltale.series;

import dev.telltale.http.FilePart;
import dev.telltale.http.Json;
import dev.telltale.http.Prefer;
import dev.telltale.jobs.Job;
import dev.telltale.jobs.JobController;
import dev.telltale.jobs.JobReports;
import dev.telltale.jobs.Jobs;
import dev.telltale.problem.Excerpt;
import dev.telltale.problem.Problem;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.media.SchemaProperty;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/// Takes files of samples: stores them, or only describes them.
@RestController
@RequestMapping(path = "/api/v1", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Series")
class UploadController {

    private final SampleReader reader;
    private final Uploads uploads;
    private final UploadJob uploadJob;
    private final JobReports reports;
    private final Jobs jobs;
    private final JobController answers;
    private final Json json;

    UploadController(
            Uploads uploads,
            UploadJob uploadJob,
            JobReports uploadReports,
            Jobs jobs,
            JobController answers,
            Json json) {
        this.reader = new SampleReader(json);
        this.uploads = uploads;
        this.uploadJob = uploadJob;
        this.reports = uploadReports;
        this.jobs = jobs;
        this.answers = answers;
        this.json = json;
    }

    @PostMapping(
            path = "/series/{id}/samples",
            consumes = {
                SamplesBody.CSV,
                MediaType.APPLICATION_JSON_VALUE,
                SamplesBody.NDJSON,
                MediaType.MULTIPART_FORM_DATA_VALUE
            })
    @SamplesBody
    @Operation(
            operationId = "uploadSamples",
            summary = "Upload samples",
            description = "All or nothing, unless `partial=true`. A name that no series has makes one without labels."
                    + " The body may be gzip (`Content-Encoding`), has up to 1 GiB decoded (`telltale.http.max-upload`)"
                    + " and lines of up to 64 KiB. The same sample again is `unchanged`; another value at a stored time"
                    + " is refused unless `replace=true`.")
    @ApiResponse(
            responseCode = "200",
            description = "Stored",
            content = @Content(schema = @Schema(implementation = SeriesViews.UploadResult.class)))
    @UploadLater
    ResponseEntity<?> upload(
            @Parameter(description = "id or name", example = "ec2_disk_write_bytes") @PathVariable String id,
            @Parameter(description = "what becomes of rows that share a time") @RequestParam(defaultValue = "refuse")
                    Duplicates duplicates,
            @Parameter(description = "zone of times without one", example = "Europe/Berlin")
                    @RequestParam(defaultValue = "Z")
                    String zone,
            @Parameter(description = "overwrite stored values") @RequestParam(defaultValue = "false") boolean replace,
            @Parameter(
                            description =
                                    "store the good rows and answer the bad ones in `rejected`: rows that cannot be read,"
                                            + " that repeat a time, or that contradict a stored sample")
                    @RequestParam(defaultValue = "false")
                    boolean partial,
            @Parameter(
                            description =
                                    "`respond-async` answers 202 and a job once the body is on disk; with `wait=30` too,"
                                            + " 201 and its report if it ends in time",
                            example = "respond-async")
                    @RequestHeader(name = "Prefer", required = false)
                    @Nullable
                    String prefer,
            @Parameter(hidden = true) @RequestHeader(HttpHeaders.CONTENT_TYPE) MediaType type,
            HttpServletRequest request) {
        UploadJob.Payload what =
                new UploadJob.Payload(UploadFormat.CSV, id, "", "", duplicates, zone, replace, partial);
        return answer(request, type, what, Prefer.of(prefer), SeriesViews.UploadResult::of);
    }

    @PostMapping(
            path = "/uploads",
            consumes = {SamplesBody.CSV, MediaType.MULTIPART_FORM_DATA_VALUE})
    @RequestBody(
            required = true,
            description =
                    "`timestamp` and a column for each series (wide), or `timestamp`, `series` and `value` (long)."
                            + " A cell of the column `series` holds a metric name, or one with labels as in"
                            + " `cpu{instance=\"i-1\"}`, quoted for CSV.",
            content = {
                @Content(
                        mediaType = SamplesBody.CSV,
                        schema = @Schema(type = "string"),
                        examples = {
                            @ExampleObject(
                                    name = "wide",
                                    value = "timestamp,reads,writes\n2014-03-01T17:34:00Z,6.5,1\n"),
                            @ExampleObject(
                                    name = "long",
                                    value =
                                            "timestamp,series,value\n2014-03-01T17:34:00Z,reads,6.5\n2014-03-01T17:34:00Z,\"cpu{instance=\"\"i-1\"\"}\",0.25\n")
                        }),
                @Content(
                        mediaType = MediaType.MULTIPART_FORM_DATA_VALUE,
                        schemaProperties =
                                @SchemaProperty(name = "file", schema = @Schema(type = "string", format = "binary")))
            })
    @Operation(
            operationId = "uploadSeveralSeries",
            summary = "Upload samples of several series",
            description = "As for one series; all or nothing over all of them, in one commit. Series that do not exist"
                    + " are made.")
    @ApiResponse(
            responseCode = "200",
            description = "Stored",
            content = @Content(schema = @Schema(implementation = SeriesViews.UploadsResult.class)))
    @UploadLater
    ResponseEntity<?> uploadSeveral(
            @Parameter(description = "put before each metric name", example = "disk_") @RequestParam(defaultValue = "")
                    String prefix,
            @Parameter(
                            description =
                                    "labels of all series as `name=value,name=value`; where a cell of the column `series` has"
                                            + " one of these itself, its own counts",
                            example = "instance=i-1,region=eu")
                    @RequestParam(defaultValue = "")
                    String labels,
            @Parameter(description = "what becomes of rows of one series that share a time")
                    @RequestParam(defaultValue = "refuse")
                    Duplicates duplicates,
            @Parameter(description = "zone of times without one", example = "Europe/Berlin")
                    @RequestParam(defaultValue = "Z")
                    String zone,
            @Parameter(description = "overwrite stored values") @RequestParam(defaultValue = "false") boolean replace,
            @Parameter(
                            description =
                                    "store the good cells and answer the bad ones in `rejected`: those that cannot be read,"
                                            + " that repeat a time, or that contradict a stored sample")
                    @RequestParam(defaultValue = "false")
                    boolean partial,
            @Parameter(
                            description =
                                    "`respond-async` answers 202 and a job once the body is on disk; with `wait=30` too,"
                                            + " 201 and its report if it ends in time",
                            example = "respond-async")
                    @RequestHeader(name = "Prefer", required = false)
                    @Nullable
                    String prefer,
            @Parameter(hidden = true) @RequestHeader(HttpHeaders.CONTENT_TYPE) MediaType type,
            HttpServletRequest request) {
        UploadJob.Payload what =
                new UploadJob.Payload(UploadFormat.CSV, "", prefix, labels, duplicates, zone, replace, partial);
        return answer(request, type, what, Prefer.of(prefer), SeriesViews.UploadsResult::of);
    }

    @GetMapping("/uploads/{id}")
    @Operation(
            operationId = "getUpload",
            summary = "Show what became of an upload that was a job",
            description = "The reports of the newest 1,000 are kept.")
    @ApiResponse(
            responseCode = "200",
            content = @Content(schema = @Schema(implementation = SeriesViews.UploadsResult.class)))
    JsonNode report(@Parameter(description = "id of its job", example = "17") @PathVariable String id) {
        if (!SeriesLookup.isId(id) || id.length() > 18) {
            throw noReport(id);
        }
        return report(Long.parseLong(id));
    }

    @PostMapping(
            path = "/summaries",
            consumes = {
                SamplesBody.CSV,
                MediaType.APPLICATION_JSON_VALUE,
                SamplesBody.NDJSON,
                MediaType.MULTIPART_FORM_DATA_VALUE
            })
    @SamplesBody
    @Operation(
            operationId = "summarize",
            summary = "Describe a file",
            description = "Nothing is stored. Rows are described as they stand, up to 10,000,000; repeated times are"
                    + " counted.")
    SeriesViews.FileSummary summarize(
            @Parameter(description = "zone of times without one", example = "Europe/Berlin")
                    @RequestParam(defaultValue = "Z")
                    String zone,
            @Parameter(hidden = true) @RequestHeader(HttpHeaders.CONTENT_TYPE) MediaType type,
            HttpServletRequest request) {
        return SeriesViews.FileSummary.of(opened(
                request, type, (format, body) -> reader.read(format, body, UploadOptions.zone(zone)), rows -> {}));
    }

    private ResponseEntity<?> answer(
            HttpServletRequest request,
            MediaType type,
            UploadJob.Payload what,
            Prefer prefer,
            Function<Uploads.Stored, Object> view) {
        UploadTarget target = what.target(); // refuses now what it could not later
        UploadOptions options = what.options();
        if (prefer.respondAsync()) {
            Job job = job(request, type, what, target);
            return answers.answer(job, prefer, path -> report(job.id()));
        }
        try (Upload upload = opened(
                request, type, (format, body) -> uploads.read(target, options, format, rows -> body), Upload::close)) {
            return ResponseEntity.ok(view.apply(uploads.store(upload)));
        }
    }

    private Job job(HttpServletRequest request, MediaType type, UploadJob.Payload what, UploadTarget target) {
        try (UploadJob.Prepared upload = opened(
                request,
                type,
                (format, body) -> {
                    Uploads.check(target, format);
                    return uploadJob.prepare(what.in(format), body);
                },
                UploadJob.Prepared::close)) {
            return uploadJob.submit(jobs, upload);
        }
    }

    private JsonNode report(long job) {
        return json.mapper().readTree(reports.find(job).orElseThrow(() -> noReport(Long.toString(job))));
    }

    private static Problem noReport(String id) {
        return SeriesProblem.UPLOAD_NOT_FOUND.because(
                "no upload has left a report under '%s'; ids are those of jobs, and the newest 1,000 are kept",
                Excerpt.of(id));
    }

    /// Hands the file of a request over: its body, or the one part of it.
    ///
    /// @param discard closes what was made of a part behind which the body does not end
    private static <T> T opened(
            HttpServletRequest request,
            MediaType type,
            BiFunction<UploadFormat, InputStream, T> reading,
            Consumer<T> discard) {
        if (type.isCompatibleWith(MediaType.MULTIPART_FORM_DATA)) {
            List<T> made = new ArrayList<>();
            try {
                return FilePart.read(request, part -> {
                    UploadFormat format = UploadFormat.ofFile(part.contentType(), part.fileName());
                    T read = reading.apply(format, part.content());
                    made.add(read);
                    return read;
                });
            } catch (RuntimeException | Error refused) {
                made.forEach(discard);
                throw refused;
            }
        }
        try {
            return reading.apply(UploadFormat.ofMediaType(type.toString()).orElseThrow(), request.getInputStream());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
