package dev.telltale.models;

import dev.telltale.drawing.Picture;
import dev.telltale.drawing.PictureForm;
import dev.telltale.http.Accept;
import dev.telltale.http.Conditions;
import dev.telltale.http.EntityTag;
import dev.telltale.http.HttpProblem;
import dev.telltale.http.PictureAnswer;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// Plots of a model over HTTP, as SVG or PNG.
@RestController
@Tag(name = "Models")
class PlotController {

    private final ModelStore store;
    private final ModelScoring scoring;
    private final RowPlots rows;

    PlotController(ModelStore store, ModelScoring scoring, RowPlots rows) {
        this.store = store;
        this.scoring = scoring;
        this.rows = rows;
    }

    @GetMapping("/api/v1/models/{name}/plots/{plot}")
    @Operation(
            operationId = "plot",
            summary = "Plot how a model was trained, what it is worth, or what it says of its series",
            description = "`loss` and `accuracy` over the epochs; `confusion-matrix` and `precision-recall` of the test"
                    + " part; `reconstruction-error` and `score` of stored rows of the model's own series, with"
                    + " annotated ranges shaded. With the suffix `.svg` or `.png`, or by `Accept`, else SVG. What"
                    + " needs annotations is 404 without them, and says so.")
    @PictureAnswer
    ResponseEntity<byte[]> plot(
            @Parameter(description = "of the model", example = "disk-writes") @PathVariable String name,
            @Parameter(
                            description = "`loss`, `accuracy`, `confusion-matrix`, `precision-recall`,"
                                    + " `reconstruction-error` or `score`, also with `.svg` or `.png`",
                            examples = {
                                @ExampleObject(name = "by Accept", value = "loss"),
                                @ExampleObject(name = "by suffix", value = "score.png")
                            })
                    @PathVariable
                    String plot,
            @Parameter(description = "of the model, the active one if left out", example = "1")
                    @RequestParam(required = false)
                    @Nullable
                    Integer version,
            @Parameter(
                            description = "first time, of `reconstruction-error` and `score` only; 2,000 rows before"
                                    + " the end if left out")
                    @RequestParam(required = false)
                    @Nullable
                    Instant start,
            @Parameter(description = "last time, likewise; that of the newest sample if left out")
                    @RequestParam(required = false)
                    @Nullable
                    Instant end,
            @Parameter(hidden = true) @RequestHeader(name = HttpHeaders.ACCEPT, defaultValue = MediaType.ALL_VALUE)
                    List<MediaType> accept,
            Conditions conditions) {
        int dot = plot.lastIndexOf('.');
        Optional<PictureForm> bySuffix = PictureForm.ofSuffix(plot.substring(dot + 1));
        Plot asked = Plot.of(bySuffix.isPresent() && dot > 0 ? plot.substring(0, dot) : plot);
        PictureForm form = bySuffix.orElseGet(
                () -> new Accept(accept).best(List.of(PictureForm.values()), PictureForm::mediaType));
        ModelName model = new ModelName(name);
        if (asked.showsRows()) {
            try (LoadedModel borrowed = scoring.borrow(model, Optional.ofNullable(version))) {
                Picture picture = asked == Plot.SCORE
                        ? rows.score(borrowed, Optional.ofNullable(start), Optional.ofNullable(end))
                        : rows.error(borrowed, Optional.ofNullable(start), Optional.ofNullable(end));
                return ResponseEntity.ok()
                        .contentType(MediaType.parseMediaType(form.mediaType()))
                        .body(form.write(picture));
            }
        }
        if (start != null || end != null) {
            throw HttpProblem.INVALID_PARAMETER.because(
                    "start and end are for the plots reconstruction-error and score; %s shows a training",
                    asked.label());
        }
        StoredModel stored = store.get(model, Optional.ofNullable(version));
        return conditions.answer(
                EntityTag.of(stored.tag().value(), form.suffix()),
                form.mediaType(),
                () -> form.write(picture(asked, store.manifest(stored))));
    }

    private static Picture picture(Plot plot, Manifest manifest) {
        EvaluationPlots plots = new EvaluationPlots(manifest);
        return switch (plot) {
            case LOSS -> plots.loss();
            case ACCURACY -> plots.accuracy();
            case CONFUSION_MATRIX -> plots.confusionMatrix();
            case PRECISION_RECALL -> plots.precisionRecall();
            case RECONSTRUCTION_ERROR, SCORE -> throw new IllegalArgumentException(plot + " shows rows");
        };
    }
}
