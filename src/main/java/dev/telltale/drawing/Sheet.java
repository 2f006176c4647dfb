package dev.telltale.drawing;

import dev.telltale.drawing.Mark.Anchor;
import dev.telltale.drawing.Mark.Corner;
import dev.telltale.drawing.Mark.Dash;
import java.util.ArrayList;
import java.util.List;

/// A picture in the making: the marks put on it so far, and what all pictures have alike.
final class Sheet {

    static final double EDGE = 20;
    static final double TEXT_SIZE = 12;
    static final double LINE_HEIGHT = 19;

    private static final double WIDEST_HEADING = 800;
    private static final double TITLE_SIZE = 17;
    private static final double BOLDER = 1.06; // times as wide as other letters

    private final List<Mark> marks = new ArrayList<>();

    void put(Mark mark) {
        marks.add(mark);
    }

    void line(double width, Dash dash, Colour colour, double fromX, double fromY, double toX, double toY) {
        put(new Mark.Stroke(List.of(new Corner(fromX, fromY), new Corner(toX, toY)), width, dash, colour));
    }

    void text(double x, double y, String line, Anchor anchor, Colour colour) {
        put(new Mark.Text(x, y, line, TEXT_SIZE, anchor, false, false, colour));
    }

    /// What an axis measures, as a line from below to above at the left edge.
    void besideAxis(double top, double bottom, String label) {
        String line = Lettering.fitting(label, TEXT_SIZE, bottom - top);
        put(new Mark.Text(EDGE + 8, (top + bottom) / 2, line, TEXT_SIZE, Anchor.MIDDLE, false, true, Colour.INK));
    }

    /// As wide as a heading's lines, up to a limit.
    static double widthOf(String title, String subtitle) {
        double widest = Math.max(Lettering.width(title, TITLE_SIZE * BOLDER), Lettering.width(subtitle, TEXT_SIZE));
        return Math.min(WIDEST_HEADING, widest + 2 * EDGE + 2);
    }

    /// Returns below which y there is room again.
    double heading(String title, String subtitle, double width) {
        double room = width - 2 * EDGE;
        double line = EDGE + TITLE_SIZE;
        String fitting = Lettering.fitting(title, TITLE_SIZE * BOLDER, room);
        put(new Mark.Text(EDGE, line, fitting, TITLE_SIZE, Anchor.START, true, false, Colour.INK));
        if (!subtitle.isEmpty()) {
            line += LINE_HEIGHT;
            text(EDGE, line, Lettering.fitting(subtitle, TEXT_SIZE, room), Anchor.START, Colour.FAINT_INK);
        }
        return line + 8;
    }

    Picture picture(double width, double height, String title) {
        return new Picture((int) Math.ceil(width), (int) Math.ceil(height), title, marks);
    }
}
