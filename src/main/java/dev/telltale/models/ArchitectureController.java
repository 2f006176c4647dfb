package dev.telltale.models;

import dev.telltale.autoencoder.Architecture;
import dev.telltale.autoencoder.NetworkGraph;
import dev.telltale.drawing.GraphForm;
import dev.telltale.http.Accept;
import dev.telltale.http.GraphAnswer;
import dev.telltale.http.HttpProblem;
import dev.telltale.http.PictureAnswer;
import dev.telltale.models.ModelViews.ArchitectureDescription;
import dev.telltale.models.ModelViews.ArchitectureQuestion;
import dev.telltale.models.ModelViews.Layer;
import dev.telltale.signal.WindowingForm;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/// Architectures over HTTP, before anything is trained.
@RestController
@Tag(name = "Models")
class ArchitectureController {

    private static final int MOST_CHANNELS = 65_536;
    private static final List<String> FORMS = Stream.concat(
                    Stream.of(MediaType.APPLICATION_JSON_VALUE),
                    Arrays.stream(GraphForm.values()).map(GraphForm::mediaType))
            .toList();

    @PostMapping("/api/v1/architectures")
    @Operation(
            operationId = "describeArchitecture",
            summary = "Describe a network layer by layer; nothing is trained",
            description = "With `Accept` also its computational graph: as SVG, or in the languages of Graphviz or"
                    + " Mermaid.")
    @ApiResponse(
            responseCode = "200",
            content = {
                @Content(
                        mediaType = MediaType.APPLICATION_JSON_VALUE,
                        schema = @Schema(implementation = ArchitectureDescription.class)),
                @Content(mediaType = PictureAnswer.SVG, schema = @Schema(type = "string")),
                @Content(mediaType = GraphAnswer.GRAPHVIZ, schema = @Schema(type = "string")),
                @Content(mediaType = GraphAnswer.MERMAID, schema = @Schema(type = "string"))
            })
    ResponseEntity<?> describe(
            @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                                            examples =
                                                    @ExampleObject(
                                                            "{\"architecture\":\"base\",\"windowing\":{\"length\":32}}")))
                    @RequestBody
                    ArchitectureQuestion question,
            @Parameter(hidden = true) @RequestHeader(name = HttpHeaders.ACCEPT, defaultValue = MediaType.ALL_VALUE)
                    List<MediaType> accept) {
        String form = new Accept(accept).best(FORMS, Function.identity());
        Architecture architecture = question.architecture().architecture();
        int length = WindowingForm.orDefault(question.windowing()).length();
        int channels = Objects.requireNonNullElse(question.channels(), 1);
        if (channels < 1 || channels > MOST_CHANNELS) {
            throw HttpProblem.OUT_OF_RANGE.because("channels must be from 1 to %d, was %d", MOST_CHANNELS, channels);
        }
        ResponseEntity.BodyBuilder answer = ResponseEntity.ok().contentType(MediaType.parseMediaType(form));
        Optional<GraphForm> graph = GraphForm.ofMediaType(form);
        if (graph.isPresent()) {
            return answer.body(
                    graph.get().write(NetworkGraph.of("Computational graph", architecture, length, channels)));
        }
        return answer.body(new ArchitectureDescription(
                Layer.of(architecture.layers(length, channels)),
                architecture.parameters(length, channels),
                architecture.bottleneck(length, channels)));
    }
}
