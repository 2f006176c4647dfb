/// Pictures: charts, heat maps and graphs, written as SVG and PNG, and graphs as DOT and Mermaid too. It knows
/// numbers and names only. The same input gives the same bytes, and a picture's size is bounded whatever it shows.
@NullMarked
package dev.telltale.drawing;

import org.jspecify.annotations.NullMarked;
