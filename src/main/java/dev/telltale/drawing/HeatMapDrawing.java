package dev.telltale.drawing;

import static dev.telltale.drawing.Sheet.EDGE;
import static dev.telltale.drawing.Sheet.LINE_HEIGHT;
import static dev.telltale.drawing.Sheet.TEXT_SIZE;

import dev.telltale.drawing.Mark.Anchor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/// Puts a heat map's parts in their places: title, names, cells, legend.
final class HeatMapDrawing {

    private static final double LONGEST_SIDE = 560;
    private static final double SHORTEST_SIDE = 60;
    private static final double LARGEST_CELL = 130;
    private static final double CELL_TEXT_SIZE = 14;
    private static final double WIDEST_NAME = 150;
    private static final double LEGEND_WIDTH = 18;
    private static final double LEGEND_HEIGHT = 120;
    private static final int LEGEND_NUMBERS = 5;

    private final HeatMap map;
    private final double least;
    private final double most;
    private final Sheet sheet = new Sheet();

    HeatMapDrawing(HeatMap map) {
        this.map = map;
        this.least = map.least();
        this.most = map.most();
    }

    Picture draw() {
        double cell = Math.min(LARGEST_CELL, LONGEST_SIDE / Math.max(map.width(), map.height()));
        double width = Math.max(SHORTEST_SIDE, cell * map.width());
        double height = Math.max(SHORTEST_SIDE, cell * map.height());
        double left = EDGE + LINE_HEIGHT + widest(map.height(), row -> rowName(row)) + 8;
        double legend = left + width + EDGE;
        double right = legend + LEGEND_WIDTH + 8 + widest(LEGEND_NUMBERS, this::number) + EDGE;
        double pictureWidth = Math.max(right, Sheet.widthOf(map.title(), map.subtitle()));
        double top = sheet.heading(map.title(), map.subtitle(), pictureWidth) + 6;
        cells(left, top, width, height);
        rowNames(left - 8, top, height);
        columnNames(left, top + height, width);
        legend(legend, top, Math.max(height, LEGEND_HEIGHT));
        double bottom = top + Math.max(height + 2 * LINE_HEIGHT, LEGEND_HEIGHT) + EDGE;
        return sheet.picture(pictureWidth, bottom, map.title());
    }

    private static double widest(int count, IntFunction<String> text) {
        return IntStream.range(0, count)
                .mapToDouble(i -> Lettering.width(text.apply(i), TEXT_SIZE))
                .max()
                .orElse(0);
    }

    private void cells(double left, double top, double width, double height) {
        List<Colour> colours = new ArrayList<>();
        for (int row = 0; row < map.height(); row++) {
            for (int column = 0; column < map.width(); column++) {
                colours.add(colour(map.value(row, column)));
            }
        }
        sheet.put(new Mark.Cells(left, top, width, height, map.width(), colours));
        double cellWidth = width / map.width();
        for (int i = 0; i < map.texts().size(); i++) {
            double middle = left + (i % map.width() + 0.5) * cellWidth;
            double line = top + (Math.floorDiv(i, map.width()) + 0.5) * height / map.height() + 5;
            Colour ink = colours.get(i).isDark() ? Colour.WHITE : Colour.INK;
            String text = Lettering.fitting(map.texts().get(i), CELL_TEXT_SIZE, cellWidth - 4);
            sheet.put(new Mark.Text(middle, line, text, CELL_TEXT_SIZE, Anchor.MIDDLE, false, false, ink));
        }
    }

    private Colour colour(double value) {
        double width = most - least;
        return ColourRamp.at(width > 0 ? (value - least) / width : 0 * value);
    }

    private String rowName(int row) {
        return Lettering.fitting(map.rows().name(map.first(row)), TEXT_SIZE, WIDEST_NAME);
    }

    private void rowNames(double right, double top, double height) {
        double each = height / map.height();
        int every = (int) Math.ceil(LINE_HEIGHT / each);
        for (int row = 0; row < map.height(); row += every) {
            sheet.text(right, top + (row + 0.5) * each + 4, rowName(row), Anchor.END, Colour.FAINT_INK);
        }
        sheet.besideAxis(top, top + height, map.rows().title());
    }

    /// As many as have room beside each other.
    private void columnNames(double left, double bottom, double width) {
        double each = width / map.width();
        double room = Math.max(each - 10, SHORTEST_SIDE);
        IntFunction<String> name = column -> Lettering.fitting(map.columns().name(map.first(column)), TEXT_SIZE, room);
        int every = (int) Math.ceil((widest(map.width(), name) + 10) / each);
        for (int column = 0; column < map.width(); column += every) {
            double middle = left + (column + 0.5) * each;
            sheet.text(middle, bottom + 17, name.apply(column), Anchor.MIDDLE, Colour.FAINT_INK);
        }
        String title = Lettering.fitting(map.columns().title(), TEXT_SIZE, Math.max(width, 2 * LEGEND_HEIGHT));
        sheet.text(left + width / 2, bottom + 2 * LINE_HEIGHT, title, Anchor.MIDDLE, Colour.INK);
    }

    /// From the largest down.
    private String number(int i) {
        return Ticks.brief(most - (most - least) * i / (LEGEND_NUMBERS - 1));
    }

    private void legend(double left, double top, double height) {
        List<Colour> colours = IntStream.range(0, ColourRamp.LEVELS)
                .mapToObj(i -> ColourRamp.at(1 - i / (ColourRamp.LEVELS - 1.0)))
                .toList();
        sheet.put(new Mark.Cells(left, top, LEGEND_WIDTH, height, 1, colours));
        for (int i = 0; i < LEGEND_NUMBERS; i++) {
            double place = i / (LEGEND_NUMBERS - 1.0);
            double line = top + height * place + 10 * (1 - place); // the first below its place, the last above
            sheet.text(left + LEGEND_WIDTH + 8, line, number(i), Anchor.START, Colour.FAINT_INK);
        }
    }
}
