package dev.telltale.attention;

import dev.telltale.drawing.GraphForm;
import dev.telltale.drawing.PictureForm;
import dev.telltale.http.Accept;
import dev.telltale.http.GraphAnswer;
import dev.telltale.http.HttpProblem;
import dev.telltale.http.Json;
import dev.telltale.http.PictureAnswer;
import dev.telltale.http.StreamedAnswer;
import dev.telltale.problem.Excerpt;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// The self-attention transform over HTTP.
@RestController
@Tag(name = "Attention", description = "The self-attention transform, step by step")
class AttentionController {

    private static final MediaType SVG_TYPE = MediaType.valueOf(PictureAnswer.SVG);

    private final SelfAttention attention;
    private final AttentionBudget budget;
    private final StoredWindows windows;
    private final Json json;

    AttentionController(SelfAttention attention, AttentionBudget budget, StoredWindows windows, Json json) {
        this.attention = attention;
        this.budget = budget;
        this.windows = windows;
        this.json = json;
    }

    @PostMapping(
            path = "/api/v1/attention",
            consumes = MediaType.APPLICATION_JSON_VALUE,
            produces = {MediaType.APPLICATION_JSON_VALUE, PictureAnswer.SVG, MediaType.IMAGE_PNG_VALUE})
    @Operation(
            operationId = "attend",
            summary = "Let rows attend to each other, and show every step",
            description = "Computes q, k and v, scores, weights, context and z in double precision. The rows are given,"
                    + " or made of a window of a stored series. A row that may attend to none, and results that"
                    + " overflow, are refused (422); so are more rows or memory than the limits (413). As a picture,"
                    + " by `Accept`: a heat map of the weights.")
    @ApiResponse(
            responseCode = "200",
            content = {
                @Content(
                        mediaType = MediaType.APPLICATION_JSON_VALUE,
                        schema = @Schema(implementation = AttentionViews.Answer.class)),
                @Content(mediaType = PictureAnswer.SVG, schema = @Schema(type = "string")),
                @Content(mediaType = MediaType.IMAGE_PNG_VALUE, schema = @Schema(type = "string", format = "binary"))
            })
    void attend(
            @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                                            examples = {
                                                @ExampleObject(
                                                        name = "rows and weights",
                                                        value = "{\"x\":[[1,0],[0,1]],\"weights\":{\"wq\":[[1],[0]],"
                                                                + "\"wk\":[[1],[0]],\"wv\":[[1],[2]]}}"),
                                                @ExampleObject(
                                                        name = "a window of a stored series",
                                                        value = "{\"series\":\"ec2_disk_write_bytes\","
                                                                + "\"windowing\":{\"length\":32},\"heads\":2}")
                                            }))
                    @RequestBody
                    AttentionForm form,
            @Parameter(description = "of a picture: the head whose weights are shown, from 0; their mean if left out")
                    @RequestParam(required = false)
                    @Nullable
                    Integer head,
            @Parameter(hidden = true) @RequestHeader(name = HttpHeaders.ACCEPT, defaultValue = MediaType.ALL_VALUE)
                    List<MediaType> accept,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        MediaType answer = new Accept(accept).best(MediaType.APPLICATION_JSON, SVG_TYPE, MediaType.IMAGE_PNG);
        Optional<PictureForm> picture = PictureForm.ofMediaType(answer.toString());
        if (head != null && picture.isEmpty()) {
            throw HttpProblem.INVALID_PARAMETER.because(
                    "head chooses what a picture shows; ask for image/svg+xml or image/png with the header Accept");
        }
        AttentionForm.Asked asked = form.asked(budget, windows);
        try (AttentionBudget.Lease _ = budget.lease(asked.input());
                AttentionResult result = attention.transform(asked.input())) {
            StreamedAnswer.write(request, response, answer.toString(), out -> {
                if (picture.isPresent()) {
                    out.write(picture.get()
                            .write(WeightsMap.of(result, asked.window(), head).picture()));
                } else {
                    AttentionWriter.write(json, out, asked, result);
                }
            });
        }
    }

    @GetMapping("/api/v1/attention/graph")
    @Operation(
            operationId = "attentionGraph",
            summary = "Show the transform as a computational graph",
            description = "Shapes are symbols. SVG, or DOT or Mermaid by `Accept`.")
    @GraphAnswer
    ResponseEntity<byte[]> graph(
            @Parameter(hidden = true) @RequestHeader(name = HttpHeaders.ACCEPT, defaultValue = MediaType.ALL_VALUE)
                    List<MediaType> accept) {
        return graph(new Accept(accept).best(List.of(GraphForm.values()), GraphForm::mediaType));
    }

    @GetMapping("/api/v1/attention/graph.{suffix}")
    @Operation(operationId = "attentionGraphFile", summary = "Show the graph in the form of a suffix")
    @GraphAnswer
    ResponseEntity<byte[]> graph(
            @Parameter(description = "svg, dot or mmd", example = "svg") @PathVariable String suffix) {
        return graph(GraphForm.ofSuffix(suffix)
                .orElseThrow(() -> AttentionProblem.GRAPH_NOT_FOUND.because(
                        "the graph ends in .svg, .dot or .mmd, not in .%s", Excerpt.of(suffix))));
    }

    private static ResponseEntity<byte[]> graph(GraphForm form) {
        return ResponseEntity.ok()
                .contentType(MediaType.parseMediaType(form.mediaType()))
                .body(form.write(TransformGraph.draw()));
    }
}
