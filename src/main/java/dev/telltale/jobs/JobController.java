package dev.telltale.jobs;

import dev.telltale.http.Page;
import dev.telltale.http.Paging;
import dev.telltale.http.Prefer;
import dev.telltale.problem.ProblemDocument;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
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

    JobController(Jobs jobs) {
        this.jobs = jobs;
    }

    /// Lists jobs from the newest to the oldest.
    @GetMapping
    @Operation(summary = "Lists jobs, the newest first")
    Page<JobDocument> list(
            @RequestParam(required = false) @Nullable Integer limit,
            @RequestParam(required = false) @Nullable String cursor) {
        Paging paging = Paging.of("jobs", limit, cursor);
        long before = paging.after().isEmpty() ? Long.MAX_VALUE : paging.afterId();
        List<JobDocument> page = jobs.newest(before, paging.limit() + 1).stream()
                .map(JobDocument::of)
                .toList();
        return paging.page(page, JobDocument::id);
    }

    /// Shows one job.
    @GetMapping("/{id}")
    @Operation(summary = "Shows a job's state and progress")
    JobDocument get(@PathVariable String id) {
        long number = number(id);
        return JobDocument.of(jobs.find(number).orElseThrow(() -> JobTable.unknown(number)));
    }

    /// Stops a job: 200 if it was queued, 202 if it runs on until its next batch.
    @DeleteMapping("/{id}")
    @Operation(summary = "Cancels a job: at once if it is queued, before its next batch if it runs")
    ResponseEntity<JobDocument> cancel(@PathVariable String id) {
        Job job = jobs.cancel(number(id));
        return job.state().isFinal() ? ResponseEntity.ok(JobDocument.of(job)) : accepted(job);
    }

    /// The answer to a request that became `job`. With `Prefer: wait` it is 201 and what the job made, or
    /// the job's problem, if it ends in time; else, and without, it is 202 and the job.
    ///
    /// @param finished makes the answer's body of a result's path
    public ResponseEntity<?> answer(Job job, Prefer prefer, Function<String, Object> finished) {
        Job seen = prefer.patience()
                .map(patience -> jobs.await(job.id(), patience))
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

    private static long number(String id) {
        try {
            return Long.parseLong(id);
        } catch (NumberFormatException e) {
            throw JobsProblem.JOB_NOT_FOUND.because("'%s' is not the id of a job; ids are numbers such as 17", id);
        }
    }
}
