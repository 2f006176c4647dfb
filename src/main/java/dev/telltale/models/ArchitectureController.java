package dev.telltale.models;

import dev.telltale.autoencoder.Architecture;
import dev.telltale.http.HttpProblem;
import dev.telltale.models.ModelViews.ArchitectureDescription;
import dev.telltale.models.ModelViews.ArchitectureQuestion;
import dev.telltale.models.ModelViews.Layer;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.Objects;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/// Architectures over HTTP, before anything is trained.
@RestController
@Tag(name = "Models")
class ArchitectureController {

    private static final int MOST_CHANNELS = 65_536;

    @PostMapping("/api/v1/architectures")
    @Operation(operationId = "describeArchitecture", summary = "Describe a network layer by layer; nothing is trained")
    ArchitectureDescription describe(
            @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                                            examples =
                                                    @ExampleObject(
                                                            "{\"architecture\":\"base\",\"windowing\":{\"length\":32}}")))
                    @RequestBody
                    ArchitectureQuestion question) {
        Architecture architecture = question.architecture().architecture();
        int length =
                SpecificationForm.WindowingForm.orDefault(question.windowing()).length();
        int channels = Objects.requireNonNullElse(question.channels(), 1);
        if (channels < 1 || channels > MOST_CHANNELS) {
            throw HttpProblem.OUT_OF_RANGE.because("channels must be from 1 to %d, was %d", MOST_CHANNELS, channels);
        }
        return new ArchitectureDescription(
                Layer.of(architecture.layers(length, channels)),
                architecture.parameters(length, channels),
                architecture.bottleneck(length, channels));
    }
}
