package dev.telltale.series;

import dev.telltale.http.Conditions;
import dev.telltale.http.CsvTable;
import dev.telltale.http.EntityTag;
import dev.telltale.http.Page;
import dev.telltale.http.Paging;
import dev.telltale.http.StreamedAnswer;
import dev.telltale.problem.Problem;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// Makes, shows, lists and deletes series.
@RestController
@RequestMapping(path = "/api/v1/series", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Series", description = "Series, their samples and annotations")
class SeriesController {

    private static final String CSV_EXAMPLE =
            "id,name,labels,unit,interval\n17,ec2_disk_write_bytes,\"{instance=\"\"i-1\"\"}\",bytes,PT5M\n";

    private final SeriesStore store;
    private final SeriesLookup lookup;

    SeriesController(SeriesStore store, SeriesLookup lookup) {
        this.store = store;
        this.lookup = lookup;
    }

    @PutMapping(path = "/{name}", consumes = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            summary = "Find or make a series",
            description = "A series is its name and its labels, which never change. Unit and interval may; what the"
                    + " body leaves out stays as it is.")
    @ApiResponse(responseCode = "201", description = "Made")
    @ApiResponse(responseCode = "200", description = "It was there")
    ResponseEntity<SeriesViews.Item> put(
            @Parameter(example = "ec2_disk_write_bytes") @PathVariable String name,
            @RequestBody SeriesViews.Description description,
            Conditions conditions) {
        SeriesKey key = new SeriesKey(name, Labels.of(description.labels() == null ? Map.of() : description.labels()));
        // Checked before anything is made.
        Series wanted = new Series(
                0, key, Optional.ofNullable(description.unit()), Optional.ofNullable(description.interval()));
        Optional<Series> present = store.find(key);
        if (present.isEmpty()) {
            conditions.check(Optional.empty());
        }
        Optional<Series> made = present.isPresent() ? Optional.empty() : store.create(key);
        long id = made.or(() -> store.find(key)).map(Series::id).orElseThrow(() -> deletedMeanwhile(name));
        // A sample that came meanwhile is no reason to refuse another unit.
        Conditions onDescription = made.isPresent() ? Conditions.NONE : conditions.onFirstParts();
        Series series = store.describe(id, current -> {
            onDescription.check(current.tag());
            return current.with(
                    wanted.unit().or(current::unit), wanted.interval().or(current::interval));
        });
        URI location = URI.create("/api/v1/series/" + id);
        return (made.isPresent()
                        ? ResponseEntity.created(location)
                        : ResponseEntity.ok().location(location))
                .body(SeriesViews.Item.of(series));
    }

    @GetMapping
    @Operation(
            operationId = "listSeries",
            summary = "List series",
            description = "In the order of their ids. As CSV by `Accept`: all of them, or the first `limit`, with texts"
                    + " that a spreadsheet would take for formulas behind an apostrophe.")
    Page<SeriesViews.Item> list(
            @Parameter(description = "selector in Prometheus' syntax", example = "cpu{instance=~\"i-.*\"}")
                    @RequestParam(required = false)
                    @Nullable
                    String match,
            @Parameter(description = "1 to 1,000", example = "100") @RequestParam(required = false) @Nullable
                    Integer limit,
            @Parameter(description = "`next` of the page before") @RequestParam(required = false) @Nullable
                    String cursor) {
        Paging paging = Paging.of("series", limit, cursor);
        Selector selector = match == null ? Selector.all() : Selector.parse(match);
        List<Series> series = store.select(selector, paging.afterId(), paging.limit() + 1);
        return paging.page(series.stream().map(SeriesViews.Item::of).toList(), SeriesViews.Item::id);
    }

    @GetMapping(produces = CsvTable.MEDIA_TYPE)
    @Operation(operationId = "listSeries")
    @ApiResponse(
            responseCode = "200",
            content =
                    @Content(
                            mediaType = CsvTable.MEDIA_TYPE,
                            schema = @Schema(type = "string"),
                            examples = @ExampleObject(CSV_EXAMPLE)))
    void listAsCsv(
            @RequestParam(required = false) @Nullable String match,
            @RequestParam(required = false) @Nullable Integer limit,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        Selector selector = match == null ? Selector.all() : Selector.parse(match);
        int most = Paging.limitOrAll(limit);
        StreamedAnswer.write(request, response, CsvTable.MEDIA_TYPE, out -> {
            CsvTable table = new CsvTable(out, "id", "name", "labels", "unit", "interval");
            for (Series series : store.select(selector, 0, most)) {
                table.row(series.id(), series.name(), series.labels().toString(), series.unit(), series.interval());
            }
            table.end();
        });
    }

    @GetMapping("/{id}")
    @Operation(summary = "Show a series", description = "With a summary of all its samples and the first five.")
    ResponseEntity<SeriesViews.Detail> get(
            @Parameter(description = "id, or a name that one series has", example = "ec2_disk_write_bytes")
                    @PathVariable
                    String id,
            Conditions conditions) {
        long seriesId = lookup.resolve(id).id();
        // Before the samples are read: what comes meanwhile shows at the next look, which has another tag.
        EntityTag tag = store.tag(seriesId);
        return conditions.answer(
                tag,
                () -> SeriesViews.Detail.of(
                        store.find(seriesId).orElseThrow(() -> deletedMeanwhile(id)),
                        store.read(seriesId, Long.MIN_VALUE, Long.MAX_VALUE)));
    }

    @DeleteMapping("/{id}")
    @Operation(summary = "Delete a series", description = "With its samples and annotations.")
    @ApiResponse(responseCode = "204", description = "Deleted")
    ResponseEntity<Void> delete(
            @Parameter(description = "id, or a name that one series has", example = "17") @PathVariable String id,
            Conditions conditions) {
        if (!store.delete(lookup.resolve(id).id(), conditions::check)) {
            throw deletedMeanwhile(id);
        }
        return ResponseEntity.noContent().build();
    }

    private static Problem deletedMeanwhile(String reference) {
        return SeriesProblem.SERIES_NOT_FOUND.because("series %s was deleted meanwhile", reference);
    }
}
