package dev.telltale.models;

import dev.telltale.drawing.PictureForm;
import dev.telltale.http.Accept;
import dev.telltale.http.HttpProblem;
import dev.telltale.http.Json;
import dev.telltale.http.PictureAnswer;
import dev.telltale.http.StreamedAnswer;
import dev.telltale.series.Duplicates;
import dev.telltale.series.UploadFormat;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// Attention of trained models over HTTP, in numbers or as a heat map.
@RestController
@Tag(name = "Models")
class ModelAttentionController {

    private static final MediaType SVG = MediaType.valueOf(PictureAnswer.SVG);

    private final ModelScoring scoring;
    private final ModelAttention attention;
    private final ScoreRequestReader reader;
    private final Json json;

    ModelAttentionController(ModelScoring scoring, ModelAttention attention, Json json) {
        this.scoring = scoring;
        this.attention = attention;
        this.reader = new ScoreRequestReader(json);
        this.json = json;
    }

    /// The shape of an answer, for its description.
    @Schema(name = "ModelAttention")
    record View(
            @Schema(example = "disk-writes") String model,
            @Schema(example = "1") int version,

            @Schema(description = "of the window's rows, in order", example = "[\"2014-03-10T01:29:00Z\"]")
            List<String> timestamps,

            @Schema(
                    description = "by layer, head, row that looks, and row that is looked at; the last sum to 1",
                    example = "[[[[1.0]]]]")
            List<List<List<List<Float>>>> weights) {}

    @PostMapping(
            path = "/api/v1/models/{name}/attention",
            consumes = MediaType.APPLICATION_JSON_VALUE,
            produces = {MediaType.APPLICATION_JSON_VALUE, PictureAnswer.SVG, MediaType.IMAGE_PNG_VALUE})
    @Operation(
            operationId = "showModelAttention",
            summary = "Show which moments of a window a model with attention looks at",
            description = "Of the last row that is asked for and the window that ends in it: stored ones up to `end`,"
                    + " the newest if that is left out, or samples of the body, as for scoring. A picture shows the mean"
                    + " over layers and heads, or those that are chosen.",
            requestBody =
                    @RequestBody(
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                                            examples = @ExampleObject("{\"end\":\"2014-03-10T01:29:00Z\"}"))))
    @ApiResponse(
            responseCode = "200",
            content = {
                @Content(mediaType = MediaType.APPLICATION_JSON_VALUE, schema = @Schema(implementation = View.class)),
                @Content(mediaType = PictureAnswer.SVG, schema = @Schema(type = "string")),
                @Content(mediaType = MediaType.IMAGE_PNG_VALUE, schema = @Schema(type = "string", format = "binary"))
            })
    void show(
            @Parameter(description = "of the model", example = "disk-writes") @PathVariable String name,
            @Parameter(description = "the version, the active one if left out", example = "1")
                    @RequestParam(required = false)
                    @Nullable
                    Integer version,
            @Parameter(description = "for a picture: one layer, from 0", example = "0")
                    @RequestParam(required = false)
                    @Nullable
                    Integer layer,
            @Parameter(description = "for a picture: one head, from 0", example = "0")
                    @RequestParam(required = false)
                    @Nullable
                    Integer head,
            @Parameter(hidden = true) @RequestHeader(name = HttpHeaders.ACCEPT, defaultValue = MediaType.ALL_VALUE)
                    List<MediaType> accept,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        MediaType form = new Accept(accept).best(MediaType.APPLICATION_JSON, SVG, MediaType.IMAGE_PNG);
        Optional<PictureForm> picture = PictureForm.ofMediaType(form.toString());
        if ((layer != null || head != null) && picture.isEmpty()) {
            throw HttpProblem.INVALID_PARAMETER.because("layer and head choose what a picture shows; ask for"
                    + " image/svg+xml or image/png with the header Accept");
        }
        ModelName model = new ModelName(name);
        try (LoadedModel loaded = scoring.borrow(model, Optional.ofNullable(version))) {
            Manifest manifest = loaded.manifest();
            ScoreRequest asked = reader.read(
                    UploadFormat.JSON, request.getInputStream(), manifest, Duplicates.REFUSE, ZoneOffset.UTC);
            ShownAttention shown = attention.show(loaded, asked);
            response.setIntHeader(ScoreController.MODEL_VERSION, manifest.version());
            StreamedAnswer.write(request, response, form.toString(), out -> {
                if (picture.isPresent()) {
                    out.write(picture.get().write(shown.heatMap(layer, head).picture()));
                } else {
                    shown.write(json, out);
                }
            });
        }
    }
}
