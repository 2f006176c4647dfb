package dev.telltale.models;

import dev.telltale.http.Conditions;
import dev.telltale.http.Page;
import dev.telltale.http.Paging;
import dev.telltale.http.Prefer;
import dev.telltale.jobs.JobController;
import dev.telltale.models.ModelViews.EvaluationView;
import dev.telltale.models.ModelViews.Item;
import dev.telltale.models.ModelViews.Model;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/// Models over HTTP: train, list, look at, delete.
@RestController
@RequestMapping("/api/v1/models")
@Tag(name = "Models", description = "Autoencoders trained on a series, and what they say of samples")
class ModelController {

    private static final String DEFAULTS = "{\"name\":\"disk-writes\",\"series\":[\"ec2_disk_write_bytes\"]}";
    private static final String ROW_BY_ROW =
            "{\"name\":\"disk-writes-row-by-row\",\"series\":[\"ec2_disk_write_bytes\"],\"architecture\":\"dense\","
                    + "\"windowing\":{\"length\":1},\"training\":{\"epochs\":20,\"earlyStopping\":null},"
                    + "\"threshold\":{\"rule\":\"sigma\",\"k\":3}}";
    private static final String SPELLED_OUT =
            "{\"name\":\"disk-writes-narrow\",\"series\":[\"ec2_disk_write_bytes\"],\"architecture\":{\"kind\":\"dense\","
                    + "\"encoder\":[{\"linear\":8},{\"activation\":\"tanh\"},{\"linear\":2}],"
                    + "\"decoder\":[{\"linear\":8},{\"activation\":\"tanh\"}]}}";

    private final TrainingQueue trainings;
    private final JobController answers;
    private final ModelStore store;
    private final LoadedModels loaded;
    private final ObjectProvider<ModelUse> uses; // in rooms below, which need models to be made

    ModelController(
            TrainingQueue trainings,
            JobController answers,
            ModelStore store,
            LoadedModels loaded,
            ObjectProvider<ModelUse> uses) {
        this.trainings = trainings;
        this.answers = answers;
        this.store = store;
        this.loaded = loaded;
        this.uses = uses;
    }

    @PostMapping(produces = MediaType.APPLICATION_JSON_VALUE) // or it would train before it answers 406
    @Operation(
            operationId = "train",
            summary = "Train a model",
            description = "Answers 202 and the job. With `Prefer: wait=30` it waits, and answers 201 and the model if"
                    + " the training ends in time.")
    @ApiResponse(
            responseCode = "202",
            description = "The training is queued; `Location` is its job",
            content = @Content(schema = @Schema(ref = "#/components/schemas/JobDocument")))
    @ApiResponse(
            responseCode = "201",
            description = "The model is trained; `Location` is the model",
            content = @Content(schema = @Schema(implementation = Model.class)))
    ResponseEntity<?> train(
            @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                                            examples = {
                                                @ExampleObject(name = "all defaults", value = DEFAULTS),
                                                @ExampleObject(name = "row by row", value = ROW_BY_ROW),
                                                @ExampleObject(name = "layers spelled out", value = SPELLED_OUT)
                                            }))
                    @RequestBody
                    SpecificationForm specification,
            @Parameter(description = "`wait=30` waits up to 30 seconds, 60 at most, for the model", example = "wait=30")
                    @RequestHeader(name = "Prefer", required = false)
                    @Nullable
                    String prefer) {
        ModelSpecification checked = specification.specification();
        return answers.answer(trainings.submit(checked), Prefer.of(prefer), path -> describe(checked.name()));
    }

    @GetMapping
    @Operation(operationId = "listModels", summary = "List models by name")
    Page<Item> list(
            @Parameter(description = "most items, 1 to 1,000", example = "100")
                    @RequestParam(required = false)
                    @Nullable
                    Integer limit,
            @Parameter(description = "`next` of the answer before") @RequestParam(required = false) @Nullable
                    String cursor) {
        Paging paging = Paging.of("models", limit, cursor);
        return paging.page(
                store.list(paging.after().orElse(""), paging.limit() + 1).stream()
                        .map(Item::of)
                        .toList(),
                Item::name);
    }

    @GetMapping("/{name}")
    @Operation(operationId = "getModel", summary = "Show a model: what was asked for, its layers, its data, its line")
    ResponseEntity<Model> get(
            @Parameter(description = "of the model", example = "disk-writes") @PathVariable String name,
            Conditions conditions) {
        StoredModel stored = store.get(new ModelName(name));
        return conditions.answer(stored.tag(), () -> Model.of(store.manifest(stored)));
    }

    @GetMapping("/{name}/evaluation")
    @Operation(
            operationId = "getEvaluation",
            summary = "Show how a training went and what the model is worth on its test part",
            description = "Figures need annotations; one that is not defined is null, and `reasons` says why.")
    ResponseEntity<EvaluationView> evaluation(
            @Parameter(description = "of the model", example = "disk-writes") @PathVariable String name,
            Conditions conditions) {
        StoredModel stored = store.get(new ModelName(name));
        return conditions.answer(stored.tag(), () -> EvaluationView.of(store.manifest(stored)));
    }

    @DeleteMapping("/{name}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(
            operationId = "deleteModel",
            summary = "Delete a model with all its versions",
            description = "409 while a training of this name is not finished, and while a detector uses the model.")
    void delete(
            @Parameter(description = "of the model", example = "disk-writes") @PathVariable String name,
            Conditions conditions) {
        ModelName model = new ModelName(name);
        store.get(model);
        trainings
                .unlessTraining(
                        model,
                        idle -> store.delete(model, conditions, connection -> {
                            idle.run(connection);
                            return refuseInUse(connection, model);
                        }))
                .forEach(loaded::forget);
    }

    private boolean refuseInUse(Connection connection, ModelName model) throws SQLException {
        for (ModelUse use : uses) {
            Optional<String> user = use.userOf(connection, model);
            if (user.isPresent()) {
                throw ModelsProblem.MODEL_IN_USE.because(
                        "model '%s' is used by %s; delete that first", model, user.get());
            }
        }
        return true;
    }

    private Model describe(ModelName name) {
        return Model.of(store.manifest(store.get(name)));
    }
}
