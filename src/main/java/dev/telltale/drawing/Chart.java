package dev.telltale.drawing;

import java.util.List;

/// Values over values, lines and points, with a legend.
///
/// @param title what it shows
/// @param subtitle what to know of it, may be empty
/// @param items the first lie below the others
public record Chart(String title, String subtitle, Axis x, Axis y, List<Item> items) {

    public Chart {
        items = List.copyOf(items);
    }

    public Picture picture() {
        return new ChartDrawing(this).draw();
    }
}
