package dev.telltale.alerts;

import dev.telltale.http.Conditions;
import dev.telltale.http.Page;
import dev.telltale.http.Paging;
import dev.telltale.problem.Problem;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
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

/// Makes, changes, shows and deletes receivers of alerts.
@RestController
@RequestMapping(path = "/api/v1/receivers", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Alerts", description = "Who is told of incidents, and when not")
class ReceiverController {

    private static final String ALERTMANAGER =
            "{\"kind\":\"alertmanager\",\"url\":\"https://alertmanager.example.com\"}";
    private static final String WEBHOOK =
            "{\"kind\":\"webhook\",\"url\":\"https://hooks.example.com/telltale\",\"repeat\":\"PT4H\","
                    + "\"secret\":\"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\"}";

    private final ReceiverTable table;
    private final GuardedNames names;
    private final Dispatch dispatch;

    ReceiverController(ReceiverTable table, GuardedNames names, Dispatch dispatch) {
        this.table = table;
        this.names = names;
        this.dispatch = dispatch;
    }

    @PutMapping(path = "/{name}", consumes = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "putReceiver",
            summary = "Make or change a receiver",
            description = "Addresses in private or special networks are refused unless the setting"
                    + " `telltale.alerts.allowed-networks` allows them, now and at each connection. What waits for a"
                    + " receiver that is changed goes where it is then.")
    @ApiResponse(responseCode = "201", description = "Made")
    @ApiResponse(responseCode = "200", description = "It was there")
    ResponseEntity<ReceiverViews.View> put(
            @Parameter(description = "`[a-z0-9][a-z0-9._-]{0,62}`", example = "on-call") @PathVariable String name,
            @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                                            examples = {
                                                @ExampleObject(name = "webhook", value = WEBHOOK),
                                                @ExampleObject(name = "Alertmanager", value = ALERTMANAGER)
                                            }))
                    @RequestBody
                    ReceiverForm form,
            Conditions conditions) {
        ReceiverName wanted = new ReceiverName(name);
        names.check(ReceiverUrl.parse(form.url()));
        ReceiverTable.Put put = table.put(wanted, form, conditions);
        dispatch.wake(wanted);
        URI location = URI.create("/api/v1/receivers/" + wanted);
        return (put.made()
                        ? ResponseEntity.created(location)
                        : ResponseEntity.ok().location(location))
                .eTag(put.receiver().tag().toString())
                .body(ReceiverViews.View.of(put.receiver()));
    }

    @GetMapping
    @Operation(operationId = "listReceivers", summary = "List receivers by name")
    Page<ReceiverViews.View> list(
            @Parameter(description = "1 to 1,000", example = "100") @RequestParam(required = false) @Nullable
                    Integer limit,
            @Parameter(description = "`next` of the page before") @RequestParam(required = false) @Nullable
                    String cursor) {
        Paging paging = Paging.of("receivers", limit, cursor);
        return paging.page(
                table.list(paging.after().orElse(""), paging.limit() + 1).stream()
                        .map(ReceiverViews.View::of)
                        .toList(),
                ReceiverViews.View::name);
    }

    @GetMapping("/{name}")
    @Operation(
            operationId = "getReceiver",
            summary = "Show a receiver",
            description = "With what became of its messages: how many wait, the last that was taken, the last attempt"
                    + " that failed and why, how many were given up.")
    ResponseEntity<ReceiverViews.View> get(
            @Parameter(example = "on-call") @PathVariable String name, Conditions conditions) {
        StoredReceiver stored = table.find(new ReceiverName(name)).orElseThrow(() -> notFound(name));
        return conditions.answer(stored.tag(), () -> ReceiverViews.View.of(stored));
    }

    @DeleteMapping("/{name}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(
            operationId = "deleteReceiver",
            summary = "Delete a receiver",
            description = "With all that waits for it. Detectors that name it tell nobody there.")
    void delete(@Parameter(example = "on-call") @PathVariable String name, Conditions conditions) {
        ReceiverName unwanted = new ReceiverName(name);
        if (!table.delete(unwanted, conditions)) {
            throw notFound(name);
        }
        dispatch.forget(unwanted);
    }

    private static Problem notFound(String name) {
        return AlertsProblem.RECEIVER_NOT_FOUND.because("there is no receiver '%s'", name);
    }
}
