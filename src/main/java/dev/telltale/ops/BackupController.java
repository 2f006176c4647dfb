package dev.telltale.ops;

import dev.telltale.http.Page;
import dev.telltale.http.Paging;
import dev.telltale.http.Prefer;
import dev.telltale.jobs.JobController;
import dev.telltale.jobs.Jobs;
import dev.telltale.problem.Problem;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/// Backups over HTTP: make, list, look at, delete.
@RestController
@RequestMapping(path = "/api/v1/backups", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Backups", description = "Copies of the data directory that a service can be started on")
class BackupController {

    static final String ID = "20261124T093000000Z";

    private final Backups backups;
    private final Jobs jobs;
    private final JobController answers;

    BackupController(Backups backups, Jobs jobs, JobController answers) {
        this.backups = backups;
        this.jobs = jobs;
        this.answers = answers;
    }

    @PostMapping
    @Operation(
            operationId = "backUp",
            summary = "Make a backup",
            description =
                    "A consistent copy of series, models, jobs and the installation's key in `backups/{id}` of the"
                            + " data directory, made while the service runs. It holds all that was acknowledged before the"
                            + " request. To restore, start the service with `--telltale.data-dir` on a copy of it.")
    @ApiResponse(
            responseCode = "202",
            description = "The backup is queued; `Location` is its job",
            content = @Content(schema = @Schema(ref = "#/components/schemas/JobDocument")))
    @ApiResponse(
            responseCode = "201",
            description = "The backup is made; `Location` is the backup",
            content = @Content(schema = @Schema(implementation = Backup.class)))
    ResponseEntity<?> make(
            @Parameter(description = "`wait=30` waits up to 30 seconds, 60 at most", example = "wait=30")
                    @RequestHeader(name = "Prefer", required = false)
                    @Nullable
                    String prefer) {
        backups.refuseWithoutRoom();
        String id = backups.newId();
        return answers.answer(jobs.submit(BackupJob.KIND, id, "{}"), Prefer.of(prefer), path -> view(id));
    }

    @GetMapping
    @Operation(operationId = "listBackups", summary = "List backups, the newest first")
    Page<Backup> list(
            @Parameter(description = "1 to 1,000", example = "100") @RequestParam(required = false) @Nullable
                    Integer limit,
            @Parameter(description = "`next` of the page before") @RequestParam(required = false) @Nullable
                    String cursor) {
        Paging paging = Paging.of("backups", limit, cursor);
        return paging.page(backups.newest(paging.after(), paging.limit() + 1), Backup::id);
    }

    @GetMapping("/{id}")
    @Operation(operationId = "getBackup", summary = "Show a backup")
    Backup get(@Parameter(example = ID) @PathVariable String id) {
        return view(id);
    }

    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(operationId = "deleteBackup", summary = "Delete a backup")
    void delete(@Parameter(example = ID) @PathVariable String id) {
        if (!backups.delete(id)) {
            throw notFound();
        }
    }

    private Backup view(String id) {
        return backups.find(id).orElseThrow(BackupController::notFound);
    }

    private static Problem notFound() {
        return BackupProblem.BACKUP_NOT_FOUND.because(
                "no backup has this id; GET /api/v1/backups lists those there are");
    }
}
