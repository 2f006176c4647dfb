package dev.telltale.ops.move;

/// Source or target are not as a move needs them.
final class MoveRefused extends RuntimeException {

    private static final long serialVersionUID = 1;

    /// @param message what is the matter and what helps, in sentences
    MoveRefused(String message) {
        super(message);
    }
}
