package dev.telltale.drawing;

import java.util.List;

/// One thing in a picture. Lengths are pixels, from the upper left corner.
sealed interface Mark {

    /// A rectangle.
    ///
    /// @param radius of its corners
    record Box(double x, double y, double width, double height, double radius, Colour fill, Colour border)
            implements Mark {

        static Box of(double x, double y, double width, double height, Colour fill) {
            return new Box(x, y, width, height, 0, fill, fill);
        }
    }

    /// A line through corners.
    record Stroke(List<Corner> corners, double width, Dash dash, Colour colour) implements Mark {

        public Stroke {
            corners = List.copyOf(corners);
        }
    }

    enum Dash {
        NONE,
        DASHED,
        DOTTED
    }

    /// A filled polygon.
    record Patch(List<Corner> corners, Colour fill) implements Mark {

        public Patch {
            corners = List.copyOf(corners);
        }
    }

    /// Filled circles of one size.
    record Dots(List<Corner> centres, double radius, Colour fill) implements Mark {

        public Dots {
            centres = List.copyOf(centres);
        }
    }

    /// One line of text.
    ///
    /// @param x of its start, middle or end, as `anchor` says
    /// @param y of its base line
    /// @param size of the font
    /// @param upwards whether it is turned to run from below to above
    record Text(
            double x, double y, String line, double size, Anchor anchor, boolean bold, boolean upwards, Colour colour)
            implements Mark {

        public Text {
            line = Lettering.oneLine(line);
        }
    }

    enum Anchor {
        START,
        MIDDLE,
        END
    }

    /// A raster of equal cells, row by row from above.
    ///
    /// @param colours one for each cell
    record Cells(double x, double y, double width, double height, int columns, List<Colour> colours) implements Mark {

        public Cells {
            colours = List.copyOf(colours);
        }

        int rows() {
            return colours.size() / columns;
        }
    }

    record Corner(double x, double y) {}
}
