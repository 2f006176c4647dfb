package dev.telltale.models;

import dev.telltale.http.Accept;
import dev.telltale.http.FilePart;
import dev.telltale.http.Json;
import dev.telltale.http.StreamedAnswer;
import dev.telltale.series.Duplicates;
import dev.telltale.series.UploadFormat;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.media.SchemaProperty;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// Scores over HTTP: of samples in the body, or of a stored range.
@RestController
@Tag(name = "Models")
class ScoreController {

    private static final String CSV = "text/csv";
    private static final String NDJSON = MediaType.APPLICATION_NDJSON_VALUE;
    private static final MediaType CSV_TYPE = MediaType.valueOf(CSV);
    /// Says in every form of an answer which version gave its verdicts.
    static final String MODEL_VERSION = "Telltale-Model-Version";

    private final ModelScoring scoring;
    private final ScoreRequestReader reader;
    private final Json json;

    ScoreController(ModelScoring scoring, Json json) {
        this.scoring = scoring;
        this.reader = new ScoreRequestReader(json);
        this.json = json;
    }

    @PostMapping(
            path = "/api/v1/models/{name}/score",
            consumes = {MediaType.APPLICATION_JSON_VALUE, CSV, NDJSON, MediaType.MULTIPART_FORM_DATA_VALUE},
            produces = {MediaType.APPLICATION_JSON_VALUE, CSV, NDJSON})
    @Operation(
            operationId = "score",
            summary = "Score samples, those of the body or a stored range",
            description = "A score above 1 is anomalous. Times are those of the model's grid: a row stands for the"
                    + " samples of the interval that ends there. Rows before the first full window have no score."
                    + " Of a stored range `series` may be left out: the model's own are meant. A model of several"
                    + " series takes as many, stored ones in its order, or a body that names each as the model does;"
                    + " rows in which one is missing for longer than the gap policy fills are left out.",
            requestBody =
                    @RequestBody(
                            content = {
                                @Content(
                                        mediaType = MediaType.APPLICATION_JSON_VALUE,
                                        examples = {
                                            @ExampleObject(
                                                    name = "a stored range",
                                                    value =
                                                            "{\"series\":\"ec2_disk_write_bytes\",\"start\":\"2014-03-10T00:00:00Z\","
                                                                    + "\"end\":\"2014-03-11T00:00:00Z\"}"),
                                            @ExampleObject(
                                                    name = "samples",
                                                    value = "{\"samples\":[{\"timestamp\":\"2014-03-10T01:29:00Z\","
                                                            + "\"value\":547457000}]}"),
                                            @ExampleObject(
                                                    name = "samples of several series",
                                                    value = "{\"timestamps\":[\"2014-03-10T01:29:00Z\"],"
                                                            + "\"series\":{\"cpu\":[0.73],\"memory\":[null]}}")
                                        }),
                                @Content(
                                        mediaType = CSV,
                                        schema = @Schema(type = "string"),
                                        examples = {
                                            @ExampleObject(
                                                    name = "one series",
                                                    value = "timestamp,value\n2014-03-10 01:29:00,547457000\n"),
                                            @ExampleObject(
                                                    name = "several series",
                                                    value = "timestamp,cpu,memory\n2014-03-10 01:29:00,0.73,\n")
                                        }),
                                @Content(
                                        mediaType = NDJSON,
                                        schema = @Schema(type = "string"),
                                        examples =
                                                @ExampleObject(
                                                        "{\"timestamp\":\"2014-03-10T01:29:00Z\",\"value\":547457000}\n")),
                                @Content(
                                        mediaType = MediaType.MULTIPART_FORM_DATA_VALUE,
                                        schemaProperties =
                                                @SchemaProperty(
                                                        name = "file",
                                                        schema = @Schema(type = "string", format = "binary")))
                            }))
    @ApiResponse(
            responseCode = "200",
            headers =
                    @Header(
                            name = MODEL_VERSION,
                            description = "the version that gave all verdicts of the answer",
                            schema = @Schema(type = "integer")),
            content = {
                @Content(mediaType = MediaType.APPLICATION_JSON_VALUE, schema = @Schema(implementation = Scores.class)),
                @Content(mediaType = CSV, schema = @Schema(type = "string"), examples = @ExampleObject("""
                                timestamp,value,expected,lower,upper,error,score,anomalous
                                2014-03-10T01:29:00Z,5.47457E8,31250.5,0.0,9.437184E7,0.981,1.84,true
                                """)),
                @Content(mediaType = NDJSON, schema = @Schema(implementation = Scores.Row.class))
            })
    void score(
            @Parameter(description = "of the model", example = "disk-writes") @PathVariable String name,
            @Parameter(description = "what becomes of rows that share a time") @RequestParam(defaultValue = "refuse")
                    Duplicates duplicates,
            @Parameter(
                            description = "zone of times without one",
                            example = "Europe/Berlin",
                            schema = @Schema(type = "string"))
                    @RequestParam(defaultValue = "Z")
                    ZoneId zone,
            @Parameter(description = "the version to score with, the active one if left out", example = "1")
                    @RequestParam(required = false)
                    @Nullable
                    Integer version,
            @Parameter(description = "add to each verdict why it was given; not in CSV")
                    @RequestParam(defaultValue = "false")
                    boolean explain,
            @Parameter(hidden = true) @RequestHeader(name = HttpHeaders.ACCEPT, defaultValue = MediaType.ALL_VALUE)
                    List<MediaType> accept,
            @Parameter(hidden = true) @RequestHeader(HttpHeaders.CONTENT_TYPE) MediaType type,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        MediaType form = new Accept(accept).best(MediaType.APPLICATION_JSON, CSV_TYPE, MediaType.APPLICATION_NDJSON);
        if (explain && form.equals(CSV_TYPE)) {
            throw ModelsProblem.BAD_SCORE_REQUEST.because(
                    "explanations do not fit into CSV; ask for application/json or application/x-ndjson");
        }
        try (LoadedModel model = scoring.borrow(new ModelName(name), Optional.ofNullable(version))) {
            ScoreRequest asked = read(request, type, model.manifest(), duplicates, zone);
            response.setIntHeader(MODEL_VERSION, model.manifest().version());
            StreamedAnswer.write(request, response, form.toString(), out -> {
                ScoreWriter writer = writer(form, out, model.manifest());
                scoring.score(model, asked, explain, writer::write);
                writer.close(); // not of an answer that failed: it must not look whole
            });
        }
    }

    private ScoreRequest read(
            HttpServletRequest request, MediaType type, Manifest manifest, Duplicates duplicates, ZoneId zone)
            throws IOException {
        return type.isCompatibleWith(MediaType.MULTIPART_FORM_DATA)
                ? FilePart.read(
                        request,
                        part -> reader.read(
                                UploadFormat.ofFile(part.contentType(), part.fileName()),
                                part.content(),
                                manifest,
                                duplicates,
                                zone))
                : reader.read(
                        UploadFormat.ofMediaType(type.toString()).orElseThrow(),
                        request.getInputStream(),
                        manifest,
                        duplicates,
                        zone);
    }

    private ScoreWriter writer(MediaType form, OutputStream out, Manifest manifest) {
        if (form.equals(CSV_TYPE)) {
            return ScoreWriter.csv(out, manifest);
        }
        return form.equals(MediaType.APPLICATION_NDJSON)
                ? ScoreWriter.ndjson(json, out, manifest)
                : ScoreWriter.json(json, out, manifest);
    }
}
