package dev.telltale.live;

import dev.telltale.http.EventStreams;
import dev.telltale.http.Json;
import dev.telltale.http.Page;
import dev.telltale.http.Paging;
import dev.telltale.live.FindingViews.IncidentView;
import dev.telltale.problem.Excerpt;
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
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// Shows incidents, and tells of them as they change.
@RestController
@RequestMapping("/api/v1/incidents")
@Tag(name = "Live")
class IncidentController {

    private final FindingStore store;
    private final IncidentStream stream;
    private final EventStreams streams = new EventStreams(() -> LiveProblem.TOO_MANY_FOLLOWERS.because(
            "%d follow incidents, which is as many as may; ask for the list", EventStreams.MOST));

    IncidentController(FindingStore store, Json json) {
        this.store = store;
        this.stream = new IncidentStream(store, json, System::nanoTime);
    }

    @GetMapping(produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "listIncidents",
            summary = "List incidents, the newest first",
            description = "In the order in which they began to be known.")
    Page<IncidentView> list(
            @Parameter(
                            description = "a series involved: its id, or a selector such as its name",
                            example = "cpu{instance=~\"i-.*\"}")
                    @RequestParam(required = false)
                    @Nullable
                    String series,
            @Parameter(example = "cpu-watch") @RequestParam(required = false) @Nullable String detector,
            @Parameter(description = "leaves out those that end before") @RequestParam(required = false) @Nullable
                    Instant start,
            @Parameter(description = "leaves out those that start after") @RequestParam(required = false) @Nullable
                    Instant end,
            @Parameter(
                            description = "leaves out those whose highest score is below",
                            example = "2",
                            schema = @Schema(type = "number", minimum = "0"))
                    @RequestParam(required = false)
                    @Nullable
                    String minScore,
            @Parameter(description = "those that are open, or those that are closed; both if left out")
                    @RequestParam(required = false)
                    @Nullable
                    Boolean open,
            @Parameter(description = "1 to 1,000", example = "100") @RequestParam(required = false) @Nullable
                    Integer limit,
            @Parameter(description = "`next` of the page before") @RequestParam(required = false) @Nullable
                    String cursor) {
        Paging paging = Paging.of("incidents", limit, cursor);
        FindingFilter filter = FindingFilter.of(series, detector, start, end, minScore, open);
        long before = paging.after().isEmpty() ? Long.MAX_VALUE : paging.afterId();
        return paging.page(
                store.newestIncidents(filter, before, paging.limit() + 1).stream()
                        .map(IncidentView::of)
                        .toList(),
                IncidentView::id);
    }

    @GetMapping(path = "/{id:(?!events$).*}", produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "getIncident",
            summary = "Show an incident",
            description = "Its anomalies are those of `/api/v1/anomalies?incident={id}`.")
    IncidentView get(@Parameter(example = "2") @PathVariable String id) {
        return IncidentView.of(store.incident(number(id)).orElseThrow(() -> unknown(id)));
    }

    @GetMapping(path = "/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    @Operation(
            operationId = "followIncidents",
            summary = "Follow incidents as server-sent events",
            description =
                    "Each event is named `changed` or `closed`, and its data is the whole incident. Who comes without"
                            + " `Last-Event-ID` hears of the open incidents first; who comes with it hears of each incident that"
                            + " changed since, however long that is ago. Changes of one incident that come faster than a few"
                            + " times a second are told as one. A line of comment comes at least every 20 seconds. The stream"
                            + " ends when the service does.")
    @ApiResponse(
            responseCode = "200",
            description = "Events for as long as the service runs",
            content =
                    @Content(
                            mediaType = MediaType.TEXT_EVENT_STREAM_VALUE,
                            schema = @Schema(type = "string"),
                            examples =
                                    @ExampleObject("id: 12\nevent: changed\ndata: {\"id\":\"2\",\"open\":true}\n\n")))
    void events(
            @Parameter(
                            description = "a series involved: its id, or a selector such as its name",
                            example = "cpu{instance=~\"i-.*\"}")
                    @RequestParam(required = false)
                    @Nullable
                    String series,
            @Parameter(example = "cpu-watch") @RequestParam(required = false) @Nullable String detector,
            @Parameter(description = "leaves out those that end before") @RequestParam(required = false) @Nullable
                    Instant start,
            @Parameter(description = "leaves out those that start after") @RequestParam(required = false) @Nullable
                    Instant end,
            @Parameter(
                            description = "leaves out those whose highest score is below",
                            example = "2",
                            schema = @Schema(type = "number", minimum = "0"))
                    @RequestParam(required = false)
                    @Nullable
                    String minScore,
            @Parameter(description = "of the last event that the reader has; he hears what is new since then")
                    @RequestHeader(name = "Last-Event-ID", defaultValue = "")
                    String lastEventId,
            HttpMethod method,
            HttpServletResponse response)
            throws IOException {
        FindingFilter filter = FindingFilter.of(series, detector, start, end, minScore, null);
        stream.check(filter);
        streams.answer(method, response, out -> stream.write(filter, lastEventId, out));
    }

    private static long number(String id) {
        try {
            return Long.parseLong(id);
        } catch (NumberFormatException notAnId) {
            throw unknown(id);
        }
    }

    private static RuntimeException unknown(String id) {
        return LiveProblem.INCIDENT_NOT_FOUND.because(
                "no incident has the id %s; it may be older than telltale.incidents.retention", Excerpt.of(id));
    }
}
