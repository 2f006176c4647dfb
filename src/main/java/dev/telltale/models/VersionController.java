package dev.telltale.models;

import dev.telltale.http.Conditions;
import dev.telltale.http.HttpProblem;
import dev.telltale.http.Page;
import dev.telltale.http.Paging;
import dev.telltale.http.Prefer;
import dev.telltale.jobs.JobController;
import dev.telltale.models.ModelViews.ActiveVersion;
import dev.telltale.models.ModelViews.EvaluationView;
import dev.telltale.models.ModelViews.Model;
import dev.telltale.models.ModelViews.Version;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Versions of a model over HTTP: train a further one, look at them, choose the active one, delete.
@RestController
@RequestMapping("/api/v1/models/{name}")
@Tag(name = "Models")
class VersionController {

    private final TrainingQueue trainings;
    private final JobController answers;
    private final ModelStore store;
    private final LoadedModels loaded;

    VersionController(TrainingQueue trainings, JobController answers, ModelStore store, LoadedModels loaded) {
        this.trainings = trainings;
        this.answers = answers;
        this.store = store;
        this.loaded = loaded;
    }

    @PostMapping(path = "/versions", produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "trainVersion",
            summary = "Train a further version of a model",
            description =
                    "Fields that are given take the place of those of the active version's specification, an empty"
                            + " object trains the same again, on the samples there are now. Of `range`, `windowing`, `scaling`"
                            + " and `training` single fields can be given, others are given whole. The version that scored"
                            + " before goes on scoring until `PUT …/active`, unless `activate` is true. Answers 202 and the"
                            + " job; with `Prefer: wait=30` it waits, and answers 201 and the model if the training ends in"
                            + " time.")
    @ApiResponse(
            responseCode = "202",
            description = "The training is queued; `Location` is its job",
            content = @Content(schema = @Schema(ref = "#/components/schemas/JobDocument")))
    @ApiResponse(
            responseCode = "201",
            description = "The version is trained; `Location` is the version",
            content = @Content(schema = @Schema(implementation = Model.class)))
    ResponseEntity<?> train(
            @Parameter(description = "of the model", example = "disk-writes") @PathVariable String name,
            @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                                            schema =
                                                    @Schema(
                                                            type = "object",
                                                            description = "fields of ModelSpecification, all optional"),
                                            examples = {
                                                @ExampleObject(name = "the same again", value = "{}"),
                                                @ExampleObject(
                                                        name = "longer windows, more epochs",
                                                        value =
                                                                "{\"windowing\":{\"length\":64},\"training\":{\"epochs\":80}}")
                                            }))
                    @RequestBody
                    JsonNode changes,
            @Parameter(description = "whether the version scores from the moment it is saved", example = "false")
                    @RequestParam(defaultValue = "false")
                    boolean activate,
            @Parameter(description = "`wait=30` waits up to 30 seconds, 60 at most, for the model", example = "wait=30")
                    @RequestHeader(name = "Prefer", required = false)
                    @Nullable
                    String prefer) {
        if (!(changes instanceof ObjectNode fields)) {
            throw HttpProblem.WRONG_TYPE.because("expected an object with fields of a specification, {} for none");
        }
        ModelName model = new ModelName(name);
        return answers.answer(
                trainings.submit(model, new SpecificationChange(fields), activate),
                Prefer.of(prefer),
                path -> describe(model, number(path)));
    }

    @GetMapping("/versions")
    @Operation(operationId = "listVersions", summary = "List the versions of a model, the newest first")
    Page<Version> list(
            @Parameter(description = "of the model", example = "disk-writes") @PathVariable String name,
            @Parameter(description = "most items, 1 to 1,000", example = "100")
                    @RequestParam(required = false)
                    @Nullable
                    Integer limit,
            @Parameter(description = "`next` of the answer before") @RequestParam(required = false) @Nullable
                    String cursor) {
        ModelName model = new ModelName(name);
        Paging paging = Paging.of("versions-of-" + name, limit, cursor);
        int before = paging.after().isEmpty() ? Integer.MAX_VALUE : Math.clamp(paging.afterId(), 0, Integer.MAX_VALUE);
        store.get(model);
        return paging.page(
                store.versions(model, before, paging.limit() + 1).stream()
                        .map(Version::of)
                        .toList(),
                version -> Integer.toString(version.item().version()));
    }

    @GetMapping("/versions/{version}")
    @Operation(operationId = "getVersion", summary = "Show a version of a model, as the model itself is shown")
    ResponseEntity<Model> get(
            @Parameter(description = "of the model", example = "disk-writes") @PathVariable String name,
            @Parameter(description = "its number", example = "1") @PathVariable int version,
            Conditions conditions) {
        StoredModel stored = store.get(new ModelName(name), version);
        return conditions.answer(stored.tag(), () -> Model.of(store.manifest(stored)));
    }

    @GetMapping("/versions/{version}/evaluation")
    @Operation(
            operationId = "getVersionEvaluation",
            summary = "Show how the training of a version went and what it is worth on its test part")
    ResponseEntity<EvaluationView> evaluation(
            @Parameter(description = "of the model", example = "disk-writes") @PathVariable String name,
            @Parameter(description = "its number", example = "1") @PathVariable int version,
            Conditions conditions) {
        StoredModel stored = store.get(new ModelName(name), version);
        return conditions.answer(stored.tag(), () -> EvaluationView.of(store.manifest(stored)));
    }

    @DeleteMapping("/versions/{version}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(
            operationId = "deleteVersion",
            summary = "Delete a version that is not active",
            description = "Its number is not given again. 409 for the active version, and while a training of this"
                    + " model is not finished.")
    void delete(
            @Parameter(description = "of the model", example = "disk-writes") @PathVariable String name,
            @Parameter(description = "its number", example = "1") @PathVariable int version) {
        StoredModel stored = store.get(new ModelName(name), version);
        loaded.forget(trainings.unlessTraining(stored.name(), idle -> store.delete(stored, idle)));
    }

    @GetMapping("/active")
    @Operation(operationId = "getActive", summary = "Say which version of a model scores")
    ResponseEntity<ActiveVersion> active(
            @Parameter(description = "of the model", example = "disk-writes") @PathVariable String name,
            Conditions conditions) {
        StoredModel stored = store.get(new ModelName(name));
        return conditions.answer(stored.tag(), () -> new ActiveVersion(stored.version()));
    }

    @PutMapping("/active")
    @Operation(
            operationId = "activate",
            summary = "Choose the version of a model that scores, to move on or to roll back",
            description = "An answer that has begun ends with the version it began with. A version whose file is"
                    + " damaged is refused, and the one before goes on.")
    ActiveVersion activate(
            @Parameter(description = "of the model", example = "disk-writes") @PathVariable String name,
            @RequestBody ActiveVersion wanted,
            Conditions conditions) {
        ModelName model = new ModelName(name);
        loaded.borrow(model, wanted.version()).close(); // or its first caller would hear that it is damaged
        return new ActiveVersion(
                store.activate(model, wanted.version(), conditions).version());
    }

    private Model describe(ModelName name, int version) {
        return Model.of(store.manifest(store.get(name, version)));
    }

    /// The last part of a version's path.
    private static int number(String path) {
        return Integer.parseInt(path.substring(path.lastIndexOf('/') + 1));
    }
}
