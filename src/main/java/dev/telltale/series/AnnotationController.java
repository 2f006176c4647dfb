package dev.telltale.series;

import dev.telltale.http.Conditions;
import dev.telltale.http.CsvTable;
import dev.telltale.http.EntityTag;
import dev.telltale.http.HttpProblem;
import dev.telltale.http.Page;
import dev.telltale.http.Paging;
import dev.telltale.http.StreamedAnswer;
import dev.telltale.problem.Excerpt;
import dev.telltale.series.AnnotationViews.NewAnnotation;
import dev.telltale.series.AnnotationViews.NewAnnotations;
import dev.telltale.series.AnnotationViews.View;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
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
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/// Shows, adds, replaces and removes what people and data sets say of ranges of a series.
@RestController
@RequestMapping(path = "/api/v1/series/{id}/annotations", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Series")
class AnnotationController {

    private static final String CSV_EXAMPLE = """
            id,start,end,verdict,set,source,note
            3,2014-03-10T09:00:00Z,2014-03-10T21:00:00Z,anomalous,default,user,disk filled up
            """;

    private final SeriesLookup lookup;
    private final AnnotationStore store;

    AnnotationController(SeriesLookup lookup, AnnotationStore store) {
        this.lookup = lookup;
        this.store = store;
    }

    @GetMapping
    @Operation(
            operationId = "listAnnotations",
            summary = "List annotations",
            description = "In the order of their starts. As CSV by `Accept`: all of them, or the first `limit`, with"
                    + " texts that a spreadsheet would take for formulas behind an apostrophe.")
    ResponseEntity<Page<View>> list(
            @Parameter(description = "id, or a name that one series has", example = "17") @PathVariable String id,
            @Parameter(description = "all sets if left out", example = "default")
                    @RequestParam(required = false)
                    @Nullable
                    String set,
            @Parameter(description = "both if left out") @RequestParam(required = false)
                    Annotation.@Nullable Verdict verdict,
            @Parameter(description = "leaves out those that end before") @RequestParam(required = false) @Nullable
                    Instant start,
            @Parameter(description = "leaves out those that start after") @RequestParam(required = false) @Nullable
                    Instant end,
            @Parameter(description = "1 to 1,000", example = "100") @RequestParam(required = false) @Nullable
                    Integer limit,
            @Parameter(description = "`next` of the page before") @RequestParam(required = false) @Nullable
                    String cursor,
            Conditions conditions) {
        long series = lookup.resolve(id).id();
        // A page of one series is no place in the list of another.
        Paging paging = Paging.of("annotations-of-" + series, limit, cursor);
        AnnotationFilter filter = filter(set, verdict, start, end);
        // Before they are read: what comes meanwhile shows at the next look, which has another tag.
        EntityTag tag = store.tag(series);
        AnnotationStore.Place place = place(paging);
        return conditions.answer(tag, () -> {
            List<Annotation> found = store.list(series, filter, place, paging.limit() + 1);
            Page<Annotation> page = paging.page(found, last -> last.start() + "/" + last.id());
            return new Page<>(page.items().stream().map(View::of).toList(), page.next());
        });
    }

    @GetMapping(produces = CsvTable.MEDIA_TYPE)
    @Operation(operationId = "listAnnotations")
    @ApiResponse(
            responseCode = "200",
            content =
                    @Content(
                            mediaType = CsvTable.MEDIA_TYPE,
                            schema = @Schema(type = "string"),
                            examples = @ExampleObject(CSV_EXAMPLE)))
    void listAsCsv(
            @PathVariable String id,
            @RequestParam(required = false) @Nullable String set,
            @RequestParam(required = false) Annotation.@Nullable Verdict verdict,
            @RequestParam(required = false) @Nullable Instant start,
            @RequestParam(required = false) @Nullable Instant end,
            @RequestParam(required = false) @Nullable Integer limit,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        int most = Paging.limitOrAll(limit);
        List<Annotation> found = store.list(
                lookup.resolve(id).id(), filter(set, verdict, start, end), AnnotationStore.Place.FIRST, most);
        StreamedAnswer.write(request, response, CsvTable.MEDIA_TYPE, out -> {
            CsvTable table = new CsvTable(out, "id", "start", "end", "verdict", "set", "source", "note");
            for (Annotation one : found) {
                table.row(
                        one.id(),
                        Instant.ofEpochMilli(one.start()),
                        Instant.ofEpochMilli(one.end()),
                        one.verdict(),
                        one.set(),
                        one.source(),
                        one.note());
            }
            table.end();
        });
    }

    @GetMapping("/{annotationId}")
    @Operation(operationId = "getAnnotation", summary = "Show an annotation")
    View get(
            @Parameter(description = "id, or a name that one series has", example = "17") @PathVariable String id,
            @Parameter(example = "3") @PathVariable String annotationId) {
        return store.find(lookup.resolve(id).id(), number(annotationId))
                .map(View::of)
                .orElseThrow(() -> notFound(annotationId));
    }

    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "addAnnotation",
            summary = "Add an annotation",
            description = "To the set that the request or the annotation names, else to `default`.")
    @ApiResponse(responseCode = "201", description = "Added; `Location` is the annotation")
    ResponseEntity<View> add(
            @Parameter(description = "id, or a name that one series has", example = "17") @PathVariable String id,
            @Parameter(example = "default") @RequestParam(required = false) @Nullable String set,
            @RequestBody NewAnnotation body,
            Conditions conditions) {
        long series = lookup.resolve(id).id();
        Annotation added = store.add(series, body.in(set), conditions);
        URI location = URI.create("/api/v1/series/" + series + "/annotations/" + added.id());
        return ResponseEntity.created(location).body(View.of(added));
    }

    @PutMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "replaceAnnotations",
            summary = "Replace a set of annotations",
            description = "The other sets of the series stay. Answers the whole set.")
    Page<View> replace(
            @Parameter(description = "id, or a name that one series has", example = "17") @PathVariable String id,
            @RequestParam(defaultValue = AnnotationViews.DEFAULT_SET) String set,
            @RequestBody NewAnnotations body,
            Conditions conditions) {
        long series = lookup.resolve(id).id();
        String checked = AnnotationViews.checked(set);
        List<Annotation> annotations =
                body.annotations().stream().map(given -> given.in(checked)).toList();
        return new Page<>(
                store.replace(series, checked, annotations, conditions).stream()
                        .map(View::of)
                        .toList(),
                null);
    }

    @DeleteMapping("/{annotationId}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(operationId = "removeAnnotation", summary = "Remove an annotation")
    void remove(
            @Parameter(description = "id, or a name that one series has", example = "17") @PathVariable String id,
            @Parameter(example = "3") @PathVariable String annotationId,
            Conditions conditions) {
        if (!store.delete(lookup.resolve(id).id(), number(annotationId), conditions)) {
            throw notFound(annotationId);
        }
    }

    private static AnnotationFilter filter(
            @Nullable String set,
            Annotation.@Nullable Verdict verdict,
            @Nullable Instant start,
            @Nullable Instant end) {
        return new AnnotationFilter(
                Optional.ofNullable(set),
                Optional.ofNullable(verdict),
                start == null ? Long.MIN_VALUE : start.toEpochMilli(),
                end == null ? Long.MAX_VALUE : end.toEpochMilli());
    }

    private static AnnotationStore.Place place(Paging paging) {
        if (paging.after().isEmpty()) {
            return AnnotationStore.Place.FIRST;
        }
        String[] parts = paging.after().get().split("/", 2);
        try {
            return new AnnotationStore.Place(Long.parseLong(parts[0]), Long.parseLong(parts[1]));
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException forged) {
            throw HttpProblem.BAD_CURSOR.because("the cursor is not one of this list; take it from `next`");
        }
    }

    private static long number(String annotationId) {
        try {
            return Long.parseLong(annotationId);
        } catch (NumberFormatException notAnId) {
            throw notFound(annotationId);
        }
    }

    private static RuntimeException notFound(String annotationId) {
        return SeriesProblem.ANNOTATION_NOT_FOUND.because(
                "the series has no annotation with the id %s", Excerpt.of(annotationId));
    }
}
