package dev.telltale.attention;

/// A matrix of doubles, row-major. Owns its array: who hands it in gives it away, and who takes it out must
/// not change it.
public final class Matrix {

    private final int rows;
    private final int columns;
    private final double[] values;

    /// @param rows at least 1
    /// @param columns at least 1
    /// @param values rows × columns finite values
    public Matrix(int rows, int columns, double[] values) {
        if (rows < 1 || columns < 1 || (long) rows * columns != values.length) {
            throw new IllegalArgumentException(values.length + " values are not (" + rows + ", " + columns + ")");
        }
        this.rows = rows;
        this.columns = columns;
        this.values = values;
    }

    public int rows() {
        return rows;
    }

    public int columns() {
        return columns;
    }

    public double[] values() {
        return values;
    }

    public double value(int row, int column) {
        return values[row * columns + column];
    }

    /// The shape, such as `(4, 3)`.
    @Override
    public String toString() {
        return "(" + rows + ", " + columns + ")";
    }
}
