package dev.telltale.live;

import dev.telltale.http.Conditions;
import dev.telltale.http.Page;
import dev.telltale.http.Paging;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/// Makes, shows, lists and ends detectors.
@RestController
@RequestMapping(path = "/api/v1/detectors", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Live", description = "Detectors, anomalies and incidents")
class DetectorController {

    private final Detectors detectors;
    private final DetectorStates states;

    DetectorController(Detectors detectors, DetectorStates states) {
        this.detectors = detectors;
        this.states = states;
    }

    @PutMapping(path = "/{name}", consumes = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "putDetector",
            summary = "Watch series with a model",
            description = "From now on each sample of the selected series is scored as it arrives, also of series that"
                    + " come later. What is stored already counts as past: a series that learns its own scale learns"
                    + " it from that. The same specification again changes nothing; another one goes on where this one"
                    + " was, unless the model or `scaling` is another.")
    @ApiResponse(responseCode = "201", description = "Made")
    @ApiResponse(responseCode = "200", description = "It was there, and is as specified now")
    ResponseEntity<DetectorViews.Detail> put(
            @Parameter(description = "`[a-z0-9][a-z0-9._-]{0,62}`", example = "cpu") @PathVariable String name,
            @RequestBody DetectorForm form,
            Conditions conditions) {
        Detector detector = form.detector(new DetectorName(name));
        boolean made = detectors.put(detector, conditions);
        URI location = URI.create("/api/v1/detectors/" + detector.name());
        return (made ? ResponseEntity.created(location) : ResponseEntity.ok().location(location))
                .eTag(DetectorChanges.tag(detector).toString())
                .body(detail(states.get(detector.name())));
    }

    @GetMapping
    @Operation(operationId = "listDetectors", summary = "List detectors", description = "In the order of their names.")
    Page<DetectorViews.Item> list(
            @Parameter(description = "1 to 1,000", example = "100") @RequestParam(required = false) @Nullable
                    Integer limit,
            @Parameter(description = "`next` of the page before") @RequestParam(required = false) @Nullable
                    String cursor) {
        Paging paging = Paging.of("detectors", limit, cursor);
        List<DetectorViews.Item> items = states.list(paging.after().orElse(""), paging.limit() + 1).stream()
                .map(DetectorViews.Item::of)
                .toList();
        return paging.page(items, item -> item.name().value());
    }

    @GetMapping("/{name}")
    @Operation(
            operationId = "getDetector",
            summary = "Show a detector",
            description = "What it watches, the state of each series, and how far behind it is.")
    ResponseEntity<DetectorViews.Detail> get(@Parameter(example = "cpu") @PathVariable String name) {
        DetectorStates.State state = states.get(new DetectorName(name));
        return ResponseEntity.ok()
                .eTag(DetectorChanges.tag(state.detector()).toString())
                .body(detail(state));
    }

    @GetMapping("/{name}/series")
    @Operation(
            operationId = "listWatchedSeries",
            summary = "List the series that a detector watches",
            description = "In the order of their ids.")
    Page<DetectorViews.Watched> series(
            @Parameter(example = "cpu") @PathVariable String name,
            @Parameter(description = "only those in this state") @RequestParam(required = false)
                    WatchedSeries.@Nullable State state,
            @Parameter(description = "1 to 1,000", example = "100") @RequestParam(required = false) @Nullable
                    Integer limit,
            @Parameter(description = "`next` of the page before") @RequestParam(required = false) @Nullable
                    String cursor) {
        DetectorName detector = new DetectorName(name);
        Paging paging = Paging.of("series-of-" + detector, limit, cursor);
        List<DetectorViews.Watched> items = states.get(detector).series().stream()
                .filter(watched -> watched.first().id() > paging.afterId())
                .filter(watched -> state == null || watched.state() == state)
                .limit(paging.limit() + 1L)
                .map(this::view)
                .toList();
        return paging.page(items, DetectorViews.Watched::id);
    }

    @DeleteMapping("/{name}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(
            operationId = "deleteDetector",
            summary = "End a detector",
            description = "Its scores go with it; its anomalies and incidents end and stay.")
    void delete(@Parameter(example = "cpu") @PathVariable String name, Conditions conditions) {
        detectors.delete(new DetectorName(name), conditions);
    }

    private DetectorViews.Detail detail(DetectorStates.State state) {
        return DetectorViews.Detail.of(state, this::view);
    }

    private DetectorViews.Watched view(DetectorStates.WatchedState watched) {
        return DetectorViews.Watched.of(watched, states.newest(watched));
    }
}
