package dev.telltale.ingest.otlp;

import dev.telltale.ingest.SeriesFilter;
import dev.telltale.ingest.WorkingMemory;
import dev.telltale.series.Intake;
import dev.telltale.series.Pushed;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsPartialSuccess;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceResponse;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/// Takes metrics over OTLP/HTTP.
///
/// @see <a href="https://opentelemetry.io/docs/specs/otlp/#otlphttp">OTLP/HTTP</a>
@RestController
@Tag(name = "Ingest")
class OtlpController {

    static final String PATH = "/v1/metrics";

    private static final String PROTOBUF = "application/x-protobuf";
    private static final String REQUEST_EXAMPLE = """
            {"resourceMetrics":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}]},\
            "scopeMetrics":[{"metrics":[{"name":"queue.length","gauge":{"dataPoints":[\
            {"timeUnixNano":"1704067200000000000","asDouble":3}]}}]}]}]}""";
    private static final String ANSWER_EXAMPLE = """
            {"partialSuccess":{"rejectedDataPoints":"1","errorMessage":"a point has no value (1×)"}}""";

    private static final String STATUS_EXAMPLE = """
            {"code":3,"message":"The body is not an export of metrics: …"}""";

    private final Intake intake;
    private final Rates rates;
    private final IgnoredAttributes ignored;
    private final SeriesFilter filter;
    private final WorkingMemory memory;
    private final OtlpMeters meters;

    OtlpController(
            Intake intake,
            Rates rates,
            IgnoredAttributes ignored,
            SeriesFilter filter,
            WorkingMemory otlpMemory,
            OtlpMeters meters) {
        this.intake = intake;
        this.rates = rates;
        this.ignored = ignored;
        this.filter = filter;
        this.memory = otlpMemory;
        this.meters = meters;
    }

    @PostMapping(
            path = PATH,
            consumes = {PROTOBUF, MediaType.APPLICATION_JSON_VALUE})
    @Operation(
            operationId = "exportMetrics",
            summary = "Take OpenTelemetry metrics",
            description =
                    "OTLP/HTTP, protobuf or JSON, answered in the same encoding. Gauges and sums that go both ways"
                            + " are stored as they are, all that counts up as a rate per second, histograms and summaries as"
                            + " `…_count`, `…_sum` and one series for each `quantile`. Points that cannot be stored are counted in"
                            + " `partialSuccess` and the others are on disk. Failures are a `google.rpc.Status`.",
            requestBody =
                    @RequestBody(
                            description = "an `ExportMetricsServiceRequest`",
                            content = {
                                @Content(mediaType = PROTOBUF, schema = @Schema(type = "string", format = "binary")),
                                @Content(
                                        mediaType = MediaType.APPLICATION_JSON_VALUE,
                                        schema = @Schema(type = "object"),
                                        examples = @ExampleObject(REQUEST_EXAMPLE))
                            }))
    @ApiResponse(
            responseCode = "200",
            description = "Stored; an `ExportMetricsServiceResponse`, empty if all of it is",
            content = {
                @Content(mediaType = PROTOBUF, schema = @Schema(type = "string", format = "binary")),
                @Content(
                        mediaType = MediaType.APPLICATION_JSON_VALUE,
                        schema = @Schema(type = "object"),
                        examples = @ExampleObject(ANSWER_EXAMPLE))
            })
    @ApiResponse(
            responseCode = "400",
            description = "No export; a `google.rpc.Status` in the encoding of the request",
            content = {
                @Content(mediaType = PROTOBUF, schema = @Schema(type = "string", format = "binary")),
                @Content(
                        mediaType = MediaType.APPLICATION_JSON_VALUE,
                        schema = @Schema(type = "object"),
                        examples = @ExampleObject(STATUS_EXAMPLE))
            })
    @ApiResponse(
            responseCode = "413",
            description = "Too large, or too much once decoded; a `google.rpc.Status` too",
            content = @Content(mediaType = MediaType.APPLICATION_JSON_VALUE, schema = @Schema(type = "object")))
    @ApiResponse(
            responseCode = "503",
            description = "Not now, `Retry-After` says when; a `google.rpc.Status` too",
            content = @Content(mediaType = MediaType.APPLICATION_JSON_VALUE, schema = @Schema(type = "object")))
    ResponseEntity<byte[]> export(HttpServletRequest request) throws IOException {
        ExportEncoding encoding = ExportEncoding.of(request.getContentType()).orElseThrow();
        Rates.Pass pass = rates.pass();
        MetricsDecoder decoder = new MetricsDecoder(ignored, pass, filter);
        Pushed pushed;
        try (WorkingMemory.Part part = memory.part()) {
            decoder.decode(encoding.read(part.read(request.getInputStream()), part));
            pushed = intake.push(decoder.samples().samples()); // what waits for the store takes memory too
        }
        pass.keep();
        decoder.samples().countLeftOut();
        ExportMetricsServiceResponse answer = answer(decoder, pushed);
        meters.count(
                decoder.points(), decoder.first(), answer.getPartialSuccess().getRejectedDataPoints());
        return ResponseEntity.ok()
                .contentType(MediaType.valueOf(encoding.mediaType()))
                .body(encoding.write(answer));
    }

    /// Says how many points are not stored. One point of a histogram makes several samples; if only some of them
    /// are refused, each counts as a point, up to as many points as there are.
    private static ExportMetricsServiceResponse answer(MetricsDecoder decoder, Pushed pushed) {
        Rejected rejected = decoder.rejected();
        for (Pushed.Refused refused : pushed.refused()) {
            rejected.add(refused.samples(), refused.example());
        }
        if (rejected.count() == 0) {
            return ExportMetricsServiceResponse.getDefaultInstance();
        }
        return ExportMetricsServiceResponse.newBuilder()
                .setPartialSuccess(ExportMetricsPartialSuccess.newBuilder()
                        .setRejectedDataPoints(Math.min(rejected.count(), decoder.points()))
                        .setErrorMessage(rejected.message()))
                .build();
    }
}
