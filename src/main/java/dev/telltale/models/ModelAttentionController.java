package dev.telltale.models;

import dev.telltale.autoencoder.AttentionWeights;
import dev.telltale.drawing.HeatMap;
import dev.telltale.drawing.HeatMap.Names;
import dev.telltale.drawing.PictureForm;
import dev.telltale.http.Accept;
import dev.telltale.http.HttpProblem;
import dev.telltale.http.Json;
import dev.telltale.http.StreamedAnswer;
import dev.telltale.http.Times;
import dev.telltale.models.ModelAttention.Shown;
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
import java.io.OutputStream;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.core.JsonGenerator;

/// Attention of trained models over HTTP, in numbers or as a heat map.
@RestController
@Tag(name = "Models")
class ModelAttentionController {

    private static final MediaType SVG = MediaType.valueOf(PictureForm.SVG.mediaType());

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
            produces = {MediaType.APPLICATION_JSON_VALUE, "image/svg+xml", MediaType.IMAGE_PNG_VALUE})
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
                @Content(mediaType = "image/svg+xml", schema = @Schema(type = "string")),
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
        ModelName model = new ModelName(name);
        try (LoadedModel loaded = version == null ? scoring.borrow(model) : scoring.borrow(model, version)) {
            Manifest manifest = loaded.manifest();
            ScoreRequest asked = reader.read(
                    UploadFormat.JSON, request.getInputStream(), manifest, Duplicates.REFUSE, ZoneOffset.UTC);
            Shown shown = attention.show(loaded, asked);
            response.setIntHeader(ScoreController.MODEL_VERSION, manifest.version());
            if (form.equals(MediaType.APPLICATION_JSON)) {
                StreamedAnswer.write(request, response, form.toString(), out -> write(out, manifest, shown));
            } else {
                byte[] picture = (form.equals(SVG) ? PictureForm.SVG : PictureForm.PNG)
                        .write(heatMap(manifest, shown, layer, head).picture());
                response.setContentType(form.toString());
                response.getOutputStream().write(picture);
            }
        }
    }

    private void write(OutputStream out, Manifest manifest, Shown shown) {
        AttentionWeights weights = shown.weights();
        JsonGenerator generator = json.generator(out);
        generator.writeStartObject();
        generator.writeStringProperty("model", manifest.name().value());
        generator.writeNumberProperty("version", manifest.version());
        generator.writeArrayPropertyStart("timestamps");
        Arrays.stream(shown.times()).mapToObj(Times::format).forEach(generator::writeString);
        generator.writeEndArray();
        generator.writeArrayPropertyStart("weights");
        for (int layer = 0; layer < weights.layers(); layer++) {
            generator.writeStartArray();
            for (int head = 0; head < weights.heads(); head++) {
                writeHead(generator, weights, layer, head);
            }
            generator.writeEndArray();
        }
        generator.writeEndArray();
        generator.writeEndObject();
        generator.close();
    }

    private static void writeHead(JsonGenerator generator, AttentionWeights weights, int layer, int head) {
        generator.writeStartArray();
        for (int row = 0; row < weights.length(); row++) {
            generator.writeStartArray();
            for (int other = 0; other < weights.length(); other++) {
                generator.writeNumber(weights.share(layer, head, row, other));
            }
            generator.writeEndArray();
        }
        generator.writeEndArray();
    }

    private static HeatMap heatMap(Manifest manifest, Shown shown, @Nullable Integer layer, @Nullable Integer head) {
        AttentionWeights weights = shown.weights();
        refuseBeyond("layer", layer, weights.layers());
        refuseBeyond("head", head, weights.heads());
        int length = weights.length();
        double[][] means = new double[length][length];
        int firstLayer = layer == null ? 0 : layer;
        int lastLayer = layer == null ? weights.layers() - 1 : layer;
        int firstHead = head == null ? 0 : head;
        int lastHead = head == null ? weights.heads() - 1 : head;
        int count = (lastLayer - firstLayer + 1) * (lastHead - firstHead + 1);
        for (int l = firstLayer; l <= lastLayer; l++) {
            for (int h = firstHead; h <= lastHead; h++) {
                for (int row = 0; row < length; row++) {
                    for (int other = 0; other < length; other++) {
                        means[row][other] += weights.share(l, h, row, other) / (double) count;
                    }
                }
            }
        }
        List<String> moments =
                LongStream.of(shown.times()).mapToObj(Times::format).toList();
        return new HeatMap(
                "Attention of " + manifest.name() + ", " + which("layer", layer) + ", " + which("head", head),
                new Names("row that looks (UTC)", moments),
                new Names("row that is looked at (UTC)", moments),
                means);
    }

    private static String which(String what, @Nullable Integer number) {
        return number == null ? "mean of " + what + "s" : what + " " + number;
    }

    private static void refuseBeyond(String what, @Nullable Integer number, int count) {
        if (number != null && (number < 0 || number >= count)) {
            throw HttpProblem.OUT_OF_RANGE.because("%s must be from 0 to %d, was %d", what, count - 1, number);
        }
    }
}
