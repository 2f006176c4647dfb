package dev.telltale.http;

import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Documents that a route answers with a graph.
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@ApiResponse(
        responseCode = "200",
        content = {
            @Content(mediaType = PictureAnswer.SVG, schema = @Schema(type = "string")),
            @Content(mediaType = GraphAnswer.GRAPHVIZ, schema = @Schema(type = "string")),
            @Content(mediaType = GraphAnswer.MERMAID, schema = @Schema(type = "string"))
        })
public @interface GraphAnswer {

    String GRAPHVIZ = "text/vnd.graphviz";
    String MERMAID = "text/vnd.mermaid";
}
