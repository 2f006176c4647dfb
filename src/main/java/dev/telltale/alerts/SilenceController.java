package dev.telltale.alerts;

import dev.telltale.http.Conditions;
import dev.telltale.http.Page;
import dev.telltale.http.Paging;
import dev.telltale.problem.Excerpt;
import dev.telltale.problem.Problem;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/// Makes, changes, shows and deletes silences.
@RestController
@RequestMapping(path = "/api/v1/silences", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Alerts")
class SilenceController {

    private static final String ONCE = "{\"matchers\":\"{detector=\\\"disk-writes\\\"}\","
            + "\"start\":\"2026-03-10T09:00:00Z\",\"end\":\"2026-03-10T21:00:00Z\",\"comment\":\"new disks\"}";
    private static final String RECURRING = "{\"matchers\":\"{instance=~\\\"i-.*\\\"}\",\"recurring\":{"
            + "\"days\":[\"saturday\",\"sunday\"],\"from\":\"22:00\",\"to\":\"04:00\",\"zone\":\"Europe/Berlin\"}}";

    private final SilenceTable table;
    private final Outbox outbox;
    private final Dispatch dispatch;

    SilenceController(SilenceTable table, Outbox outbox, Dispatch dispatch) {
        this.table = table;
        this.outbox = outbox;
        this.dispatch = dispatch;
    }

    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "addSilence",
            summary = "Silence alerts",
            description =
                    "While it holds, nobody is told that an incident began or lasts whose alerts all match. What"
                            + " was told before is told to be over all the same; what lasts when the silence ends is told then.")
    @ApiResponse(responseCode = "201", description = "Made; `Location` is the silence")
    ResponseEntity<SilenceViews.View> add(
            @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                                            examples = {
                                                @ExampleObject(name = "once", value = ONCE),
                                                @ExampleObject(name = "recurring", value = RECURRING)
                                            }))
                    @RequestBody
                    SilenceForm form) {
        Silence added = table.add(form);
        lookAtAll();
        Instant now = table.now();
        return ResponseEntity.created(URI.create("/api/v1/silences/" + added.id()))
                .eTag(added.tag(now).toString())
                .body(SilenceViews.View.of(added, now));
    }

    @GetMapping
    @Operation(
            operationId = "listSilences",
            summary = "List silences",
            description = "In the order of their ids; those that were over for 30 days are forgotten.")
    Page<SilenceViews.View> list(
            @Parameter(description = "1 to 1,000", example = "100") @RequestParam(required = false) @Nullable
                    Integer limit,
            @Parameter(description = "`next` of the page before") @RequestParam(required = false) @Nullable
                    String cursor) {
        Paging paging = Paging.of("silences", limit, cursor);
        Instant now = table.now();
        return paging.page(
                table.list(paging.afterId(), paging.limit() + 1).stream()
                        .map(silence -> SilenceViews.View.of(silence, now))
                        .toList(),
                SilenceViews.View::id);
    }

    @GetMapping("/{id}")
    @Operation(operationId = "getSilence", summary = "Show a silence")
    ResponseEntity<SilenceViews.View> get(@Parameter(example = "3") @PathVariable String id, Conditions conditions) {
        Instant now = table.now();
        Silence silence = table.find(number(id)).orElseThrow(() -> notFound(id));
        return conditions.answer(silence.tag(now), () -> SilenceViews.View.of(silence, now));
    }

    @PutMapping(path = "/{id}", consumes = MediaType.APPLICATION_JSON_VALUE)
    @Operation(operationId = "replaceSilence", summary = "Change a silence", description = "As a whole.")
    ResponseEntity<SilenceViews.View> replace(
            @Parameter(example = "3") @PathVariable String id, @RequestBody SilenceForm form, Conditions conditions) {
        Silence replaced = table.replace(number(id), form, conditions).orElseThrow(() -> notFound(id));
        lookAtAll();
        Instant now = table.now();
        return ResponseEntity.ok().eTag(replaced.tag(now).toString()).body(SilenceViews.View.of(replaced, now));
    }

    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(
            operationId = "deleteSilence",
            summary = "End a silence and forget it",
            description = "What it silenced and still lasts is told now.")
    void delete(@Parameter(example = "3") @PathVariable String id, Conditions conditions) {
        if (!table.delete(number(id), conditions)) {
            throw notFound(id);
        }
        lookAtAll();
    }

    private void lookAtAll() {
        outbox.lookAtAll();
        dispatch.wake();
    }

    private static long number(String id) {
        try {
            return Long.parseLong(id);
        } catch (NumberFormatException notAnId) {
            throw notFound(id);
        }
    }

    private static Problem notFound(String id) {
        return AlertsProblem.SILENCE_NOT_FOUND.because("there is no silence with the id %s", Excerpt.of(id));
    }
}
