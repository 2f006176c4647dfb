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
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// Gives ranges of stored samples.
@RestController
@RequestMapping(path = "/api/v1")
@Tag(name = "Series")
class SampleController {

    private static final MediaType CSV = MediaType.valueOf(SamplesBody.CSV);

    private final SeriesLookup lookup;
    private final SampleWriter writer;

    SampleController(SeriesStore store, SeriesLookup lookup, Json json) {
        this.lookup = lookup;
        this.writer = new SampleWriter(store, json);
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
}
