package dev.telltale.series;

import dev.telltale.http.Page;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// Shows and replaces what people and data sets say of ranges of a series.
@RestController
@RequestMapping(path = "/api/v1/series/{id}/annotations", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Series")
class AnnotationController {

    private static final String DEFAULT_SET = "default";

    private final SeriesLookup lookup;
    private final AnnotationStore store;

    AnnotationController(SeriesLookup lookup, AnnotationStore store) {
        this.lookup = lookup;
        this.store = store;
    }

    @GetMapping
    @Operation(summary = "List annotations", description = "Of one set, or of all, in the order of their starts.")
    Page<AnnotationView> get(
            @Parameter(description = "id, or a name that one series has", example = "17") @PathVariable String id,
            @Parameter(description = "all sets if left out", example = "default")
                    @RequestParam(required = false)
                    @Nullable
                    String set) {
        long seriesId = lookup.resolve(id).id();
        return page(set == null ? store.of(seriesId) : store.of(seriesId, set));
    }

    @PutMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    @Operation(summary = "Replace a set of annotations", description = "The other sets of the series stay.")
    Page<AnnotationView> put(
            @Parameter(description = "id, or a name that one series has", example = "17") @PathVariable String id,
            @RequestParam(defaultValue = DEFAULT_SET) String set,
            @RequestBody NewAnnotations body) {
        long seriesId = lookup.resolve(id).id();
        List<Annotation> annotations =
                body.annotations().stream().map(given -> given.in(set)).toList();
        return page(store.replace(seriesId, set, annotations));
    }

    private static Page<AnnotationView> page(List<Annotation> annotations) {
        return new Page<>(annotations.stream().map(AnnotationView::of).toList(), null);
    }

    /// What a set is to hold from now on.
    record NewAnnotations(List<NewAnnotation> annotations) {}

    /// An annotation as a caller gives it; both ends belong to it.
    record NewAnnotation(
            @Schema(example = "2014-03-10T09:00:00Z") Instant start,
            @Schema(example = "2014-03-10T21:00:00Z") Instant end,

            @Schema(allowableValues = {"anomalous", "normal"})
            Annotation.Verdict verdict,

            @Schema(allowableValues = {"user", "dataset", "feedback"})
            Annotation.@Nullable Source source,

            @Schema(example = "disk filled up") @Nullable String note) {

        NewAnnotation {
            if (end.isBefore(start)) {
                throw SeriesProblem.BAD_ANNOTATION.because("end lies before start");
            }
        }

        private Annotation in(String set) {
            return new Annotation(
                    0,
                    start.toEpochMilli(),
                    end.toEpochMilli(),
                    verdict,
                    set,
                    Optional.ofNullable(source).orElse(Annotation.Source.USER),
                    Optional.ofNullable(note));
        }
    }

    /// An annotation as it is answered.
    record AnnotationView(
            @Schema(example = "3") String id,
            @Schema(example = "2014-03-10T09:00:00Z") Instant start,
            @Schema(example = "2014-03-10T21:00:00Z") Instant end,

            @Schema(allowableValues = {"anomalous", "normal"})
            Annotation.Verdict verdict,

            @Schema(example = "default") String set,

            @Schema(allowableValues = {"user", "dataset", "feedback"})
            Annotation.Source source,

            @Nullable String note) {

        private static AnnotationView of(Annotation annotation) {
            return new AnnotationView(
                    Long.toString(annotation.id()),
                    Instant.ofEpochMilli(annotation.start()),
                    Instant.ofEpochMilli(annotation.end()),
                    annotation.verdict(),
                    annotation.set(),
                    annotation.source(),
                    annotation.note().orElse(null));
        }
    }
}
