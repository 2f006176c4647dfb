package dev.telltale.models;

import dev.telltale.autoencoder.NetworkGraph;
import dev.telltale.drawing.Graph;
import dev.telltale.drawing.GraphForm;
import dev.telltale.http.Accept;
import dev.telltale.http.Conditions;
import dev.telltale.http.EntityTag;
import dev.telltale.http.GraphAnswer;
import dev.telltale.problem.Excerpt;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// The computational graph of a model over HTTP, as SVG, for Graphviz or for Mermaid.
@RestController
@RequestMapping("/api/v1/models/{name}")
@Tag(name = "Models")
class GraphController {

    private final ModelStore store;

    GraphController(ModelStore store) {
        this.store = store;
    }

    @GetMapping("/graph")
    @Operation(
            operationId = "graph",
            summary = "Show the computational graph of a model's network: inputs, parameters, operations, loss",
            description = "SVG, unless `Accept` asks for the languages of Graphviz or Mermaid.")
    @GraphAnswer
    ResponseEntity<byte[]> graph(
            @Parameter(description = "of the model", example = "disk-writes") @PathVariable String name,
            @Parameter(description = "of the model, the active one if left out", example = "1")
                    @RequestParam(required = false)
                    @Nullable
                    Integer version,
            @Parameter(hidden = true) @RequestHeader(name = HttpHeaders.ACCEPT, defaultValue = MediaType.ALL_VALUE)
                    List<MediaType> accept,
            Conditions conditions) {
        return answer(
                name, version, new Accept(accept).best(List.of(GraphForm.values()), GraphForm::mediaType), conditions);
    }

    @GetMapping("/graph.{suffix}")
    @Operation(operationId = "graphFile", summary = "As `graph`, with the form as a suffix")
    @GraphAnswer
    ResponseEntity<byte[]> graphFile(
            @Parameter(description = "of the model", example = "disk-writes") @PathVariable String name,
            @Parameter(description = "`svg`, `dot` or `mmd`", example = "svg") @PathVariable String suffix,
            @Parameter(description = "of the model, the active one if left out", example = "1")
                    @RequestParam(required = false)
                    @Nullable
                    Integer version,
            Conditions conditions) {
        GraphForm form = GraphForm.ofSuffix(suffix)
                .orElseThrow(() -> ModelsProblem.PLOT_NOT_FOUND.because(
                        "no graph has the suffix '.%s'; there are .svg, .dot and .mmd", Excerpt.of(suffix)));
        return answer(name, version, form, conditions);
    }

    private ResponseEntity<byte[]> answer(
            String name, @Nullable Integer version, GraphForm form, Conditions conditions) {
        ModelName model = new ModelName(name);
        StoredModel stored = store.get(model, Optional.ofNullable(version));
        return conditions.answer(
                EntityTag.of(stored.tag().value(), form.suffix()),
                form.mediaType(),
                () -> form.write(graph(store.manifest(stored))));
    }

    private static Graph graph(Manifest manifest) {
        ModelSpecification specification = manifest.specification();
        return NetworkGraph.of(
                EvaluationPlots.title("Computational graph", manifest),
                specification.architecture(),
                specification.windowing().length(),
                specification.channels());
    }
}
