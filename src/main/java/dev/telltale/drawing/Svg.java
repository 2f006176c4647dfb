package dev.telltale.drawing;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Writes a picture as SVG 1.1. Everything is said in attributes, since the service's answers forbid browsers to apply
/// styles or load images; text stays text, and nothing in it can be markup.
final class Svg {

    private static final String FONTS = "Helvetica, Arial, 'DejaVu Sans', sans-serif";

    private final StringBuilder out = new StringBuilder(8192);

    private Svg() {}

    static byte[] write(Picture picture) {
        return new Svg().document(picture).getBytes(StandardCharsets.UTF_8);
    }

    private String document(Picture picture) {
        out.append("<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\"");
        attribute("width", picture.width());
        attribute("height", picture.height());
        out.append(" viewBox=\"0 0 ")
                .append(picture.width())
                .append(' ')
                .append(picture.height())
                .append("\" font-family=\"")
                .append(FONTS)
                .append("\">\n<title>")
                .append(escaped(Lettering.oneLine(picture.title())))
                .append("</title>\n<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n");
        picture.marks().forEach(this::mark);
        return out.append("</svg>\n").toString();
    }

    private void mark(Mark mark) {
        switch (mark) {
            case Mark.Box box -> box(box);
            case Mark.Stroke stroke -> stroke(stroke);
            case Mark.Patch(List<Mark.Corner> corners, Colour fill) -> {
                out.append("<path fill=\"").append(fill.hex()).append("\" d=\"");
                path(corners);
                out.append("Z\"/>\n");
            }
            case Mark.Dots(List<Mark.Corner> centres, double radius, Colour fill) -> {
                out.append("<g fill=\"").append(fill.hex()).append("\">");
                for (Mark.Corner centre : centres) {
                    out.append("<circle");
                    attribute("cx", centre.x());
                    attribute("cy", centre.y());
                    attribute("r", radius);
                    out.append("/>");
                }
                out.append("</g>\n");
            }
            case Mark.Text text -> text(text);
            case Mark.Cells cells -> cells(cells);
        }
    }

    private void box(Mark.Box box) {
        out.append("<rect");
        attribute("x", box.x());
        attribute("y", box.y());
        attribute("width", box.width());
        attribute("height", box.height());
        if (box.radius() > 0) {
            attribute("rx", box.radius());
        }
        out.append(" fill=\"").append(box.fill().hex()).append('"');
        if (!box.border().equals(box.fill())) {
            out.append(" stroke=\"").append(box.border().hex()).append('"');
        }
        out.append("/>\n");
    }

    private void stroke(Mark.Stroke stroke) {
        out.append("<path fill=\"none\" stroke=\"")
                .append(stroke.colour().hex())
                .append('"');
        attribute("stroke-width", stroke.width());
        out.append(
                switch (stroke.dash()) {
                    case NONE -> "";
                    case DASHED -> " stroke-dasharray=\"6 4\"";
                    case DOTTED -> " stroke-dasharray=\"2 3\"";
                });
        out.append(" stroke-linejoin=\"round\" d=\"");
        path(stroke.corners());
        out.append("\"/>\n");
    }

    private void path(List<Mark.Corner> corners) {
        char command = 'M';
        for (Mark.Corner corner : corners) {
            out.append(command).append(number(corner.x())).append(' ').append(number(corner.y()));
            command = 'L';
        }
    }

    private void text(Mark.Text text) {
        out.append("<text");
        attribute("x", text.x());
        attribute("y", text.y());
        attribute("font-size", text.size());
        if (text.anchor() != Mark.Anchor.START) {
            out.append(" text-anchor=\"")
                    .append(text.anchor().name().toLowerCase(Locale.ROOT))
                    .append('"');
        }
        if (text.bold()) {
            out.append(" font-weight=\"bold\"");
        }
        if (text.upwards()) {
            out.append(" transform=\"rotate(-90 ")
                    .append(number(text.x()))
                    .append(' ')
                    .append(number(text.y()))
                    .append(")\"");
        }
        out.append(" fill=\"")
                .append(text.colour().hex())
                .append("\">")
                .append(escaped(text.line()))
                .append("</text>\n");
    }

    /// A stroke one cell thick for each run of equal cells, one path for each colour.
    private void cells(Mark.Cells cells) {
        Map<Colour, StringBuilder> runs = new LinkedHashMap<>();
        for (int row = 0; row < cells.rows(); row++) {
            int column = 0;
            while (column < cells.columns()) {
                Colour colour = cells.colours().get(row * cells.columns() + column);
                int end = column + 1;
                while (end < cells.columns()
                        && cells.colours().get(row * cells.columns() + end).equals(colour)) {
                    end++;
                }
                runs.computeIfAbsent(colour, _ -> new StringBuilder())
                        .append('M')
                        .append(column)
                        .append(' ')
                        .append(row)
                        .append(".5h")
                        .append(end - column);
                column = end;
            }
        }
        out.append("<g shape-rendering=\"crispEdges\" transform=\"translate(")
                .append(number(cells.x()))
                .append(' ')
                .append(number(cells.y()))
                .append(") scale(")
                .append(cells.width() / cells.columns())
                .append(' ')
                .append(cells.height() / cells.rows())
                .append(")\">\n");
        runs.forEach((colour, path) -> out.append("<path stroke=\"")
                .append(colour.hex())
                .append("\" d=\"")
                .append(path)
                .append("\"/>\n"));
        out.append("</g>\n");
    }

    private void attribute(String name, double value) {
        out.append(' ').append(name).append("=\"").append(number(value)).append('"');
    }

    /// To a hundredth of a pixel.
    private static String number(double value) {
        double rounded = Math.round(value * 100) / 100.0;
        return rounded == Math.rint(rounded) ? Long.toString((long) rounded) : Double.toString(rounded);
    }

    /// One line of text as it may stand between tags.
    private static String escaped(String line) {
        return line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
