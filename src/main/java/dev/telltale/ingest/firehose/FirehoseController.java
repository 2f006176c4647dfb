package dev.telltale.ingest.firehose;

import dev.telltale.http.Json;
import dev.telltale.ingest.SeriesFilter;
import dev.telltale.ingest.WorkingMemory;
import dev.telltale.problem.Excerpt;
import dev.telltale.series.Intake;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/// Takes CloudWatch metric streams as Amazon Data Firehose delivers them to an HTTP endpoint.
///
/// @see <a href="https://docs.aws.amazon.com/firehose/latest/dev/httpdeliveryrequestresponse.html">Requests</a>
@RestController
@Tag(name = "Ingest")
class FirehoseController {

    static final String PATH = "/api/v1/ingest/firehose";
    static final String REQUEST_ID = "X-Amz-Firehose-Request-Id";
    static final String ACCESS_KEY = "X-Amz-Firehose-Access-Key";

    private static final String PROTOCOL_VERSION = "X-Amz-Firehose-Protocol-Version";
    private static final String COMMON_ATTRIBUTES = "X-Amz-Firehose-Common-Attributes";
    private static final String SOURCE = "X-Amz-Firehose-Source-Arn";
    private static final String VERSION = "1.0";
    private static final int LONGEST_ID = 64;
    private static final String REQUEST_EXAMPLE = """
            {"requestId":"ed4acda5-034f-9f42-bba1-f29aea6d7d8f","timestamp":1578090901599,\
            "records":[{"data":"eyJtZXRyaWNfc3RyZWFtX25hbWUiOiJNeU1ldHJpY1N0cmVhbSIsLi4u"}]}""";

    private static final Logger LOG = LoggerFactory.getLogger(FirehoseController.class);

    private final AccessKey accessKey;
    private final Intake intake;
    private final Json json;
    private final SeriesFilter filter;
    private final WorkingMemory memory;
    private final FirehoseMeters meters;
    private final InstantSource clock = InstantSource.system();
    private final RecentRequests recent = new RecentRequests();

    FirehoseController(
            AccessKey accessKey,
            Intake intake,
            Json json,
            SeriesFilter filter,
            WorkingMemory firehoseMemory,
            FirehoseMeters meters) {
        this.accessKey = accessKey;
        this.intake = intake;
        this.json = json;
        this.filter = filter;
        this.memory = firehoseMemory;
        this.meters = meters;
    }

    /// The attributes that the stream gives to all it delivers.
    record CommonAttributes(Map<String, String> commonAttributes) {}

    @PostMapping(path = PATH, consumes = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "deliverFirehose",
            summary = "Take a CloudWatch metric stream",
            description =
                    "The HTTP endpoint of an Amazon Data Firehose stream whose source is a CloudWatch metric stream"
                            + " in the format JSON or OpenTelemetry 1.0. Each statistic becomes a series, such as"
                            + " `CPUUtilization_max`, and the average one of the bare name, with the dimensions, `namespace`,"
                            + " `region` and `account_id` as labels. All answers are in Firehose's form.",
            requestBody =
                    @RequestBody(
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                                            schema = @Schema(type = "object"),
                                            examples = @ExampleObject(REQUEST_EXAMPLE))))
    @ApiResponse(responseCode = "200", description = "Stored, now or before")
    @ApiResponse(
            responseCode = "400",
            description = "No delivery, or some of its records cannot be read; the others are stored",
            content = @Content(schema = @Schema(implementation = FirehoseAnswer.class)))
    @ApiResponse(
            responseCode = "401",
            description = "Not the access key, or none is set",
            content = @Content(schema = @Schema(implementation = FirehoseAnswer.class)))
    @ApiResponse(
            responseCode = "413",
            description = "Too large, or too much once decoded",
            content = @Content(schema = @Schema(implementation = FirehoseAnswer.class)))
    @ApiResponse(
            responseCode = "415",
            description = "No JSON, or a coding other than gzip",
            content = @Content(schema = @Schema(implementation = FirehoseAnswer.class)))
    @ApiResponse(
            responseCode = "503",
            description = "Not now, `Retry-After` says when",
            content = @Content(schema = @Schema(implementation = FirehoseAnswer.class)))
    FirehoseAnswer deliver(
            @Parameter(description = "the same when a request is sent again")
                    @RequestHeader(name = REQUEST_ID, required = false)
                    @Nullable
                    String requestId,
            @Parameter(description = "`telltale.ingest.firehose.access-key`, or a key of the service")
                    @RequestHeader(name = ACCESS_KEY, required = false)
                    @Nullable
                    String givenKey,
            @Parameter(example = VERSION) @RequestHeader(name = PROTOCOL_VERSION, required = false) @Nullable
                    String version,
            @Parameter(
                            description = "become labels of all series",
                            example = "{\"commonAttributes\":{\"environment\":\"production\"}}")
                    @RequestHeader(name = COMMON_ATTRIBUTES, required = false)
                    @Nullable
                    String attributes,
            @Parameter(description = "the Firehose stream, for the log")
                    @RequestHeader(name = SOURCE, required = false)
                    @Nullable
                    String source,
            HttpServletRequest request)
            throws IOException {
        if (request.getRemoteUser() == null) {
            checkKey(givenKey); // else the caller has shown a key of the service, or this one, before
        }
        if (version != null && !version.equals(VERSION)) {
            throw FirehoseProblem.BAD_DELIVERY.because(
                    "the version of the protocol is '%s', %s is spoken here", Excerpt.of(version), VERSION);
        }
        if (requestId != null && requestId.length() > LONGEST_ID) {
            throw FirehoseProblem.BAD_DELIVERY.because("%s has more than %d characters", REQUEST_ID, LONGEST_ID);
        }
        if (requestId != null && recent.contains(requestId)) {
            meters.repeated();
            return new FirehoseAnswer(requestId, clock.millis(), null);
        }
        return deliver(Optional.ofNullable(requestId), common(attributes), source, request);
    }

    private FirehoseAnswer deliver(
            Optional<String> requestId, Map<String, String> common, @Nullable String source, HttpServletRequest request)
            throws IOException {
        Delivery delivery;
        String id;
        try (WorkingMemory.Part part = memory.part()) {
            delivery = new Delivery(json, common, filter, part);
            delivery.read(part.read(request.getInputStream()));
            id = requestId
                    .or(delivery::requestId)
                    .orElseThrow(() -> FirehoseProblem.BAD_DELIVERY.because(
                            "there is neither a header %s nor a field requestId", REQUEST_ID));
            intake.push(delivery.samples().samples()); // what waits for the store takes memory too
        }
        delivery.samples().countLeftOut();
        if (delivery.unreadable() > 0) {
            meters.partial();
            String first = delivery.firstFailure().orElse("");
            LOG.warn(
                    "{} parts of delivery {} of {} cannot be read: {}",
                    delivery.unreadable(),
                    Excerpt.of(id),
                    Excerpt.of(source == null ? "an unnamed stream" : source),
                    first);
            throw FirehoseProblem.UNREADABLE_RECORDS.because(
                    "%d metrics are stored, %d parts cannot be read; the first: %s",
                    delivery.metrics(), delivery.unreadable(), first);
        }
        recent.add(id);
        meters.stored();
        return new FirehoseAnswer(id, clock.millis(), null);
    }

    private void checkKey(@Nullable String given) {
        if (!accessKey.isGivenBy(given)) {
            meters.denied();
            throw FirehoseProblem.ACCESS_DENIED.because(
                    "%s",
                    accessKey.isSet()
                            ? "the access key of the Firehose stream must be what telltale.ingest.firehose.access-key is"
                            : "nothing is taken here until telltale.ingest.firehose.access-key is set");
        }
    }

    private Map<String, String> common(@Nullable String attributes) {
        return attributes == null
                ? Map.of()
                : json.read(
                                new ByteArrayInputStream(attributes.getBytes(StandardCharsets.UTF_8)),
                                CommonAttributes.class)
                        .commonAttributes();
    }
}
