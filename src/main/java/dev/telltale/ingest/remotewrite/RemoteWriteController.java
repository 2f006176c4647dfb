package dev.telltale.ingest.remotewrite;

import dev.telltale.http.HttpProperties;
import dev.telltale.ingest.SeriesFilter;
import dev.telltale.ingest.WorkingMemory;
import dev.telltale.problem.Problem;
import dev.telltale.problem.ProblemKind;
import dev.telltale.series.Intake;
import dev.telltale.series.Pushed;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/// Takes what Prometheus and others send by remote write.
///
/// @see <a href="https://prometheus.io/docs/specs/prw/remote_write_spec_2_0/">Remote write 2.0</a>
@RestController
@RequestMapping("/api/v1/ingest/prometheus")
@Tag(name = "Ingest", description = "What monitoring systems push, in their own protocols")
class RemoteWriteController {

    private static final String SAMPLES_WRITTEN = "X-Prometheus-Remote-Write-Samples-Written";
    private static final String HISTOGRAMS_WRITTEN = "X-Prometheus-Remote-Write-Histograms-Written";
    private static final String EXEMPLARS_WRITTEN = "X-Prometheus-Remote-Write-Exemplars-Written";
    private static final String SNAPPY = "snappy";
    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    /// Of what a body holds, what comes of it takes about so much memory.
    private static final int COPIES = 2;

    private final Intake intake;
    private final KnownSeries known;
    private final SeriesFilter filter;
    private final WorkingMemory memory;
    private final RemoteWriteMeters meters;
    private final UnwrittenLog log;
    private final long maxBody;

    RemoteWriteController(
            Intake intake,
            KnownSeries known,
            SeriesFilter filter,
            WorkingMemory remoteWriteMemory,
            RemoteWriteMeters meters,
            UnwrittenLog log,
            HttpProperties limits) {
        this.intake = intake;
        this.known = known;
        this.filter = filter;
        this.memory = remoteWriteMemory;
        this.meters = meters;
        this.log = log;
        this.maxBody = limits.maxBody().toBytes();
    }

    @PostMapping("/write")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @RequestBody(
            required = true,
            description = "`prometheus.WriteRequest` (remote write 1.0), or with"
                    + " `;proto=io.prometheus.write.v2.Request` that message (2.0), as a snappy block"
                    + " (`Content-Encoding: snappy`) of up to 32 MiB decoded (`telltale.http.max-body`)",
            content =
                    @Content(
                            mediaType = "application/x-protobuf",
                            schema = @Schema(type = "string", format = "binary")))
    @Operation(
            operationId = "remoteWrite",
            summary = "Prometheus remote write",
            description = "Stores the valid samples; those that cannot be stored are named in a 400 and are lost on"
                    + " their sender, all others are on disk then. Overload and a store that does not work answer 503"
                    + " with `Retry-After`: nothing of the request is lost if it is sent again. Native histograms and"
                    + " exemplars are not stored: 400 in version 2.0, left out in 1.0.")
    @ApiResponse(
            responseCode = "204",
            description = "All samples are on disk",
            headers = {
                @Header(name = SAMPLES_WRITTEN, schema = @Schema(type = "integer")),
                @Header(name = HISTOGRAMS_WRITTEN, schema = @Schema(type = "integer")),
                @Header(name = EXEMPLARS_WRITTEN, schema = @Schema(type = "integer"))
            })
    void write(HttpServletRequest request, HttpServletResponse response) throws IOException {
        written(response, 0);
        checkCoding(request, response);
        Protocol protocol = Protocol.of(request.getContentType());
        Outcome outcome = write(protocol, request);
        written(response, outcome.samplesWritten());
        Optional<Problem> problem = outcome.problem();
        log.add(outcome, problem);
        if (problem.isPresent()) {
            throw problem.get();
        }
    }

    private Outcome write(Protocol protocol, HttpServletRequest request) throws IOException {
        try (WorkingMemory.Part part = memory.part()) {
            byte[] block = part.read(request.getInputStream());
            int length = SnappyBlock.length(block, maxBody);
            part.take((long) COPIES * length);
            SeriesCollector series = new SeriesCollector(known, protocol == Protocol.V2, part);
            protocol.read(SnappyBlock.decode(block, length), series);
            Pushed pushed = intake.push(series.samples());
            meters.count(series);
            filter.leftOut(series.filtered());
            return new Outcome(series, pushed, protocol);
        } catch (Problem problem) {
            throw forSenders(problem);
        }
    }

    /// A sender gives up on 4xx and knows no 507, so whatever may be over in a while is 503.
    private static Problem forSenders(Problem problem) {
        ProblemKind kind = problem.type().kind();
        boolean passes = kind == ProblemKind.OVERLOADED
                || kind == ProblemKind.UNAVAILABLE
                || kind == ProblemKind.STORAGE_FULL
                || kind == ProblemKind.NOT_FOUND;
        return passes
                ? RemoteWriteProblem.TRY_AGAIN
                        .because("%s", problem.detail())
                        .retryAfter(problem.retryAfter().orElse(RETRY_AFTER))
                : problem;
    }

    private static void checkCoding(HttpServletRequest request, HttpServletResponse response) {
        String coding = Optional.ofNullable(request.getHeader(HttpHeaders.CONTENT_ENCODING))
                .orElse("none")
                .strip();
        if (!coding.equalsIgnoreCase(SNAPPY)) {
            response.setHeader(HttpHeaders.ACCEPT_ENCODING, SNAPPY);
            throw RemoteWriteProblem.NOT_REMOTE_WRITE.because(
                    "the content encoding must be snappy, in its block format");
        }
    }

    private static void written(HttpServletResponse response, long samples) {
        response.setHeader(SAMPLES_WRITTEN, Long.toString(samples));
        response.setHeader(HISTOGRAMS_WRITTEN, "0");
        response.setHeader(EXEMPLARS_WRITTEN, "0");
    }
}
