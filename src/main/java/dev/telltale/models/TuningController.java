package dev.telltale.models;

import dev.telltale.http.Json;
import dev.telltale.http.Prefer;
import dev.telltale.jobs.JobController;
import dev.telltale.jobs.JobReports;
import dev.telltale.problem.Excerpt;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/// Tunings over HTTP.
@RestController
@RequestMapping("/api/v1/tuning")
@Tag(name = "Models")
class TuningController {

    private final TrainingQueue trainings;
    private final JobReports reports;
    private final JobController answers;
    private final Json json;

    TuningController(TrainingQueue trainings, JobReports tuningReports, JobController answers, Json json) {
        this.trainings = trainings;
        this.reports = tuningReports;
        this.answers = answers;
        this.json = json;
    }

    @PostMapping(produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "tune",
            summary = "Search a space of specifications and train the best",
            description =
                    "By successive halving: many candidates are trained for few epochs, the better third for three"
                            + " times as many, until few get all. Answers 202 and the job; with `Prefer: wait=60` 201 and the"
                            + " report if it ends in time. Losses of windows of different lengths are compared as they stand:"
                            + " short windows are easier to give back, so search lengths by average precision.")
    @ApiResponse(
            responseCode = "202",
            description = "The tuning is queued; `Location` is its job",
            content = @Content(schema = @Schema(ref = "#/components/schemas/JobDocument")))
    @ApiResponse(
            responseCode = "201",
            description = "The model is trained; `Location` is the report",
            content = @Content(schema = @Schema(implementation = TuningReport.class)))
    ResponseEntity<?> tune(
            @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                                            examples = @ExampleObject("""
                                                    {"specification": {"name": "disk-writes-tuned", "series": ["ec2_disk_write_bytes"]},
                                                     "space": {"architecture": ["base", "dense", "tanh"],
                                                               "learningRate": [0.0003, 0.001, 0.003], "dropout": [0, 0.1]},
                                                     "budget": 20}""")))
                    @RequestBody
                    TuningForm tuning,
            @Parameter(
                            description = "`wait=30` waits up to 30 seconds, 60 at most, for the report",
                            example = "wait=30")
                    @RequestHeader(name = "Prefer", required = false)
                    @Nullable
                    String prefer) {
        return answers.answer(
                trainings.submit(tuning), Prefer.of(prefer), path -> report(path.substring(path.lastIndexOf('/') + 1)));
    }

    @GetMapping("/{id}")
    @Operation(
            operationId = "getTuning",
            summary = "Show what a tuning has found",
            description = "The reports of the newest 1,000 are kept.")
    @ApiResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = TuningReport.class)))
    JsonNode report(@Parameter(description = "id of its job", example = "17") @PathVariable String id) {
        boolean number = id.length() <= 18 && id.chars().allMatch(c -> c >= '0' && c <= '9') && !id.isEmpty();
        return (number ? reports.find(Long.parseLong(id)) : Optional.<String>empty())
                .map(json.mapper()::readTree)
                .orElseThrow(() -> ModelsProblem.TUNING_NOT_FOUND.because(
                        "no tuning has left a report under '%s'; ids are those of jobs, and the newest 1,000 are kept",
                        Excerpt.of(id)));
    }
}
