package dev.telltale.jobs;

import dev.telltale.http.EventStreams;
import dev.telltale.http.GatePlace;
import dev.telltale.http.Json;
import dev.telltale.http.Page;
import dev.telltale.http.Paging;
import dev.telltale.http.Prefer;
import dev.telltale.problem.ProblemDocument;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// Jobs over HTTP, and the answers of other controllers to requests that become one.
@RestController
@RequestMapping("/api/v1/jobs")
@Tag(name = "Jobs", description = "Background work: its state, its progress, and how to stop it")
public class JobController {

    /// When asking again about a job makes sense.
    private static final String SECONDS_TO_NEXT_LOOK = "1";

    private final Jobs jobs;
    private final JobStream stream;
    private final EventStreams streams = new EventStreams(() -> JobsProblem.TOO_MANY_STREAMS.because(
            "%d streams of events are open, which is as many as may; ask for the job itself", EventStreams.MOST));

    JobController(Jobs jobs, Json json) {
        this.jobs = jobs;
        this.stream = new JobStream(jobs::follow, json, System::nanoTime);
    }

    /// Lists jobs from the newest to the oldest.
    @GetMapping(produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "listJobs",
            summary = "List jobs, the newest first",
            description = "All that are queued or running, and the newest 1,000 that have ended.")
    Page<JobDocument> list(
            @Parameter(
                            description = "all if left out",
                            schema =
                                    @Schema(
                                            allowableValues = {"queued", "running", "succeeded", "failed", "cancelled"
                                            }))
                    @RequestParam(required = false)
                    @Nullable
                    String state,
            @Parameter(description = "all if left out", example = "training") @RequestParam(required = false) @Nullable
                    String kind,
            @Parameter(description = "1 to 1,000", example = "100") @RequestParam(required = false) @Nullable
                    Integer limit,
            @Parameter(description = "`next` of the page before") @RequestParam(required = false) @Nullable
                    String cursor) {
        Paging paging = Paging.of("jobs", limit, cursor);
        long before = paging.after().isEmpty() ? Long.MAX_VALUE : paging.afterId();
        List<JobDocument> page = jobs.newest(JobFilter.of(state, kind), before, paging.limit() + 1).stream()
                .map(JobDocument::of)
                .toList();
        return paging.page(page, JobDocument::id);
    }

    /// Shows one job.
    @GetMapping(path = "/{id}", produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(operationId = "getJob", summary = "Show a job's state and progress")
    JobDocument get(@Parameter(example = "17") @PathVariable String id) {
        return JobDocument.of(find(id));
    }

    /// Tells of one job until it has ended.
    @GetMapping(path = "/{id}/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    @Operation(
            operationId = "followJob",
            summary = "Follow a job as server-sent events",
            description = "Events are named `state` and `progress`; the data of each is the whole job. The first tells"
                    + " how the job stands, the last how it ended, then the stream ends. Progress that comes faster than"
                    + " a few times a second is not told. A line of comment comes at least every 20 seconds.")
    @ApiResponse(
            responseCode = "200",
            description = "Events until the job has ended",
            content =
                    @Content(
                            mediaType = MediaType.TEXT_EVENT_STREAM_VALUE,
                            schema = @Schema(type = "string"),
                            examples =
                                    @ExampleObject(
                                            "id: 5f2b9c81\nevent: progress\ndata: {\"id\":\"17\",\"state\":\"running\"}\n\n")))
    @ApiResponse(
            responseCode = "204",
            description = "`Last-Event-ID` is the event that told how the job ended; there is no more",
            content = @Content)
    void events(
            @Parameter(example = "17") @PathVariable String id,
            @Parameter(description = "of the last event that the reader has; he hears what is new since then")
                    @RequestHeader(name = "Last-Event-ID", defaultValue = "")
                    String lastEventId,
            HttpMethod method,
            HttpServletResponse response)
            throws IOException {
        Job job = find(id);
        if (job.state().isFinal() && stream.idOf(job).equals(lastEventId)) {
            response.setStatus(HttpStatus.NO_CONTENT.value()); // a browser would come back for ever
            return;
        }
        streams.answer(method, response, out -> stream.write(job.id(), lastEventId, out));
    }

    /// Stops a job: 200 if it was queued, 202 if it runs on until its next batch.
    @DeleteMapping(path = "/{id}", produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "cancelJob",
            summary = "Cancel a job",
            description = "200 if it was queued; 202 if it runs, until it sees it before its next batch.")
    @ApiResponse(responseCode = "200", description = "It is cancelled")
    @ApiResponse(responseCode = "202", description = "It will be cancelled")
    ResponseEntity<JobDocument> cancel(@Parameter(example = "17") @PathVariable String id) {
        Job job = jobs.cancel(number(id));
        return job.state().isFinal() ? ResponseEntity.ok(JobDocument.of(job)) : accepted(job);
    }

    /// The answer to a request that became `job`. With `Prefer: wait` it is 201 and what the job made, or
    /// the job's problem, if it ends in time; else, and without, it is 202 and the job.
    ///
    /// @param finished makes the answer's body of a result's path
    public ResponseEntity<?> answer(Job job, Prefer prefer, Function<String, Object> finished) {
        Job seen = prefer.patience()
                .map(patience -> {
                    GatePlace.leave();
                    return jobs.await(job.id(), patience);
                })
                .orElse(job);
        ResponseEntity<?> answer = answer(seen, finished);
        HttpHeaders headers = new HttpHeaders(answer.getHeaders());
        prefer.applied(answer.getStatusCode().value() == HttpStatus.ACCEPTED.value())
                .ifPresent(applied -> headers.set(Prefer.APPLIED, applied));
        return new ResponseEntity<>(answer.getBody(), headers, answer.getStatusCode());
    }

    private static ResponseEntity<?> answer(Job job, Function<String, Object> finished) {
        return switch (job.state()) {
            case JobState.Queued(), JobState.Running() -> accepted(job);
            case JobState.Succeeded(String result) ->
                ResponseEntity.status(201).header(HttpHeaders.LOCATION, result).body(finished.apply(result));
            case JobState.Failed(ProblemDocument problem) ->
                ResponseEntity.status(problem.status())
                        .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                        .body(problem.toMap());
            case JobState.Cancelled() ->
                throw JobsProblem.JOB_CANCELLED.because("job %d was cancelled before it had a result", job.id());
        };
    }

    private static ResponseEntity<JobDocument> accepted(Job job) {
        return ResponseEntity.accepted()
                .header(HttpHeaders.LOCATION, job.path())
                .header(HttpHeaders.RETRY_AFTER, SECONDS_TO_NEXT_LOOK)
                .body(JobDocument.of(job));
    }

    private Job find(String id) {
        long number = number(id);
        return jobs.find(number).orElseThrow(() -> JobTable.unknown(number));
    }

    private static long number(String id) {
        try {
            return Long.parseLong(id);
        } catch (NumberFormatException e) {
            throw JobsProblem.JOB_NOT_FOUND.because("'%s' is not the id of a job; ids are numbers such as 17", id);
        }
    }
}
