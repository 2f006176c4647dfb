package dev.telltale.drawing;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/// A matrix as a raster of colours, with a legend of what they mean. A large one is shown by the means of blocks, which
/// it says below its title.
public final class HeatMap {

    static final int MOST_CELLS = 240; // of a row or a column

    private final String title;
    private final Names rows;
    private final Names columns;
    private final double[][] means;
    private final int block;
    private String subtitle = "";
    private List<String> texts = List.of();
    private double least;
    private double most;

    /// What the rows or the columns of a matrix are.
    ///
    /// @param title of all
    /// @param names one for each, or none: then they are counted from 0
    public record Names(String title, List<String> names) {

        public Names {
            names = List.copyOf(names);
        }

        String name(int i) {
            return names.isEmpty() ? Integer.toString(i) : names.get(i);
        }
    }

    /// The values of a matrix, wherever they lie.
    @FunctionalInterface
    public interface Values {
        double at(int row, int column);
    }

    /// @param values by row and column, all rows of one length, at least one value; not kept
    public HeatMap(String title, Names rows, Names columns, double[][] values) {
        this(title, rows, columns, values.length, widthOf(values), (row, column) -> values[row][column]);
    }

    /// @param height rows, at least 1
    /// @param width columns, at least 1
    /// @param values looked at once, not kept
    public HeatMap(String title, Names rows, Names columns, int height, int width, Values values) {
        this.title = title;
        this.rows = rows;
        this.columns = columns;
        if (!fits(rows, height) || !fits(columns, width)) {
            throw new IllegalArgumentException("a name is missing");
        }
        this.block = Math.ceilDiv(Math.max(height, width), MOST_CELLS);
        this.means = means(values, height, width, block);
        this.least = finite().min().orElse(0);
        this.most = finite().max().orElse(1);
    }

    private static int widthOf(double[][] values) {
        int width = values[0].length;
        if (Arrays.stream(values).anyMatch(row -> row.length != width)) {
            throw new IllegalArgumentException("a value is missing");
        }
        return width;
    }

    private static boolean fits(Names names, int count) {
        return names.names().isEmpty() || names.names().size() == count;
    }

    /// The same with colours for a range of values, not for that of its own.
    ///
    /// @param high not below `low`
    public HeatMap between(double low, double high) {
        least = low;
        most = high;
        return this;
    }

    /// The same with what to know of it below its title.
    public HeatMap saying(String what) {
        subtitle = what;
        return this;
    }

    /// The same with a text in each cell, for small ones.
    ///
    /// @param cells row by row
    public HeatMap with(List<String> cells) {
        if (cells.size() != means.length * means[0].length) {
            throw new IllegalArgumentException(cells.size() + " texts");
        }
        texts = List.copyOf(cells);
        return this;
    }

    private static double[][] means(Values values, int height, int width, int block) {
        double[][] means = new double[Math.ceilDiv(height, block)][Math.ceilDiv(width, block)];
        for (int row = 0; row < means.length; row++) {
            int firstRow = row * block;
            int lastRow = Math.min(firstRow + block, height);
            for (int column = 0; column < means[0].length; column++) {
                int firstColumn = column * block;
                means[row][column] = mean(values, firstRow, lastRow, firstColumn, Math.min(firstColumn + block, width));
            }
        }
        return means;
    }

    private static double mean(Values values, int firstRow, int lastRow, int firstColumn, int lastColumn) {
        double sum = 0;
        for (int row = firstRow; row < lastRow; row++) {
            for (int column = firstColumn; column < lastColumn; column++) {
                sum += values.at(row, column);
            }
        }
        return sum / (lastRow - firstRow) / (lastColumn - firstColumn);
    }

    public Picture picture() {
        return new HeatMapDrawing(this).draw();
    }

    String title() {
        return title;
    }

    String subtitle() {
        String blocks = String.format(Locale.ROOT, "each cell is the mean of %d × %d values", block, block);
        return Stream.of(subtitle, block == 1 ? "" : blocks)
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining("; "));
    }

    int height() {
        return means.length;
    }

    int width() {
        return means[0].length;
    }

    double value(int row, int column) {
        return means[row][column];
    }

    Names rows() {
        return rows;
    }

    Names columns() {
        return columns;
    }

    /// The first row or column of a cell.
    int first(int cell) {
        return cell * block;
    }

    List<String> texts() {
        return texts;
    }

    double least() {
        return least;
    }

    double most() {
        return most;
    }

    private DoubleStream finite() {
        return Arrays.stream(means).flatMapToDouble(Arrays::stream).filter(Double::isFinite);
    }
}
