package dev.telltale.drawing;

import static dev.telltale.drawing.Sheet.EDGE;
import static dev.telltale.drawing.Sheet.LINE_HEIGHT;
import static dev.telltale.drawing.Sheet.TEXT_SIZE;

import dev.telltale.drawing.Mark.Anchor;
import dev.telltale.drawing.Mark.Corner;
import dev.telltale.drawing.Mark.Dash;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/// Puts a chart's parts in their places: title, legend, axes, items.
final class ChartDrawing {

    private static final int WIDTH = 960;
    private static final int HEIGHT = 480;
    private static final int MOST_SPANS = WIDTH / 2;
    private static final int MANY_DOTS = 100;
    private static final double SWATCH = 22;
    private static final double TICK_DISTANCE_X = 96;
    private static final double TICK_DISTANCE_Y = 44;

    private final Chart chart;
    private final Sheet sheet = new Sheet();
    private final Projection x;
    private final Projection y;
    private double left;
    private double right;
    private double top;
    private double bottom;

    ChartDrawing(Chart chart) {
        this.chart = chart;
        this.x = Projection.of(chart.x().scale(), chart.items().stream().flatMapToDouble(ChartDrawing::xs));
        this.y = Projection.of(chart.y().scale(), chart.items().stream().flatMapToDouble(ChartDrawing::ys));
    }

    private static DoubleStream xs(Item item) {
        return switch (item) {
            case Item.Line line -> line.points().xs();
            case Item.Dots dots -> dots.points().xs();
            case Item.Moment moment -> DoubleStream.of(moment.x());
            case Item.Level _, Item.Spans _ -> DoubleStream.empty();
        };
    }

    private static DoubleStream ys(Item item) {
        return switch (item) {
            case Item.Line line -> line.points().ys();
            case Item.Dots dots -> dots.points().ys();
            case Item.Level level -> DoubleStream.of(level.y());
            case Item.Moment _, Item.Spans _ -> DoubleStream.empty();
        };
    }

    Picture draw() {
        top = legend(sheet.heading(chart.title(), chart.subtitle(), WIDTH)) + 8;
        bottom = HEIGHT - EDGE - 2 * LINE_HEIGHT;
        List<Tick> tall = y.ticks(Math.max(2, (int) ((bottom - top) / TICK_DISTANCE_Y)));
        double widest = tall.stream()
                .mapToDouble(tick -> Lettering.width(tick.label(), TEXT_SIZE))
                .max()
                .orElse(0);
        left = EDGE + LINE_HEIGHT + widest + 8;
        right = WIDTH - 1.5 * EDGE;
        ground();
        axes(tall, x.ticks((int) ((right - left) / TICK_DISTANCE_X)));
        chart.items().forEach(this::draw);
        return sheet.picture(WIDTH, HEIGHT, chart.title());
    }

    /// Returns where what follows may begin.
    private double legend(double from) {
        double at = EDGE;
        double line = from + LINE_HEIGHT / 2;
        for (Item item : chart.items()) {
            String name = Lettering.fitting(item.name(), TEXT_SIZE, WIDTH - 2 * EDGE - SWATCH - 6);
            double width = SWATCH + 6 + Lettering.width(name, TEXT_SIZE) + 14;
            if (at + width > WIDTH - EDGE && at > EDGE) {
                at = EDGE;
                line += LINE_HEIGHT;
            }
            swatch(item, at, line);
            sheet.text(at + SWATCH + 6, line + 4, name, Anchor.START, Colour.INK);
            at += width;
        }
        return line + LINE_HEIGHT / 2;
    }

    private void swatch(Item item, double from, double line) {
        double middle = from + SWATCH / 2;
        Colour colour = item.colour();
        switch (item) {
            case Item.Line _ -> sheet.line(2, Dash.NONE, colour, from, line, from + SWATCH, line);
            case Item.Level _ -> sheet.line(1.5, Dash.DASHED, colour, from, line, from + SWATCH, line);
            case Item.Moment _ -> sheet.line(1.5, Dash.DOTTED, colour, middle, line - 7, middle, line + 7);
            case Item.Dots _ -> sheet.put(new Mark.Dots(List.of(new Corner(middle, line)), 4, colour));
            case Item.Spans _ -> sheet.put(Mark.Box.of(from, line - 6, SWATCH, 12, colour));
        }
    }

    /// What lies below the grid.
    private void ground() {
        for (Item item : chart.items()) {
            if (item instanceof Item.Spans spans) {
                for (Item.Span span : spans.spans()) {
                    if (span.to() >= x.low() && span.from() <= x.high()) {
                        double from = across(span.from());
                        double width = Math.max(2, across(span.to()) - from);
                        sheet.put(Mark.Box.of(from, top, width, bottom - top, item.colour()));
                    }
                }
            }
        }
    }

    private void axes(List<Tick> tall, List<Tick> wide) {
        for (Tick tick : tall) {
            double at = up(tick.value());
            sheet.line(1, Dash.NONE, Colour.GRID, left, at, right, at);
            sheet.text(left - 8, at + 4, tick.label(), Anchor.END, Colour.FAINT_INK);
        }
        for (Tick tick : wide) {
            double at = across(tick.value());
            double half = Lettering.width(tick.label(), TEXT_SIZE) / 2;
            sheet.line(1, Dash.NONE, Colour.GRID, at, top, at, bottom);
            sheet.text(Math.min(at, WIDTH - half - 2), bottom + 17, tick.label(), Anchor.MIDDLE, Colour.FAINT_INK);
        }
        sheet.line(1, Dash.NONE, Colour.GREY, left, bottom, right, bottom);
        sheet.line(1, Dash.NONE, Colour.GREY, left, top, left, bottom);
        String below = Lettering.fitting(chart.x().label(), TEXT_SIZE, right - left);
        sheet.text((left + right) / 2, bottom + 2 * LINE_HEIGHT, below, Anchor.MIDDLE, Colour.INK);
        sheet.besideAxis(top, bottom, chart.y().label());
    }

    private void draw(Item item) {
        Colour colour = item.colour();
        switch (item) {
            case Item.Line line -> line(Extremes.of(line.points(), MOST_SPANS), colour);
            case Item.Dots dots -> dots(Extremes.of(dots.points(), MOST_SPANS), colour);
            case Item.Level level -> {
                double at = up(level.y());
                sheet.line(1.5, Dash.DASHED, colour, left, at, right, at);
            }
            case Item.Moment moment -> {
                double at = across(moment.x());
                sheet.line(1.5, Dash.DOTTED, colour, at, top, at, bottom);
            }
            case Item.Spans _ -> {} // lie below the grid
        }
    }

    private void dots(Points points, Colour colour) {
        List<Corner> centres = IntStream.range(0, points.count())
                .filter(i -> !Double.isNaN(points.y(i)))
                .mapToObj(i -> corner(points, i))
                .toList();
        sheet.put(new Mark.Dots(centres, centres.size() > MANY_DOTS ? 2 : 3.2, colour));
    }

    private void line(Points points, Colour colour) {
        List<Corner> run = new ArrayList<>();
        for (int i = 0; i < points.count(); i++) {
            if (Double.isNaN(points.y(i))) {
                end(run, colour);
            } else {
                run.add(corner(points, i));
            }
        }
        end(run, colour);
    }

    /// A point without neighbours is a dot.
    private void end(List<Corner> run, Colour colour) {
        if (run.size() == 1) {
            sheet.put(new Mark.Dots(run, 2, colour));
        } else if (!run.isEmpty()) {
            sheet.put(new Mark.Stroke(run, 1.5, Dash.NONE, colour));
        }
        run.clear();
    }

    private Corner corner(Points points, int i) {
        return new Corner(across(points.x(i)), up(points.y(i)));
    }

    private double across(double value) {
        return left + x.share(value) * (right - left);
    }

    private double up(double value) {
        return bottom - y.share(value) * (bottom - top);
    }
}
