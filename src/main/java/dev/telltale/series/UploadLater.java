package dev.telltale.series;

import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Says in the OpenAPI document that an upload may become a job.
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@ApiResponse(
        responseCode = "201",
        description = "With `Prefer: respond-async, wait=…`: it is stored; `Location` is its report",
        content = @Content(schema = @Schema(implementation = SeriesViews.UploadsResult.class)))
@ApiResponse(
        responseCode = "202",
        description = "With `Prefer: respond-async`: the body is on disk, and `Location` is the job that stores it",
        content = @Content(schema = @Schema(ref = "#/components/schemas/JobDocument")))
@interface UploadLater {}
