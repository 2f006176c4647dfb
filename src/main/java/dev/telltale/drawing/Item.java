package dev.telltale.drawing;

import java.util.List;

/// Something in a chart, with its name in the legend. Items hide those before them.
public sealed interface Item {

    String name();

    Colour colour();

    /// A line through points.
    record Line(String name, Points points, Colour colour) implements Item {}

    /// Points by themselves.
    record Dots(String name, Points points, Colour colour) implements Item {}

    /// A dashed line at one y.
    record Level(String name, double y, Colour colour) implements Item {}

    /// A dotted line at one x.
    record Moment(String name, double x, Colour colour) implements Item {}

    /// The ground between some x and others, from below to above.
    record Spans(String name, List<Span> spans, Colour colour) implements Item {

        public Spans {
            spans = List.copyOf(spans);
        }
    }

    /// From one x to another.
    ///
    /// @param to not below `from`
    record Span(double from, double to) {}
}
