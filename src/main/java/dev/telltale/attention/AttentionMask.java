package dev.telltale.attention;

import dev.telltale.problem.ProblemError;
import java.util.Arrays;
import java.util.List;

/// Which rows may attend to which, shape (N, N). Each row may attend to at least one.
public final class AttentionMask {

    private final int rows;
    private final boolean[] allowed;

    private AttentionMask(int rows, boolean[] allowed) {
        this.rows = rows;
        this.allowed = allowed;
    }

    /// A mask in which each row may attend to itself and those before it.
    public static AttentionMask causal(int rows) {
        boolean[] allowed = new boolean[Math.multiplyExact(rows, rows)];
        for (int row = 0; row < rows; row++) {
            Arrays.fill(allowed, row * rows, row * rows + row + 1, true);
        }
        return new AttentionMask(rows, allowed);
    }

    /// The mask of a request.
    ///
    /// @param rows N
    /// @param given N rows of N; true where the row may attend to the column
    /// @param causal whether a row may also not attend to those after it
    /// @throws dev.telltale.problem.Problem if it has another shape, or a row may attend to none
    static AttentionMask of(int rows, List<boolean[]> given, boolean causal) {
        if (given.size() != rows) {
            throw wrongShape(
                    "/mask", "mask has %d rows, x has %d: it needs one for each".formatted(given.size(), rows));
        }
        boolean[] allowed = new boolean[Math.multiplyExact(rows, rows)];
        for (int row = 0; row < rows; row++) {
            boolean[] one = given.get(row);
            if (one.length != rows) {
                throw wrongShape(
                        "/mask/" + row,
                        "row %d of mask has %d values, x has %d rows: it needs one for each"
                                .formatted(row, one.length, rows));
            }
            System.arraycopy(one, 0, allowed, row * rows, causal ? row + 1 : rows);
        }
        AttentionMask mask = new AttentionMask(rows, allowed);
        mask.refuseRowsMaskedWhole(causal);
        return mask;
    }

    private void refuseRowsMaskedWhole(boolean causal) {
        for (int row = 0; row < rows; row++) {
            int column = 0;
            while (column < rows && !allows(row, column)) {
                column++;
            }
            if (column == rows) {
                String detail = "row %d may attend to no row%s; its mask needs at least one true"
                        .formatted(row, causal ? " up to itself" : "");
                throw AttentionProblem.ROW_MASKED_WHOLE
                        .because("%s", detail)
                        .with(List.of(ProblemError.at("/mask/" + row, detail)));
            }
        }
    }

    private static RuntimeException wrongShape(String pointer, String detail) {
        return AttentionProblem.SHAPE_MISMATCH.because("%s", detail).with(List.of(ProblemError.at(pointer, detail)));
    }

    /// N.
    public int rows() {
        return rows;
    }

    /// Whether a row may attend to another.
    public boolean allows(int row, int other) {
        return allowed[row * rows + other];
    }
}
