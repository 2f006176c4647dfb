package dev.telltale.live;

import dev.telltale.http.Page;
import dev.telltale.http.Paging;
import dev.telltale.live.FindingViews.AnomalyView;
import dev.telltale.problem.Excerpt;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// Shows anomalies and takes what people say of them.
@RestController
@RequestMapping(path = "/api/v1/anomalies", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Live")
class AnomalyController {

    private final FindingStore store;
    private final Verdicts verdicts;

    AnomalyController(FindingStore store, Verdicts verdicts) {
        this.store = store;
        this.verdicts = verdicts;
    }

    @GetMapping
    @Operation(
            operationId = "listAnomalies",
            summary = "List anomalies, the newest first",
            description = "In the order in which they were found, suppressed ones included.")
    Page<AnomalyView> list(
            @Parameter(
                            description = "one of their series: its id, or a selector such as its name",
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
            @Parameter(description = "those that may go on, or those that are over; both if left out")
                    @RequestParam(required = false)
                    @Nullable
                    Boolean open,
            @Parameter(description = "id of the incident they belong to", example = "2")
                    @RequestParam(required = false)
                    @Nullable
                    Long incident,
            @Parameter(description = "1 to 1,000", example = "100") @RequestParam(required = false) @Nullable
                    Integer limit,
            @Parameter(description = "`next` of the page before") @RequestParam(required = false) @Nullable
                    String cursor) {
        Paging paging = Paging.of("anomalies", limit, cursor);
        FindingFilter filter = FindingFilter.of(series, detector, start, end, minScore, open);
        long before = paging.after().isEmpty() ? Long.MAX_VALUE : paging.afterId();
        return paging.page(
                store.newest(filter, Optional.ofNullable(incident), before, paging.limit() + 1).stream()
                        .map(AnomalyView::of)
                        .toList(),
                AnomalyView::id);
    }

    @GetMapping("/{id}")
    @Operation(operationId = "getAnomaly", summary = "Show an anomaly")
    AnomalyView get(@Parameter(example = "3") @PathVariable String id) {
        return AnomalyView.of(store.find(number(id)).orElseThrow(() -> Verdicts.unknown(Excerpt.of(id))));
    }

    @PostMapping(path = "/{id}/feedback", consumes = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "giveFeedback",
            summary = "Say whether it was an anomaly",
            description = "The last verdict counts. It becomes an annotation of the anomaly's rows in the set `default`"
                    + " of each of its series, `anomalous` or `normal`, in place of that of the verdict before, and the"
                    + " next training uses it. A false alarm leaves its incident, which is closed if it was the last,"
                    + " and what looks like it is suppressed from now on.")
    @ApiResponse(responseCode = "200", description = "The anomaly as it is now")
    AnomalyView judge(@Parameter(example = "3") @PathVariable String id, @RequestBody FindingViews.Given body) {
        return AnomalyView.of(verdicts.give(
                number(id), body.verdict() == FindingViews.Verdict.TRUE, Optional.ofNullable(body.note())));
    }

    private static long number(String id) {
        try {
            return Long.parseLong(id);
        } catch (NumberFormatException notAnId) {
            throw Verdicts.unknown(Excerpt.of(id));
        }
    }
}
