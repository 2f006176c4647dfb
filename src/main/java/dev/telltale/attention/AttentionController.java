package dev.telltale.attention;

import dev.telltale.http.Json;
import dev.telltale.http.StreamedAnswer;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/// The self-attention transform over HTTP.
@RestController
@Tag(name = "Attention", description = "The self-attention transform, step by step")
class AttentionController {

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
            produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "attend",
            summary = "Let rows attend to each other, and show every step",
            description = "Computes q, k and v, scores, weights, context and z in double precision. The rows are given,"
                    + " or made of a window of a stored series. A row that may attend to none, and results that"
                    + " overflow, are refused (422); so are more rows or memory than the limits (413).")
    @ApiResponse(
            responseCode = "200",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                            schema = @Schema(implementation = AttentionViews.Answer.class)))
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
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        AttentionForm.Asked asked = form.asked(budget, windows);
        try (AttentionBudget.Lease _ = budget.lease(asked.input());
                AttentionResult result = attention.transform(asked.input())) {
            StreamedAnswer.write(
                    request,
                    response,
                    MediaType.APPLICATION_JSON_VALUE,
                    out -> AttentionWriter.write(json, out, asked, result));
        }
    }
}
