package dev.telltale.models;

import dev.telltale.http.Conditions;
import dev.telltale.http.EntityTag;
import dev.telltale.models.ModelViews.Model;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.InputStreamResource;
import org.springframework.core.io.Resource;
import org.springframework.http.ContentDisposition;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// Export and import of models over HTTP: one safetensors file.
@RestController
@RequestMapping("/api/v1/models/{name}/artifact")
@Tag(name = "Models")
class ArtifactController {

    private final ModelStore store;
    private final ModelImport imports;

    ArtifactController(ModelStore store, ModelImport imports) {
        this.store = store;
        this.imports = imports;
    }

    @GetMapping(produces = MediaType.APPLICATION_OCTET_STREAM_VALUE)
    @Operation(
            operationId = "exportModel",
            summary = "Export a version of a model as one safetensors file",
            description = "The file is checked before its first byte leaves. Its layout is described in"
                    + " docs/model-format.md; other tools read its tensors as they read any safetensors file.")
    @ApiResponse(
            responseCode = "200",
            headers = {
                @Header(
                        name = ScoreController.MODEL_VERSION,
                        description = "the version that the file holds",
                        schema = @Schema(type = "integer")),
                @Header(name = "ETag", description = "the hash in the file", schema = @Schema(type = "string"))
            },
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_OCTET_STREAM_VALUE,
                            schema = @Schema(type = "string", format = "binary")))
    ResponseEntity<Resource> get(
            @Parameter(description = "of the model", example = "disk-writes") @PathVariable String name,
            @Parameter(description = "the version to export, the active one if left out", example = "1")
                    @RequestParam(required = false)
                    @Nullable
                    Integer version,
            Conditions conditions) {
        ModelName wanted = new ModelName(name);
        StoredModel model = version == null ? store.get(wanted) : store.get(wanted, version);
        ResponseEntity<Resource> answer = conditions.answer(tag(model), () -> content(store.open(model)));
        return ResponseEntity.status(answer.getStatusCode())
                .headers(answer.getHeaders())
                .header(ScoreController.MODEL_VERSION, Integer.toString(model.version()))
                .header("Content-Disposition", disposition(model).toString())
                .body(answer.getBody());
    }

    @PutMapping(consumes = MediaType.APPLICATION_OCTET_STREAM_VALUE, produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "importModel",
            summary = "Import a model that was exported",
            description =
                    "Under a free name it becomes version 1, which is active; under a name that there is, the next"
                            + " version, which scores after `PUT …/active` or with `activate=true`. `If-None-Match: *` refuses a"
                            + " name that there is. Name and version in the file do not matter; the model's `imported` says"
                            + " what they were. Files of other formats, pickles and archives are refused by how they"
                            + " begin.",
            requestBody =
                    @RequestBody(
                            required = true,
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_OCTET_STREAM_VALUE,
                                            schema = @Schema(type = "string", format = "binary"))))
    @ApiResponse(
            responseCode = "201",
            description = "The version is saved; `Location` is where it is",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                            schema = @Schema(implementation = Model.class)))
    ResponseEntity<Model> put(
            @Parameter(description = "of the model", example = "disk-writes") @PathVariable String name,
            @Parameter(description = "whether it scores from the moment it is saved", example = "false")
                    @RequestParam(defaultValue = "false")
                    boolean activate,
            Conditions conditions,
            HttpServletRequest request)
            throws IOException {
        ModelImport.refuseLongerThanAllowed(request.getContentLengthLong());
        StoredModel saved = imports.take(
                new ModelName(name),
                request.getInputStream(),
                activate,
                active -> conditions.check(active.map(ArtifactController::tag)));
        return ResponseEntity.created(URI.create(TrainingJob.path(saved.name(), saved.version())))
                .eTag(tag(saved).toString())
                .body(Model.of(store.manifest(saved)));
    }

    private static EntityTag tag(StoredModel model) {
        return new EntityTag(model.sha256());
    }

    private static Resource content(ModelArtifact artifact) {
        return new InputStreamResource(artifact.content()) {

            @Override
            public long contentLength() {
                return artifact.bytes();
            }
        };
    }

    private static ContentDisposition disposition(StoredModel model) {
        return ContentDisposition.attachment()
                .filename(model.name() + "-" + model.version() + ".safetensors")
                .build();
    }
}
