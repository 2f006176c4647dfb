package dev.telltale.models;

import dev.telltale.http.Json;
import dev.telltale.series.Duplicates;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
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

    private static final String PATH = "/api/v1/models/{name}/score";
    /// Of an answer, before its first byte leaves: a failure until then is answered as a problem.
    private static final int HELD_BACK = 1 << 16;

    private final ModelScoring scoring;
    private final ScoreRequestReader reader;
    private final Json json;

    ScoreController(ModelScoring scoring, Json json) {
        this.scoring = scoring;
        this.reader = new ScoreRequestReader(json);
        this.json = json;
    }

    /// The shape of an answer, for its description.
    @Schema(name = "Scores")
    record Scores(
            @Schema(example = "disk-writes") String model,
            @Schema(example = "1") int version,
            List<Row> rows) {

        @Schema(name = "ScoredRow")
        record Row(
                @Schema(
                        description = "a moment of the model's grid: the end of the interval that the row stands for",
                        example = "2014-03-10T01:29:00Z")
                String timestamp,

                @Schema(
                        description = "the last sample of that interval; with several series see `channels`",
                        example = "547457000.0")
                @Nullable
                Double value,

                @Schema(description = "the reconstruction", example = "31250.5") @Nullable
                Double expected,

                @Schema(description = "below this value the row would be anomalous", example = "0.0") @Nullable
                Double lower,

                @Schema(description = "above this value the row would be anomalous", example = "94371840.0") @Nullable
                Double upper,

                @Schema(description = "in squared scaled units", example = "0.981") @Nullable
                Double error,

                @Schema(description = "at least 0; null before the first full window", example = "1.84") @Nullable
                Double score,

                @Schema(description = "whether the score is above 1", example = "true")
                boolean anomalous,

                @Schema(
                        description = "of a model of several series, in place of `value` to `upper`: what is said of"
                                + " each, by the name of the series, with its labels where another has that name")
                @Nullable
                Map<String, ChannelRow> channels) {}

        /// What is said of one series.
        @Schema(name = "ScoredChannel")
        record ChannelRow(
                @Schema(description = "the last sample of the row's interval", example = "0.73")
                double value,

                @Schema(description = "the reconstruction", example = "0.31") @Nullable
                Double expected,

                @Schema(
                        description = "below this value the row would be anomalous, the other series as they are; null"
                                + " where those alone make it so",
                        example = "0.12")
                @Nullable
                Double lower,

                @Schema(description = "above this value, likewise", example = "0.58") @Nullable
                Double upper,

                @Schema(
                        description = "share of the row's squared error; all sum to 1; null where there is no error",
                        example = "0.64")
                @Nullable
                Double contribution) {}
    }

    @PostMapping(
            path = PATH,
            consumes = {MediaType.APPLICATION_JSON_VALUE, CSV, NDJSON},
            produces = MediaType.APPLICATION_JSON_VALUE)
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
                                                        "{\"timestamp\":\"2014-03-10T01:29:00Z\",\"value\":547457000}\n"))
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
    void scoreAsJson(
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
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        score(name, version, duplicates, zone, request, response, MediaType.APPLICATION_JSON_VALUE);
    }

    @PostMapping(
            path = PATH,
            consumes = {MediaType.APPLICATION_JSON_VALUE, CSV, NDJSON},
            produces = CSV)
    void scoreAsCsv(
            @PathVariable String name,
            @RequestParam(defaultValue = "refuse") Duplicates duplicates,
            @RequestParam(defaultValue = "Z") ZoneId zone,
            @RequestParam(required = false) @Nullable Integer version,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        score(name, version, duplicates, zone, request, response, CSV);
    }

    @PostMapping(
            path = PATH,
            consumes = {MediaType.APPLICATION_JSON_VALUE, CSV, NDJSON},
            produces = NDJSON)
    void scoreAsNdjson(
            @PathVariable String name,
            @RequestParam(defaultValue = "refuse") Duplicates duplicates,
            @RequestParam(defaultValue = "Z") ZoneId zone,
            @RequestParam(required = false) @Nullable Integer version,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        score(name, version, duplicates, zone, request, response, NDJSON);
    }

    private void score(
            String name,
            @Nullable Integer version,
            Duplicates duplicates,
            ZoneId zone,
            HttpServletRequest request,
            HttpServletResponse response,
            String answerType)
            throws IOException {
        try (LoadedModel model = borrow(new ModelName(name), version)) {
            ScoreRequest asked = read(request, model.manifest(), duplicates, zone);
            Answer answer = new Answer(response, answerType, model.manifest());
            scoring.score(model, asked, answer::row);
            answer.end();
        } catch (RuntimeException e) {
            if (!response.isCommitted()) {
                response.resetBuffer(); // rows that are there already must not stand before the problem
            } // else the connection breaks, which tells the caller that the answer is not whole
            throw e;
        }
    }

    private LoadedModel borrow(ModelName name, @Nullable Integer version) {
        return version == null ? scoring.borrow(name) : scoring.borrow(name, version);
    }

    private ScoreRequest read(HttpServletRequest request, Manifest manifest, Duplicates duplicates, ZoneId zone)
            throws IOException {
        MediaType type = MediaType.parseMediaType(request.getContentType());
        InputStream body = request.getInputStream();
        if (CSV_TYPE.isCompatibleWith(type)) {
            return reader.csv(body, manifest, duplicates, zone);
        }
        return MediaType.APPLICATION_NDJSON.isCompatibleWith(type)
                ? reader.ndjson(body, duplicates, zone)
                : reader.json(body, manifest, duplicates, zone);
    }

    /// An answer that begins with its first row.
    private final class Answer {

        private final HttpServletResponse response;
        private final Function<OutputStream, ScoreWriter> form;
        private final String type;
        private final int version;
        private @Nullable ScoreWriter writer;

        Answer(HttpServletResponse response, String type, Manifest manifest) {
            this.response = response;
            this.type = type;
            this.version = manifest.version();
            this.form = switch (type) {
                case CSV -> out -> ScoreWriter.csv(out, manifest);
                case NDJSON -> out -> ScoreWriter.ndjson(json, out, manifest);
                default -> out -> ScoreWriter.json(json, out, manifest);
            };
        }

        void row(ScoredRow row) {
            writer().write(row);
        }

        void end() {
            writer().close();
        }

        private ScoreWriter writer() {
            if (writer == null) {
                response.setContentType(type);
                response.setIntHeader(MODEL_VERSION, version);
                response.setBufferSize(HELD_BACK);
                try {
                    writer = form.apply(response.getOutputStream());
                } catch (IOException callerHasGone) {
                    throw new UncheckedIOException(callerHasGone);
                }
            }
            return writer;
        }
    }
}
