package dev.telltale.series;

import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.media.SchemaProperty;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.http.MediaType;

/// Says in the OpenAPI document that a route takes a file of samples.
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@RequestBody(
        required = true,
        description = "`timestamp` is epoch milliseconds or RFC 3339; an empty cell or null is a missing value.",
        content = {
            @Content(
                    mediaType = SamplesBody.CSV,
                    schema = @Schema(type = "string"),
                    examples = @ExampleObject(SamplesBody.CSV_EXAMPLE)),
            @Content(
                    mediaType = MediaType.APPLICATION_JSON_VALUE,
                    schema = @Schema(type = "object"),
                    examples = @ExampleObject(SamplesBody.JSON_EXAMPLE)),
            @Content(
                    mediaType = SamplesBody.NDJSON,
                    schema = @Schema(type = "string"),
                    examples = @ExampleObject(SamplesBody.NDJSON_EXAMPLE)),
            @Content(
                    mediaType = MediaType.MULTIPART_FORM_DATA_VALUE,
                    schemaProperties =
                            @SchemaProperty(
                                    name = "file",
                                    schema =
                                            @Schema(
                                                    type = "string",
                                                    format = "binary",
                                                    description =
                                                            "CSV, JSON or NDJSON by the part's content type or the end of its file name; CSV if neither tells")))
        })
@interface SamplesBody {

    String CSV = "text/csv";
    String NDJSON = "application/x-ndjson";
    String CSV_EXAMPLE = "timestamp,value\n2014-03-01T17:34:00Z,6.5\n2014-03-01T17:39:00Z,7.25\n";
    String JSON_EXAMPLE =
            "{\"samples\":[{\"timestamp\":\"2014-03-01T17:34:00Z\",\"value\":6.5},{\"timestamp\":\"2014-03-01T17:39:00Z\",\"value\":7.25}]}";
    String NDJSON_EXAMPLE =
            "{\"timestamp\":\"2014-03-01T17:34:00Z\",\"value\":6.5}\n{\"timestamp\":\"2014-03-01T17:39:00Z\",\"value\":7.25}\n";
}
