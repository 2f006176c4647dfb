package dev.telltale.models;

import dev.telltale.drawing.Axis;
import dev.telltale.drawing.Axis.Scale;
import dev.telltale.drawing.Chart;
import dev.telltale.drawing.Colour;
import dev.telltale.drawing.Extremes;
import dev.telltale.drawing.Item;
import dev.telltale.drawing.Picture;
import dev.telltale.http.Times;
import dev.telltale.series.Annotation;
import dev.telltale.series.AnnotationStore;
import dev.telltale.series.Series;
import dev.telltale.series.SeriesLookup;
import dev.telltale.series.SeriesStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/// Pictures of what a model says of the stored rows of its own series. Their size, and what is held of the rows, does
/// not grow with the range.
final class RowPlots {

    private static final int ROWS = 2_000; // where no start is given
    private static final int SPANS = 480;

    private final ModelScoring scoring;
    private final SeriesLookup lookup;
    private final SeriesStore store;
    private final AnnotationStore annotations;

    RowPlots(ModelScoring scoring, SeriesLookup lookup, SeriesStore store, AnnotationStore annotations) {
        this.scoring = scoring;
        this.lookup = lookup;
        this.store = store;
        this.annotations = annotations;
    }

    /// The error of each row, with the line.
    ///
    /// @param start first time, empty: the newest 2,000 rows before the end
    /// @param end last time, empty: the newest there is
    /// @throws dev.telltale.problem.Problem if a series is not there any more, or no row of the range has an error
    Picture error(LoadedModel model, Optional<Instant> start, Optional<Instant> end) {
        double line = model.scale().line();
        Item.Level level = new Item.Level("line " + brief(line), line, Colour.ORANGE);
        Axis axis = new Axis("mean squared error (squared scaled units)", Scale.WIDE);
        return draw(model, start, end, "Reconstruction error", axis, level, ScoredRow::error);
    }

    /// The score of each row, as `error`.
    Picture score(LoadedModel model, Optional<Instant> start, Optional<Instant> end) {
        Item.Level level = new Item.Level("line 1", 1, Colour.ORANGE);
        Axis axis = new Axis("score (above 1: anomalous)", Scale.WIDE);
        return draw(model, start, end, "Score", axis, level, ScoredRow::score);
    }

    private Picture draw(
            LoadedModel model,
            Optional<Instant> start,
            Optional<Instant> end,
            String what,
            Axis axis,
            Item.Level line,
            Function<ScoredRow, OptionalDouble> figure) {
        Manifest manifest = model.manifest();
        List<Series> series = manifest.sources().stream()
                .map(source -> lookup.resolve(source.key()))
                .toList();
        long interval = manifest.grid().interval();
        long newest = newest(series) + interval; // a row ends the interval of its samples
        long last = end.map(Instant::toEpochMilli).filter(time -> time < newest).orElse(newest);
        long wanted = start.map(Instant::toEpochMilli).orElse(last - ROWS * interval);
        long first = wanted > last ? wanted : Math.min(last, oldest(series, wanted));
        Rows rows = new Rows(first, last, interval, figure, line.y());
        ScoreRequest range = new ScoreRequest.Stored(null, Instant.ofEpochMilli(first), Instant.ofEpochMilli(last));
        scoring.score(model, range, false, rows::take);
        if (rows.judged == 0) {
            throw ModelsProblem.NOTHING_TO_PLOT.because(
                    "the series of model '%s' have no row with a score from %s to %s; give another start or end",
                    manifest.name(), Times.format(first), Times.format(last));
        }
        List<Item> items = new ArrayList<>();
        List<Item.Span> annotated = annotated(manifest, series, first, last);
        if (!annotated.isEmpty()) {
            items.add(new Item.Spans("annotated as anomalous", annotated, Colour.PALE_RED));
        }
        items.add(new Item.Line(what.toLowerCase(Locale.ROOT), rows.line.points(), Colour.BLUE));
        items.add(line);
        if (rows.above > 0) {
            items.add(new Item.Dots("above the line", rows.dots.points(), Colour.RED));
        }
        String subtitle = "%s, %d rows from %s to %s, %d of them above the line"
                .formatted(
                        String.join(", ", manifest.seriesNames()),
                        rows.judged,
                        Times.format(rows.firstTime),
                        Times.format(rows.lastTime),
                        rows.above);
        Axis time = new Axis("time (UTC)", Scale.TIME);
        return new Chart(EvaluationPlots.title(what, manifest), subtitle, time, axis, items).picture();
    }

    /// Of the series that is behind the others: rows need all.
    private long newest(List<Series> series) {
        long newest = Long.MAX_VALUE;
        for (Series one : series) {
            newest = Math.min(
                    newest,
                    store.newest(one.id())
                            .orElseThrow(() -> ModelsProblem.NOTHING_TO_PLOT.because(
                                    "series '%s' has no sample any more", one.key())));
        }
        return newest;
    }

    /// The first time from `start` on at which all have samples, `start` if there is none.
    private long oldest(List<Series> series, long start) {
        AtomicLong oldest = new AtomicLong(start);
        for (Series one : series) {
            store.scanWhile(one.id(), start, Long.MAX_VALUE, page -> {
                oldest.accumulateAndGet(page.isEmpty() ? start : page.time(0), Math::max);
                return false;
            });
        }
        return oldest.get();
    }

    /// Annotated ranges in order, those as one that could not be told apart.
    private List<Item.Span> annotated(Manifest manifest, List<Series> series, long first, long last) {
        String set = manifest.specification().annotated().set();
        List<Annotation> ranges = series.stream()
                .flatMap(one -> annotations.of(one.id(), set).stream())
                .filter(range -> range.verdict() == Annotation.Verdict.ANOMALOUS)
                .filter(range -> range.end() >= first && range.start() <= last)
                .sorted(Comparator.comparingLong(Annotation::start))
                .toList();
        double near = (last - first) / (2.0 * SPANS);
        List<Item.Span> spans = new ArrayList<>();
        for (Annotation range : ranges) {
            if (!spans.isEmpty() && range.start() <= spans.getLast().to() + near) {
                Item.Span before = spans.removeLast();
                spans.add(new Item.Span(before.from(), Math.max(before.to(), (double) range.end())));
            } else {
                spans.add(new Item.Span(range.start(), range.end()));
            }
        }
        return spans;
    }

    private static String brief(double line) {
        return String.format(Locale.ROOT, "%.3g", line);
    }

    /// Takes rows and keeps what shows.
    private static final class Rows {

        private final Extremes line;
        private final Extremes dots;
        private final long interval;
        private final Function<ScoredRow, OptionalDouble> figure;
        private final double level;

        private long judged;
        private long above;
        private long firstTime;
        private long lastTime;

        Rows(long first, long last, long interval, Function<ScoredRow, OptionalDouble> figure, double level) {
            this.line = new Extremes(first, last, SPANS);
            this.dots = new Extremes(first, last, SPANS);
            this.interval = interval;
            this.figure = figure;
            this.level = level;
        }

        void take(ScoredRow row) {
            OptionalDouble value = figure.apply(row);
            if (value.isEmpty()) {
                return;
            }
            if (judged == 0) {
                firstTime = row.time();
            } else if (row.time() - lastTime > interval) {
                line.accept((double) lastTime + interval, Double.NaN);
            }
            judged++;
            lastTime = row.time();
            line.accept((double) row.time(), value.getAsDouble());
            if (value.getAsDouble() > level) {
                above++;
                dots.accept((double) row.time(), value.getAsDouble());
            }
        }
    }
}
