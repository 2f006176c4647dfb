package dev.telltale.access;

import dev.telltale.http.HttpProblem;
import dev.telltale.http.Json;
import dev.telltale.http.Page;
import dev.telltale.http.Paging;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.core.JacksonException;

/// Shows the log of changes and refusals.
@RestController
@Tag(name = "Access")
class AuditController {

    /// How far a clock may have been set back: lines that are older than wanted by more end the search.
    private static final Duration CLOCK = Duration.ofHours(1);

    private final AuditLog log;
    private final RefusalAudit refusals;
    private final Json json;

    AuditController(AuditLog log, RefusalAudit refusals, Json json) {
        this.log = log;
        this.refusals = refusals;
        this.json = json;
    }

    /// Which log.
    enum Log {
        CHANGES,
        REFUSALS
    }

    @GetMapping(path = "/api/v1/audit", produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "listAuditEvents",
            summary = "List changes or refusals, the newest first",
            description =
                    "From the files in `audit/` of the data directory, or the database that several processes share. At"
                            + " most some 4 MiB are read for one answer: one with fewer items than `limit`, or none, may"
                            + " have a `next`.")
    Page<AuditEvent> list(
            @Parameter(description = "`changes`, or `refusals`, which have a log of their own")
                    @RequestParam(defaultValue = "changes")
                    Log log,
            @Parameter(description = "leaves out what was before", example = "2026-11-24T00:00:00Z")
                    @RequestParam(required = false)
                    @Nullable
                    Instant start,
            @Parameter(description = "leaves out what was after") @RequestParam(required = false) @Nullable Instant end,
            @Parameter(description = "1 to 1,000", example = "100") @RequestParam(required = false) @Nullable
                    Integer limit,
            @Parameter(description = "`next` of the page before") @RequestParam(required = false) @Nullable
                    String cursor) {
        Paging paging = Paging.of(log == Log.CHANGES ? "audit" : "refusals", limit, cursor);
        Instant from = Optional.ofNullable(start).orElse(Instant.EPOCH);
        Instant to = Optional.ofNullable(end).orElse(Instant.MAX);
        List<AuditEvent> events = new ArrayList<>();
        try {
            Optional<String> next = (log == Log.CHANGES ? this.log.reader() : refusals.reader())
                    .read(paging.after(), paging.limit(), line -> {
                        Optional<AuditEvent> event = event(line);
                        if (event.isEmpty() || event.get().time().isAfter(to)) {
                            return AuditReader.Choice.PASS;
                        }
                        if (event.get().time().isBefore(from)) {
                            return event.get().time().plus(CLOCK).isBefore(from)
                                    ? AuditReader.Choice.END
                                    : AuditReader.Choice.PASS;
                        }
                        events.add(event.get());
                        return AuditReader.Choice.TAKE;
                    });
            return paging.page(events, next);
        } catch (IllegalArgumentException forged) {
            throw HttpProblem.BAD_CURSOR.because("the cursor is not one of this list; take it from `next`");
        } catch (IOException e) {
            throw AuditProblem.AUDIT_UNAVAILABLE.because("the log of changes cannot be read (%s)", e);
        }
    }

    /// Empty for what a crash left of a line.
    private Optional<AuditEvent> event(byte[] line) {
        try {
            return Optional.of(json.mapper().readValue(line, AuditEvent.class));
        } catch (JacksonException notALine) {
            return Optional.empty();
        }
    }
}
