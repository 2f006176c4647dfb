package dev.telltale.drawing;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.RoundRectangle2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.Semaphore;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/// Draws a picture as PNG, half as large again for dense screens, or less where that would be too many pixels.
final class Png {

    private static final double LARGEST_SCALE = 1.5;
    private static final double MOST_PIXELS = 4_000_000;

    /// An image of the most pixels takes 12 MB, so only as many as can be worked on are there at a time.
    private static final Semaphore AT_A_TIME =
            new Semaphore(Runtime.getRuntime().availableProcessors());

    private final Graphics2D out;

    private Png(Graphics2D out) {
        this.out = out;
    }

    static byte[] write(Picture picture) {
        AT_A_TIME.acquireUninterruptibly();
        try {
            return draw(picture);
        } finally {
            AT_A_TIME.release();
        }
    }

    private static byte[] draw(Picture picture) {
        double area = (double) picture.width() * picture.height();
        double scale = Math.min(LARGEST_SCALE, Math.sqrt(MOST_PIXELS / area));
        BufferedImage image = new BufferedImage(
                Math.max(1, (int) (picture.width() * scale)),
                Math.max(1, (int) (picture.height() * scale)),
                BufferedImage.TYPE_3BYTE_BGR);
        Graphics2D graphics = image.createGraphics();
        try {
            graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
            graphics.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
            graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
            graphics.setColor(Color.WHITE);
            graphics.fillRect(0, 0, image.getWidth(), image.getHeight());
            graphics.scale(scale, scale);
            picture.marks().forEach(new Png(graphics)::mark);
        } finally {
            graphics.dispose();
        }
        return encode(image);
    }

    private static byte[] encode(BufferedImage image) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(1 << 16);
        try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
            ImageIO.write(image, "png", out);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // memory does not fail so
        }
        return bytes.toByteArray();
    }

    private void mark(Mark mark) {
        switch (mark) {
            case Mark.Box box -> {
                RoundRectangle2D shape = new RoundRectangle2D.Double(
                        box.x(), box.y(), box.width(), box.height(), 2 * box.radius(), 2 * box.radius());
                use(box.fill());
                out.fill(shape);
                if (!box.border().equals(box.fill())) {
                    use(box.border());
                    out.setStroke(new BasicStroke(1));
                    out.draw(shape);
                }
            }
            case Mark.Stroke(List<Mark.Corner> corners, double width, Mark.Dash dash, Colour colour) -> {
                use(colour);
                out.setStroke(stroke((float) width, dash));
                out.draw(path(corners));
            }
            case Mark.Patch(List<Mark.Corner> corners, Colour fill) -> {
                use(fill);
                Path2D path = path(corners);
                path.closePath();
                out.fill(path);
            }
            case Mark.Dots(List<Mark.Corner> centres, double radius, Colour fill) -> {
                use(fill);
                for (Mark.Corner centre : centres) {
                    out.fill(new Ellipse2D.Double(centre.x() - radius, centre.y() - radius, 2 * radius, 2 * radius));
                }
            }
            case Mark.Text text -> text(text);
            case Mark.Cells cells -> cells(cells);
        }
    }

    private void use(Colour colour) {
        out.setColor(new Color(colour.rgb()));
    }

    private static BasicStroke stroke(float width, Mark.Dash dash) {
        return switch (dash) {
            case NONE -> new BasicStroke(width, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND);
            case DASHED -> dashed(width, 6, 4);
            case DOTTED -> dashed(width, 2, 3);
        };
    }

    private static BasicStroke dashed(float width, float... lengths) {
        return new BasicStroke(width, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, lengths, 0);
    }

    private static Path2D path(List<Mark.Corner> corners) {
        Path2D path = new Path2D.Double(Path2D.WIND_NON_ZERO, corners.size());
        for (Mark.Corner corner : corners) {
            if (path.getCurrentPoint() == null) {
                path.moveTo(corner.x(), corner.y());
            } else {
                path.lineTo(corner.x(), corner.y());
            }
        }
        return path;
    }

    private void text(Mark.Text text) {
        use(text.colour());
        int style = text.bold() ? Font.BOLD : Font.PLAIN;
        out.setFont(new Font(Font.SANS_SERIF, style, 1).deriveFont((float) text.size()));
        double width = out.getFontMetrics().getStringBounds(text.line(), out).getWidth();
        double before = switch (text.anchor()) {
            case START -> 0;
            case MIDDLE -> width / 2;
            case END -> width;
        };
        if (text.upwards()) {
            out.rotate(-Math.PI / 2, text.x(), text.y());
        }
        out.drawString(text.line(), (float) (text.x() - before), (float) text.y());
        if (text.upwards()) {
            out.rotate(Math.PI / 2, text.x(), text.y());
        }
    }

    private void cells(Mark.Cells cells) {
        BufferedImage image = new BufferedImage(cells.columns(), cells.rows(), BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < cells.colours().size(); i++) {
            image.setRGB(
                    i % cells.columns(),
                    i / cells.columns(),
                    cells.colours().get(i).rgb());
        }
        out.translate(cells.x(), cells.y());
        out.scale(cells.width() / cells.columns(), cells.height() / cells.rows());
        out.drawImage(image, 0, 0, null);
        out.scale(cells.columns() / cells.width(), cells.rows() / cells.height());
        out.translate(-cells.x(), -cells.y());
    }
}
